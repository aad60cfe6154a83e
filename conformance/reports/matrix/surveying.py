"""From traces to the matrix: each is judged, and what is told of it is kept where it is shared."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from negotiation.model import REVISION
from negotiation.model.algorithms import algorithm_at

from ...checking.findings import FINDINGS, Finding
from ...checking.judging import Checker
from ...checking.visibility import can_be_seen
from ...programs.library import load, names
from ...traces import format
from ...traces.profiles import Profile, profile_named
from ...traces.recordings import read_unsupported
from ..expectations import Expectation
from ..gate import Weighed, weigh_findings
from ..judged import Judged, Observed, judge_with_observations
from ..links import command, url_of
from ..observing import Methods, observation_in_words
from ..versions import shortened, version_key
from .cells import (
    Cell,
    Column,
    Evidence,
    Known,
    Line,
    Matrix,
    ProgramRow,
    Recording,
    Rule,
    Sighting,
    Status,
    Unreadable,
    place_of,
)

LINES_BEFORE = 8
LINES_AFTER = 2
"""Lines around a finding that are told with it."""

T = TypeVar("T", bound=Hashable)
_Stack = tuple[str, str]


class _Shared(Generic[T]):
    """A list in which each value is once."""

    def __init__(self) -> None:
        self.values: dict[T, int] = {}

    def place(self, value: T) -> int:
        return self.values.setdefault(value, len(self.values))


class Survey:
    """Takes traces one after another; `matrix()` is what they say together."""

    def __init__(self, checker: Checker, expectations: Sequence[Expectation]) -> None:
        self._checker = checker
        self._expectations = expectations
        self._stacks: _Shared[_Stack] = _Shared()
        self._evidence: _Shared[Evidence] = _Shared()
        self._known: _Shared[Known] = _Shared()
        self._recordings: list[Recording] = []
        self._sightings: list[Sighting] = []
        self._cells: dict[str, dict[int, list[_Part]]] = {}
        self._folders: dict[str, set[int]] = {}
        self._platforms: dict[int, dict[str, None]] = {}
        self._assumptions: dict[str, None] = {}
        self._unreadable: list[Unreadable] = []

    def take(self, source: str) -> None:
        """Judge one more trace."""

        def is_expected(judged: Judged, finding: Finding) -> bool:
            return any(one.expects(judged, finding) for one in self._expectations)

        judged, observed = judge_with_observations(source, self._checker, is_expected)
        if judged.header is None:
            self._unreadable.append(Unreadable(source, str(judged.verdict.error)))
            return
        self._assumptions.update(dict.fromkeys(judged.verdict.assumptions))
        self._recordings.append(_recording(judged))
        parts = self._parts(judged, judged.header)
        row = self._cells.setdefault(judged.verdict.program or "", {})
        for part in {part.column: part for part in parts.values()}.values():
            row.setdefault(part.column, []).append(part)
        telling = _Telling(observed)
        for weighed in weigh_findings(judged, self._expectations):
            if weighed.finding.class_ != "note":
                evidence = self._evidence.place(telling.evidence(weighed))
                self._take_finding(weighed, evidence, parts[weighed.finding.peer])

    def _parts(self, judged: Judged, header: format.Header) -> dict[str, _Part]:
        """The part of each peer; peers of one stack share it."""
        parts: dict[int, _Part] = {}
        by_peers: dict[str, _Part] = {}
        for name, peer in header.peers.items():
            column = self._stacks.place((peer.stack.name, peer.stack.version))
            profile = profile_named(peer.profile)
            part = parts.setdefault(column, _Part(len(self._recordings) - 1, column, profile))
            part.undecided |= _is_undecided(judged, name)
            self._platforms.setdefault(column, {})[peer.stack.platform] = None
            by_peers[name] = part
        folder = os.path.dirname(judged.verdict.trace)
        self._folders.setdefault(folder, set()).update(parts)
        return by_peers

    def _take_finding(self, weighed: Weighed, evidence: int, part: _Part) -> None:
        finding = weighed.finding
        part.undecided |= finding.blame == "recording"
        part.sightings.append(len(self._sightings))
        known = None if weighed.expected_by is None else self._known.place(_known(weighed))
        self._sightings.append(
            Sighting(
                evidence,
                part.recording,
                part.column,
                finding.line,
                finding.peer,
                known,
                finding.after,
                command("replay", finding.trace, finding.line),
            )
        )

    def matrix(self) -> Matrix:
        """What was taken so far. Columns are in the order of names, then of versions."""
        stacks = list(self._stacks.values)
        order = sorted(
            range(len(stacks)), key=lambda one: (stacks[one][0], version_key(stacks[one][1]))
        )
        evidence = tuple(self._evidence.values)
        kinds = [evidence[one.evidence] for one in self._sightings]
        lacking = self._lacking()
        programs = [self._program(name, order, kinds, lacking) for name in sorted(self._cells)]
        rules = self._rules(order, kinds, programs)
        seen = {one.id for one in rules}
        unseen = [one.id for one in FINDINGS.values() if one.class_ == "departure"]
        return Matrix(
            revision=REVISION,
            columns=_columns([(stacks[one], self._platforms[one]) for one in order], programs),
            rules=rules,
            programs=tuple(programs),
            unseen=tuple(id for id in unseen if id not in seen),
            recordings=tuple(self._recordings),
            sightings=tuple(_moved(one, order) for one in self._sightings),
            evidence=evidence,
            known=tuple(self._known.values),
            assumptions=tuple(self._assumptions),
            unreadable=tuple(self._unreadable),
        )

    def _lacking(self) -> dict[tuple[str, int], str]:
        """What is said beside the recordings of one stack about programs that it cannot run."""
        return {
            (program, column): lacks
            for folder, columns in self._folders.items()
            if len(columns) == 1
            for program, lacks in read_unsupported(Path(folder)).items()
            for column in columns
        }

    def _program(
        self,
        name: str,
        order: Sequence[int],
        kinds: Sequence[Evidence],
        lacking: Mapping[tuple[str, int], str],
    ) -> ProgramRow:
        area, about = _told_of(name)
        row = self._cells[name]
        cells = tuple(
            self._program_cell(row[column], kinds)
            if column in row
            else Cell("unsupported", lacks=lacking.get((name, column)))
            for column in order
        )
        return ProgramRow(name, area, about, cells)

    def _program_cell(self, parts: Sequence[_Part], kinds: Sequence[Evidence]) -> Cell:
        seen = [one for part in parts for one in part.sightings]
        departing = [one for one in seen if FINDINGS[kinds[one].id].class_ == "departure"]
        is_undecided = any(part.undecided for part in parts)
        return Cell(
            "departs" if departing else "undecided" if is_undecided else "conforms",
            _ids(kinds[one].id for one in departing),
            programs=int(bool(departing)),
            unknown=int(any(self._sightings[one].known is None for one in seen)),
            judged=int(not is_undecided),
            sightings=tuple(seen),
            recordings=tuple(part.recording for part in parts),
            hidden=_hidden(parts),
        )

    def _rules(
        self, order: Sequence[int], kinds: Sequence[Evidence], programs: Sequence[ProgramRow]
    ) -> tuple[Rule, ...]:
        by_rule: dict[tuple[str, str], list[int]] = {}
        for place, kind in enumerate(kinds):
            by_rule.setdefault((kind.id, kind.anchor), []).append(place)
        ordered = sorted(by_rule, key=lambda rule: (place_of(rule[0]), rule[1]))
        return tuple(self._rule(*rule, by_rule[rule], order, programs) for rule in ordered)

    def _rule(
        self,
        id: str,
        anchor: str,
        seen: Sequence[int],
        order: Sequence[int],
        programs: Sequence[ProgramRow],
    ) -> Rule:
        kind = FINDINGS[id]
        names = {self._program_of(one) for one in seen}
        witnesses = [row for row in programs if row.name in names]
        cells: list[Cell] = []
        for place, column in enumerate(order):
            ours = [one for one in seen if self._sightings[one].column == column]
            cells.append(self._rule_cell(id, ours, [row.cells[place] for row in witnesses]))
        algorithm = algorithm_at(anchor)
        title = "" if algorithm is None else algorithm.title
        told = (url_of(anchor), kind.title, kind.class_, kind.blame, len(names))
        return Rule(id, anchor, title, *told, tuple(cells))

    def _rule_cell(self, id: str, ours: Sequence[int], here: Sequence[Cell]) -> Cell:
        """Of those seen in a column, and the cells of the programs that show the finding anywhere.

        It conforms only if one of these was judged here, and recorded so that it would have been
        seen. (As `ruleCell` in cells.js.)
        """
        unknown = {self._program_of(one) for one in ours if self._sightings[one].known is None}
        tried = [one for one in here if one.status != "unsupported" and id not in one.hidden]
        judged = sum(one.judged for one in tried)
        found: Status = "departs" if FINDINGS[id].class_ == "departure" else "faults"
        otherwise: Status = "conforms" if judged else "undecided" if tried else "unsupported"
        return Cell(
            found if ours else otherwise,
            (id,) if ours else (),
            programs=len({self._program_of(one) for one in ours}),
            unknown=len(unknown),
            judged=judged,
            sightings=tuple(ours),
        )

    def _program_of(self, sighting: int) -> str:
        return self._recordings[self._sightings[sighting].recording].program


class _Part:
    """What one recording says of one column."""

    def __init__(self, recording: int, column: int, profile: Profile) -> None:
        self.recording = recording
        self.column = column
        self.profile = profile
        self.sightings: list[int] = []
        self.undecided = False


class _Telling:
    """The lines of one trace, for the evidence of its findings."""

    def __init__(self, observed: Sequence[Observed]) -> None:
        self._observed = observed
        self._methods: Methods = {
            one.id: one.method for _, one in observed if isinstance(one, format.Call)
        }
        self._places = {line: place for place, (line, _) in enumerate(observed)}

    def evidence(self, weighed: Weighed) -> Evidence:
        finding, quoted = weighed.finding, weighed.quoted
        return Evidence(
            id=finding.id,
            anchor=finding.anchor,
            url=url_of(finding.anchor),
            message=finding.message,
            observed=self._told(finding.line),
            read=None if quoted is None else quoted.read,
            lines=tuple(self._lines(finding.line)),
            states=finding.states,
            expected=finding.expected,
            refused_by=finding.refused_by,
            alternative=finding.alternative,
            rests_on=finding.rests_on,
        )

    def _told(self, line: int) -> str | None:
        place = self._places.get(line)
        return None if place is None else self._words(self._observed[place][1])

    def _lines(self, line: int) -> Iterator[Line]:
        place = self._places.get(line)
        if place is None:
            return
        for at, one in self._observed[max(0, place - LINES_BEFORE) : place + LINES_AFTER + 1]:
            yield Line(at - line, one.peer, self._words(one))

    def _words(self, one: format.AnyObservation) -> str:
        """The observation; how long a silence was is left out, as it is never the same."""
        if isinstance(one, format.Idle):
            one = msgspec.structs.replace(one, quiet=0.0)
        return observation_in_words(one, self._methods)


def _recording(judged: Judged) -> Recording:
    verdict = judged.verdict
    replay = command("replay", verdict.trace)
    return Recording(
        verdict.trace, verdict.program or "", verdict.observations, judged.reasons, replay
    )


def _is_undecided(judged: Judged, peer: str) -> bool:
    """Whether something keeps this peer from being judged to its end."""
    verdict = judged.verdict
    if verdict.error is not None or verdict.truncated or not verdict.observations:
        return True
    return any(reason.startswith(f"{peer}: ") for reason in verdict.undecided)


def _known(weighed: Weighed) -> Known:
    expected = weighed.expected_by
    assert expected is not None
    row = expected.row
    return Known(expected.file, expected.number, row.reason, row.confirmed, row.link)


def _told_of(program: str) -> tuple[str, str]:
    """The area of a program, and what it is about."""
    if program not in names():
        return "", ""
    told = load(program)
    return told.area, told.about


def _hidden(parts: Iterable[_Part]) -> tuple[str, ...]:
    """The kinds of findings that no recorder of these parts can show."""
    profiles = {one.profile for one in parts}
    return tuple(id for id in FINDINGS if not any(can_be_seen(id, one) for one in profiles))


def _ids(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids), key=place_of))


def _columns(
    stacks: Sequence[tuple[_Stack, Iterable[str]]], programs: Sequence[ProgramRow]
) -> tuple[Column, ...]:
    by_name: dict[str, list[str]] = {}
    for (name, version), _ in stacks:
        by_name.setdefault(name, []).append(version)
    short = {
        (name, version): told
        for name, versions in by_name.items()
        for version, told in zip(versions, shortened(versions), strict=True)
    }
    columns: list[Column] = []
    for place, (stack, platforms) in enumerate(stacks):
        statuses = [row.cells[place].status for row in programs]
        recorded = len(statuses) - statuses.count("unsupported")
        counts = [statuses.count(one) for one in ("conforms", "departs", "undecided")]
        told = tuple(filter(None, platforms))
        columns.append(Column(*stack, short[stack], told, recorded, *counts))
    return tuple(columns)


def _moved(one: Sighting, order: Sequence[int]) -> Sighting:
    """The sighting, its column named by the place in the matrix's order."""
    return msgspec.structs.replace(one, column=order.index(one.column))
