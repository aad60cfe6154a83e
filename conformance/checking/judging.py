"""Judging a trace: each peer alone, then the messages between them, then the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from negotiation.conformance.errors import TraceError
from negotiation.conformance.importing.opening import open_recording
from negotiation.conformance.traces import format
from negotiation.conformance.traces.decoding import Memory
from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.profiles import Profile, profile_named
from negotiation.conformance.traces.reading import TraceReader
from negotiation.conformance.traces.said import Said
from negotiation.model import FREEDOMS, INTERPRETATIONS, Readings, admit
from negotiation.model.readings import BOTH_BY_DEFAULT

from .admitting import Admitting, Noting, Shared
from .ending import CUTTING, ending_of
from .faults import judge_faults
from .faults.evidence import Evidence
from .findings import Diagnosis, Finding
from .following import MOST_STATES, Places
from .frontier import LARGEST_FRONTIER, Frontiers
from .half_seen import half_told, judged_profile, limits_of, readings_for
from .peers import Moment, PeerChecker
from .relations import Text, Texts
from .seen_whole import NOTHING_HIDDEN, SeenWhole, is_worth_trying, whole_of, whole_told

VerdictName = Literal["conforms", "violates", "undecided"]

Wanted = Callable[[Finding], bool]
"""Whether more is to be told of a departure than that it is one."""

MOST_REMEMBERED = 1 << 15
"""Verdicts that are remembered; then remembering begins anew."""

LARGEST_TRIED = 500
"""States in a set beyond which it is not tried whether a finding rests on an interpretation."""

SETTLE = "settle: quiet that was measured at `idle` means that the stack will do nothing more"


class TraceVerdict(msgspec.Struct, frozen=True):
    """What the evidence of one trace says.

    `undecided` are reasons; `error` is why the rest of the file could not be read; `assumptions`
    are what the verdict rests on; `program` is the one that was recorded; `limits` say what could
    not be concluded, and why.
    """

    trace: str
    verdict: VerdictName
    observations: int
    findings: tuple[Finding, ...] = ()
    undecided: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    program: str | None = None
    stacks: tuple[str, ...] = ()
    truncated: bool = False
    error: str | None = None
    limits: tuple[str, ...] = ()


class Key(NamedTuple):
    """What is judged of a whole recording, but for the times; equal ones say the same.

    `lines` is the fingerprint of its lines, `header` the line that the header is in, from which
    findings count theirs, and `given` what is judged of the header.
    """

    lines: bytes
    header: int
    given: bytes


class Known(msgspec.Struct, frozen=True):
    """What was found of a recording, and the lines that are quoted when it is told."""

    verdict: TraceVerdict
    lines: tuple[int, ...]

    @property
    def departures(self) -> list[Finding]:
        """The findings that are the stack's."""
        return [one for one in self.verdict.findings if one.class_ == "departure"]


class Checker:
    """Judges traces; what it has worked out about the model is shared between them.

    `readings` choose the freedoms and interpretations; `budget` bounds the set of possible states,
    and `most_after` those from which a peer is followed on after a finding: beyond, the rest is
    undecided. `most_states` bounds what is remembered. `assumed` is what every verdict rests on,
    and `memory` what lines said before.
    """

    def __init__(
        self,
        readings: Readings | None = None,
        *,
        budget: int = LARGEST_FRONTIER,
        most_after: int = LARGEST_FRONTIER,
        most_states: int = MOST_STATES,
    ) -> None:
        self.readings = readings or Readings()
        self.budget = budget
        self.most_after = most_after
        self.most_states = most_states
        self.assumed = _assumed(self.readings)
        self.memory = Memory()
        self.texts = Texts()
        self._places: dict[Profile, Places] = {}
        self._seen_whole: dict[Profile, Places] = {}
        self._known: dict[Key, Known] = {}
        self._shared: dict[Profile, Shared] = {}
        self._admitting: dict[tuple[str, Profile], Admitting] = {}

    def places(self, profile: Profile) -> Places:
        """Where peers of this profile can be."""
        if profile not in self._places:
            specifications = admit(readings_for(self.readings, profile))
            frontiers = Frontiers(specifications, profile, budget=self.budget)
            told = half_told if profile.is_half_seen else None
            self._places[profile] = Places(frontiers, told, most_states=self.most_states)
        return self._places[profile]

    def places_seen_whole(self, profile: Profile) -> Places:
        """Where peers of this profile can be if nothing was hidden from the recorder."""
        if profile not in self._seen_whole:
            budget = min(self.budget, LARGEST_TRIED)
            frontiers = Frontiers(admit(self.readings), whole_of(profile), budget=budget)
            self._seen_whole[profile] = Places(frontiers, whole_told)
        return self._seen_whole[profile]

    def make_room(self) -> None:
        """Forget what all profiles remember once it is too much in sum: each bounds its own.

        What departures rest on is bounded by itself: it is not asked for in most recordings.
        """
        following = (one.places for one in self._admitting.values())
        _make_room((*self._places.values(), *self._seen_whole.values()), self.most_states)
        _make_room((*self._shared.values(), *following), self.most_states)

    def admitting(self, interpretation: str, profile: Profile) -> Admitting:
        """What follows peers with both readings of one more interpretation admitted."""
        key = interpretation, profile
        if key not in self._admitting:
            self._admitting[key] = Admitting(self._shared_way(profile), interpretation)
        return self._admitting[key]

    def _shared_way(self, profile: Profile) -> Shared:
        if profile not in self._shared:
            specifications = admit(readings_for(self.readings, profile))
            noting = Noting(specifications, profile, budget=min(self.budget, LARGEST_TRIED))
            self._shared[profile] = Shared(noting)
        return self._shared[profile]

    def forget_recordings(self) -> None:
        """Judge recordings line by line again that say what others said."""
        self._known.clear()

    def judge(self, source: str) -> TraceVerdict:
        """The verdict on a trace file ("-": standard input)."""
        try:
            with open_recording(source, self.memory) as reader:
                return self.follow(source, reader)[1]
        except TraceError as error:
            return TraceVerdict(source, "undecided", 0, error=str(error))

    def follow(
        self, source: str, reader: TraceReader, wanted: Wanted | None = None
    ) -> tuple[Pass, TraceVerdict]:
        """The verdict on what can be read, with all that was seen on the way.

        Whether a departure rests on an interpretation is tried for those that are `wanted`.
        """
        pass_ = Pass(self, reader.header)
        key = pass_.said_by(reader)
        known = None if key is None else self._known.get(key)
        if known is not None and not any(map(_all_or(wanted), known.departures)):
            return pass_, pass_.recalled(source, known, reader.read_again(known.lines))
        error = pass_.take_all(reader)
        verdict = pass_.verdict(source, error=error, truncated=reader.truncated, wanted=wanted)
        if key is not None and pass_.is_alike_elsewhere(verdict):
            self._remember(key, pass_, verdict, _all_or(wanted))
        return pass_, verdict

    def _remember(self, key: Key, pass_: Pass, verdict: TraceVerdict, wanted: Wanted) -> None:
        """Of recordings with the same key all is the same."""
        known = Known(verdict, pass_.worth_quoting(verdict))
        if any(map(wanted, known.departures)):
            return  # more was told of them than will be wanted the next time, maybe
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = known

    def judge_lines(self, name: str, lines: Iterable[format.Line]) -> TraceVerdict:
        """The verdict on a trace that is in memory; line numbers count from 1."""
        numbered = enumerate(lines, start=1)
        _, header = next(numbered)
        assert isinstance(header, format.Header)
        pass_ = Pass(self, header)
        for line, told in numbered:
            pass_.take_line(line, told)
        return pass_.verdict(name)


def _make_room(everywhere: Sequence[Places], most: int) -> None:
    if sum(one.frontiers.remembered for one in everywhere) >= most:
        for one in everywhere:
            one.forget()


def _all_or(wanted: Wanted | None) -> Wanted:
    return wanted if wanted is not None else lambda finding: True


def _assumed(readings: Readings) -> tuple[str, ...]:
    """What every verdict under these readings rests on."""
    return (
        *(f"freedom {name}: {FREEDOMS[name].why}" for name in sorted(readings.freedoms)),
        *(f"{name}: {INTERPRETATIONS[name].other}" for name in sorted(readings.others)),
        *(f"{name}: both readings" for name in sorted(readings.both - BOTH_BY_DEFAULT)),
    )


_ANY = format.Stack("")


def _judged(header: format.Header) -> format.Header:
    """The header with what may decide a verdict, and nothing else: who was seen, and how.

    Recordings of other stacks, by other recorders, on other days are judged alike.
    """
    return format.Header(
        header.format,
        header.version,
        "",
        {
            name: format.Peer(
                _ANY,
                "",
                profile=one.profile,
                configuration=one.configuration,
                begins=one.begins,
            )
            for name, one in header.peers.items()
        },
    )


class Pass:
    """One trace on its way through the checker.

    `judged` is the part of its header by which it is judged. `moments` are all that was observed,
    but for a recording that `is_recalled`: what another one said as well was not followed again.
    """

    def __init__(self, checker: Checker, header: format.Header) -> None:
        checker.make_room()
        self.checker = checker
        self.header = header
        self.judged = _judged(header)
        self.texts: dict[str, Text] = {}
        self.moments: list[Moment] = []
        self.unfollowed: tuple[int, Said] | None = None
        self.observations = 0
        self.is_recalled = False
        self._depends_on_times = False
        self._recalled: tuple[tuple[int, AnyObservation], ...] = ()
        self._missed: list[tuple[str, int, Diagnosis]] = []
        self.peers = {
            name: PeerChecker(
                name,
                checker.places(judged_profile(peer)),
                self.texts,
                peer.configuration,
                begins_anywhere=peer.begins == "unknown",
                most_after=checker.most_after,
            )
            for name, peer in self.judged.peers.items()
        }
        self._whole = dict(self._seen_whole())

    def _seen_whole(self) -> Iterator[tuple[str, SeenWhole]]:
        """The peers of which something can be concluded if nothing was hidden."""
        for name, peer in self.judged.peers.items():
            profile = profile_named(peer.profile)
            if peer.begins == "constructed" and is_worth_trying(profile):
                yield name, SeenWhole(self.checker.places_seen_whole(profile), self.texts)

    def said_by(self, reader: TraceReader) -> Key | None:
        """What recordings have in common that say the same; before a line is read of this one.

        None where that is not to be had.
        """
        lines = reader.fingerprint()
        given = msgspec.json.encode(self.judged)
        return None if lines is None else Key(lines, reader.line, given)

    def is_alike_elsewhere(self, verdict: TraceVerdict) -> bool:
        """Whether the verdict is that of all recordings that say the same.

        It is none of theirs where it depends on times, or tells why a file could not be read.
        """
        is_whole = verdict.error is None and not verdict.undecided
        return is_whole and not self._depends_on_times

    def know(self, text: format.Sdp) -> None:
        """Take an SDP text, to which later lines refer."""
        self.texts[text.id] = self.checker.texts.text(text.summary)

    def take(self, line: int, n: int, t: float, said: Said) -> Moment | None:
        """Take the next observation: the number of its line in the file, and what it says."""
        self.observations += 1
        moment = self.peers[said.peer].follow(line, n, t, said)
        if moment is None:
            self.unfollowed = line, said
            return None
        self.moments.append(moment)
        if said.peer in self._whole:
            missed = self._whole[said.peer].take(said)
            if missed is not None:
                self._missed.append((said.peer, line, missed))
        return moment

    def take_all(self, reader: TraceReader) -> str | None:
        """Take what can be read; tells why the rest cannot."""
        try:
            for line, n, t, said in reader.said():
                if isinstance(said, Said):
                    self.take(line, n, t, said)
                else:
                    self.know(said)
        except TraceError as raised:
            return str(raised)
        return None

    def take_line(self, line: int, told: format.Line) -> Moment | None:
        """As `take`, of a line in memory."""
        match told:
            case format.Header():
                return None
            case format.Sdp():
                self.know(told)
                return None
        return self.take(line, told.n, told.t, self.checker.memory.of(told))

    def verdict(
        self,
        source: str,
        *,
        error: str | None = None,
        truncated: bool = False,
        wanted: Wanted | None = None,
    ) -> TraceVerdict:
        """The verdict on what was taken; `wanted` as in `Checker.follow`."""
        ending = self._ending()
        truncated = truncated or (ending is not None and ending[1].trouble in CUTTING)
        faults = self._faults(source, complete=not truncated)
        findings = [*self._departures(source, wanted), *self._missing(source), *faults]
        if ending is not None:
            line, mark = ending
            findings += [
                one.finding(source, line, mark.peer) for one in ending_of(mark, self._last_call())
            ]
        findings.sort(key=lambda one: (one.line, one.peer))
        undecided = tuple(
            f"{name}: {peer.undecided}" for name, peer in self.peers.items() if peer.undecided
        )
        violates = any(one.class_ != "note" for one in findings)
        unclear = undecided or error is not None or self.observations == 0
        if self.observations == 0 and error is None:
            undecided = ("there is no observation in it",)
        return TraceVerdict(
            trace=source,
            verdict="violates" if violates else "undecided" if unclear else "conforms",
            observations=self.observations,
            findings=tuple(findings),
            undecided=undecided,
            assumptions=self._assumptions(),
            program=self.header.program,
            stacks=self._stacks(),
            truncated=truncated,
            error=error,
            limits=tuple(limits_of(self.judged)),
        )

    def _missing(self, source: str) -> Iterator[Finding]:
        for peer, line, diagnosis in self._missed:
            found = diagnosis.finding(source, line, peer)
            yield msgspec.structs.replace(found, rests_on=(NOTHING_HIDDEN,))

    def _ending(self) -> tuple[int, format.Mark] | None:
        """The line with which the recorder ended the trace, if it met with something."""
        last = [(self.moments[-1].line, self.moments[-1].said)] if self.moments else []
        if self.unfollowed is not None:
            last.append(self.unfollowed)
        line, said = max(last, key=lambda one: one[0], default=(0, None))
        told = None if said is None else said.observation
        return (line, told) if isinstance(told, format.Mark) and told.trouble else None

    def _last_call(self) -> format.Call | None:
        told = (one.said.observation for one in reversed(self.moments))
        return next((one for one in told if isinstance(one, format.Call)), None)

    def recalled(
        self, source: str, known: Known, quoted: Iterable[tuple[int, AnyObservation]]
    ) -> TraceVerdict:
        """The verdict on a recording of which all is known, with what is quoted of it."""
        self.is_recalled = True
        self._recalled = tuple(quoted)
        replace = msgspec.structs.replace
        return replace(
            known.verdict,
            trace=source,
            findings=tuple(replace(one, trace=source) for one in known.verdict.findings),
            program=self.header.program,
            stacks=self._stacks(),
        )

    def told(self) -> Iterable[tuple[int, AnyObservation]]:
        """The observations that can be quoted, by line: all, or those that were read again."""
        return self._recalled or ((one.line, one.observation) for one in self.moments)

    def worth_quoting(self, verdict: TraceVerdict) -> tuple[int, ...]:
        """The lines that findings name, and those that name the methods of their calls."""
        named = {one.line for one in verdict.findings}
        if not named:
            return ()
        calls = {one.said.call for one in self.moments if one.line in named}
        made = (one.line for one in self.moments if one.said.begins in calls)
        return tuple(sorted(named.union(made)))

    def _stacks(self) -> tuple[str, ...]:
        return tuple(one.stack.title for one in self.header.peers.values())

    def _departures(self, source: str, wanted: Wanted | None) -> Iterator[Finding]:
        for name, peer in self.peers.items():
            if not peer.findings:
                continue
            found = [diagnosis.finding(source, line, name) for line, diagnosis in peer.findings]
            departures = [one for one in found if one.class_ == "departure"]
            lines = {one.line for one in departures if wanted is None or wanted(one)}
            rests_on = self._rests_on(name, lines)
            for one in found:
                told = rests_on.get(one.line, ()) if one in departures else ()
                yield msgspec.structs.replace(one, rests_on=told)

    def _faults(self, source: str, *, complete: bool) -> list[Finding]:
        evidence = Evidence(self.moments, self.judged, self.texts)
        found = list(judge_faults(evidence, complete=complete))
        # What is found is told with its time.
        self._depends_on_times = evidence.asked_times or bool(found)
        return [diagnosis.finding(source, line, peer) for peer, line, diagnosis in found]

    def _rests_on(self, peer: str, lines: set[int]) -> dict[int, tuple[str, ...]]:
        """For lines with departures, the interpretations whose other reading would admit them."""
        rests_on: dict[int, tuple[str, ...]] = {}
        moments = [one for one in self.moments if one.said.peer == peer] if lines else []
        for name in sorted(INTERPRETATIONS.keys() - self.checker.readings.both):
            for line in self._admitted_under(name, peer, moments, lines):
                told = f"{name}: {INTERPRETATIONS[name].default}"
                rests_on[line] = (*rests_on.get(line, ()), told)
        return rests_on

    def _admitted_under(
        self, interpretation: str, peer: str, moments: Sequence[Moment], lines: set[int]
    ) -> Iterator[int]:
        """In which of the lines nothing is wrong where both readings are admitted."""
        if not moments:
            return iter(())
        told = self.judged.peers[peer]
        following = self.checker.admitting(interpretation, judged_profile(told))
        start = following.places.start(told.configuration, anywhere=told.begins == "unknown")
        return following.admitted(start, moments, lines)

    def _assumptions(self) -> tuple[str, ...]:
        settled = any(peer.place.settles for peer in self.peers.values()) or bool(self._missed)
        return (SETTLE, *self.checker.assumed) if settled else self.checker.assumed
