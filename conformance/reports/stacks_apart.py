"""How two stacks differ over all programs: grouped by what differs, and who departs there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from ..checking.findings import FINDINGS, Finding
from ..checking.judging import Checker
from ..errors import TraceError
from ..importing.opening import read_recording
from ..traces.profiles import EVENTS, profile_named
from ..traces.reading import Trace
from .contrasting import Contrast, Side, contrasts
from .judged import judge_trace, no_more_is_asked
from .showing import seeing_of
from .versions import shortened

LATER = frozenset({"NN-MISSED", "STATE-MISSING", "OP-PENDING", "EVENT-WRONG"})
"""Findings about what is missing: they are made where that can be noticed, which may be later."""

Progress = Callable[[int, int, str], None]
Names = tuple[str, str]
Stack = tuple[str, str]


class Instance(msgspec.Struct, frozen=True):
    """A difference in one program, with the files and the departures of each side at it."""

    program: str
    contrast: Contrast
    files: Names
    departs: tuple[tuple[str, ...], tuple[str, ...]]


class Group(msgspec.Struct, frozen=True):
    """All programs in which the same differs; one may be there several times."""

    what: str
    instances: tuple[Instance, ...]

    @property
    def programs(self) -> tuple[str, ...]:
        """The programs, each once."""
        return tuple(dict.fromkeys(one.program for one in self.instances))

    def departing(self, side: int) -> dict[str, int]:
        """In how many programs a side departs at the difference, by kinds of findings."""
        seen = {(id, one.program) for one in self.instances for id in one.departs[side]}
        return dict(sorted(Counter(id for id, _ in seen).items()))

    @property
    def both_conform(self) -> int:
        """In how many programs neither side departs at it: the specification allows both."""
        departing = {one.program for one in self.instances if any(one.departs)}
        return len(set(self.programs) - departing)


class Apart(msgspec.Struct, frozen=True):
    """The comparison of two stacks.

    `names` are as short as they can be, `titles` tell the whole versions. `compared` are the
    programs recorded on both; `alone` those on one; `unseen` the events that a recorder cannot see
    on one of the sides, so that nothing is concluded from their absence.
    """

    names: Names
    titles: Names
    compared: tuple[str, ...]
    alone: tuple[tuple[str, ...], tuple[str, ...]]
    groups: tuple[Group, ...]
    unseen: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def differing(self) -> tuple[str, ...]:
        """The programs that differ."""
        found = {program for group in self.groups for program in group.programs}
        return tuple(one for one in self.compared if one in found)


def stacks_apart(
    stacks: tuple[Stack, Stack],
    first: Mapping[str, str],
    second: Mapping[str, str],
    progress: Progress,
) -> Apart:
    """Compare the recordings of two stacks (name and version), given as files by programs."""
    names = _names(*stacks)
    both = [program for program in first if program in second]
    checker = Checker()
    found: dict[str, list[Instance]] = {}
    errors: list[str] = []
    unseen: set[str] = set()
    for done, program in enumerate(both, start=1):
        files = first[program], second[program]
        try:
            traces = read_recording(files[0]), read_recording(files[1])
        except TraceError as error:
            errors.append(str(error))
            continue
        errors += [str(one.error) for one in traces if one.error is not None]
        unseen |= _unseen(*traces)
        for instance in _instances(program, traces, files, checker):
            found.setdefault(instance.contrast.told(*names), []).append(instance)
        progress(done, len(both), program)
    groups = [Group(what, tuple(instances)) for what, instances in found.items()]
    groups.sort(key=lambda group: (-len(group.programs), group.what))
    alone = (
        tuple(one for one in first if one not in second),
        tuple(one for one in second if one not in first),
    )
    titles = _title(stacks[0]), _title(stacks[1])
    rest = tuple(sorted(unseen)), tuple(errors)
    return Apart(names, titles, tuple(both), alone, tuple(groups), *rest)


def _title(stack: Stack) -> str:
    return " ".join(stack).strip()


def _names(first: Stack, second: Stack) -> Names:
    if first[0] != second[0]:
        return first[0], second[0]
    short = shortened([first[1], second[1]])
    return f"{first[0]} {short[0]}", f"{second[0]} {short[1]}"


def _unseen(first: Trace, second: Trace) -> set[str]:
    told: set[str] = set()
    for peer in set(first.header.peers) & set(second.header.peers):
        profiles = [profile_named(one.header.peers[peer].profile) for one in (first, second)]
        either = (profiles[0].events | profiles[1].events) & EVENTS
        told |= either - seeing_of(peer, first, second).events
    return told


def _instances(
    program: str, traces: tuple[Trace, Trace], files: Names, checker: Checker
) -> list[Instance]:
    found = contrasts(*traces)
    if not found:
        return []
    departures = [_departures(file, checker) for file in files]
    return [
        Instance(
            program,
            one,
            files,
            (
                _departing(one.peer, one.first, departures[0]),
                _departing(one.peer, one.second, departures[1]),
            ),
        )
        for one in found
    ]


def _departures(file: str, checker: Checker) -> list[Finding]:
    judged = judge_trace(file, checker, no_more_is_asked)
    return [one for one in judged.verdict.findings if one.class_ == "departure"]


def _departing(peer: str, side: Side, departures: list[Finding]) -> tuple[str, ...]:
    """The kinds of departures of a side that are about the difference."""
    ids = {one.id for one in departures if one.peer == peer and _is_about(side, one)}
    return tuple(id for id in FINDINGS if id in ids)


def _is_about(side: Side, finding: Finding) -> bool:
    if side.since is None:
        return finding.line in side.lines
    return finding.line == side.since or (finding.line > side.since and finding.id in LATER)
