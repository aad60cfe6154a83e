"""The story of a recording: what a colleague would tell of it, as values.

Everything in it was computed from the recording, the verdict, and the model beside them; what
cannot be known from these is not in it, or is among its limits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from ..checking.findings import FINDINGS, Finding
from ..traces import format
from ..traces.clocks import beginning
from ..traces.profiles import profile_named
from .evidence import Point
from .expectations import Expectation
from .gate import Weighed, weigh_findings
from .judged import Judged
from .negotiations import Negotiation, negotiations_of
from .offers import Outcome, may_miss
from .replaying import Replay

GLARE = "GLARE-"


class Party(msgspec.Struct, frozen=True):
    """One peer of the recording. `offers` were set there, `answered` were answered there.

    `closed` is when its connection was closed, as far as that was recorded. `may_miss`: offers may
    have been set there of which the recording shows no call.
    """

    name: str
    stack: str
    platform: str
    source: str
    begins: str
    offers: int
    answered: int
    closed: Point | None
    may_miss: bool


class Incident(msgspec.Struct, frozen=True):
    """A finding, at its time (ms). `negotiation` is the number of the one in which it was made."""

    id: str
    class_: str = msgspec.field(name="class")
    blame: str
    title: str
    message: str
    peer: str
    line: int
    t: float
    negotiation: int | None


class Known(msgspec.Struct, frozen=True):
    """Findings that are expected, all of them for one `reason`; `link` is where more is told."""

    id: str
    reason: str
    link: str | None
    incidents: tuple[Incident, ...]


class Story(msgspec.Struct, frozen=True):
    """What happened, in the order in which it is asked.

    `found` counts all findings. Times are milliseconds as the trace has them, from its beginning or
    from 1970 on; `resolution` is how finely they are known. `slowest` is the number of the
    completed negotiation that took longest. `glare` are the findings about offers that met. `first`
    is the first departure or fault that is not `known`, `followed` are those that follow from it or
    come later at the same peer, `besides` the others.
    """

    trace: str
    date: str
    program: str | None
    verdict: str
    found: dict[str, int]
    line: int | None
    observations: int
    begins: float
    ends: float
    resolution: float
    peers: tuple[Party, ...]
    negotiations: tuple[Negotiation, ...]
    outcomes: dict[Outcome, int]
    slowest: int | None
    glare: tuple[Incident, ...]
    first: Incident | None
    followed: tuple[Incident, ...]
    besides: tuple[Incident, ...]
    known: tuple[Known, ...]
    undecided: tuple[str, ...]
    limits: tuple[str, ...]
    error: str | None
    truncated: bool

    def is_known(self, finding: Finding) -> bool:
        """Whether the finding is expected."""
        place = (finding.id, finding.line, finding.peer)
        incidents = (one for known in self.known for one in known.incidents)
        return place in ((one.id, one.line, one.peer) for one in incidents)

    @property
    def zero(self) -> float:
        """From when times are told: the beginning of the recording."""
        return beginning(self.begins)

    @property
    def lasted(self) -> float:
        """How long it lasts, in milliseconds: from where its times count, not from a line."""
        return self.ends - self.zero


def story_of(replay: Replay, expectations: Sequence[Expectation] = ()) -> Story:
    """The story of what was replayed; what is expected is told as known, and is not what went
    wrong."""
    trace, verdict = replay.trace, replay.verdict
    negotiations = negotiations_of(
        trace.header,
        replay.observations,
        replay.pass_.moments,
        trace.sdps,
        next(iter(replay.pass_.peers.values())).frontiers.specifications[0],
    )
    incidents = [
        _incident(one, replay, negotiations)
        for one in weigh_findings(Judged(verdict, trace.header), expectations)
    ]
    first, followed, besides = _told_apart(incidents)
    times = [one.t for _, one in replay.observations]
    return Story(
        trace=trace.file,
        date=trace.header.date,
        program=trace.header.program,
        verdict=verdict.verdict,
        found=dict(Counter(one.id for one in verdict.findings)),
        line=replay.line,
        observations=len(times),
        begins=min(times, default=0.0),
        ends=max(times, default=0.0),
        resolution=max(one.clock.resolution for one in trace.header.peers.values()),
        peers=tuple(_parties(replay, negotiations)),
        negotiations=negotiations,
        outcomes=dict(Counter(one.outcome for one in negotiations)),
        slowest=_slowest(negotiations),
        glare=tuple(told for told, _ in incidents if told.id.startswith(GLARE)),
        first=first,
        followed=followed,
        besides=besides,
        known=tuple(_known(incidents)),
        undecided=verdict.undecided,
        limits=(*verdict.limits, *_unsettled(trace.header)),
        error=verdict.error,
        truncated=trace.truncated,
    )


def _parties(replay: Replay, negotiations: Sequence[Negotiation]) -> Iterator[Party]:
    for name, peer in replay.trace.header.peers.items():
        yield Party(
            name=name,
            stack=peer.stack.title,
            platform=peer.stack.platform,
            source=peer.source,
            begins=peer.begins,
            offers=sum(one.peer == name and one.offered is not None for one in negotiations),
            answered=sum(one.other == name and one.answered is not None for one in negotiations),
            closed=_closed(name, replay.observations),
            may_miss=may_miss(peer),
        )


def _closed(peer: str, observations: Sequence[tuple[int, format.AnyObservation]]) -> Point | None:
    for line, one in observations:
        if one.peer == peer and isinstance(one, format.Call) and one.method == "close":
            return Point(line, one.t)
    return None


def _slowest(negotiations: Sequence[Negotiation]) -> int | None:
    timed = [one for one in negotiations if one.took is not None]
    if len(timed) < 2:
        return None
    return max(timed, key=lambda one: one.took or 0.0).number


_Told = tuple[Incident, Weighed]


def _incident(weighed: Weighed, replay: Replay, negotiations: Sequence[Negotiation]) -> _Told:
    one = weighed.finding
    told = Incident(
        id=one.id,
        class_=one.class_,
        blame=one.blame,
        title=FINDINGS[one.id].title,
        message=one.message,
        peer=one.peer,
        line=one.line,
        t=replay.times.get(one.line, 0.0),
        negotiation=_during(one, negotiations),
    )
    return told, weighed


def _during(finding: Finding, negotiations: Sequence[Negotiation]) -> int | None:
    """The negotiation in whose lines the finding is, if there is only one."""
    within = [one for one in negotiations if one.lines[0] <= finding.line <= one.lines[1]]
    own = [one for one in within if finding.peer in (one.peer, one.other)]
    return own[0].number if len(own) == 1 else None


def _told_apart(
    incidents: Sequence[_Told],
) -> tuple[Incident | None, tuple[Incident, ...], tuple[Incident, ...]]:
    """The first departure or fault that is not known; what followed from it; and the others."""
    wrong = [
        (told, weighed.finding)
        for told, weighed in incidents
        if told.class_ != "note" and weighed.expected_by is None
    ]
    if not wrong:
        return None, (), ()
    (first, _), *later = sorted(wrong, key=lambda one: one[0].line)
    followed = [
        one for one, finding in later if one.peer == first.peer or finding.after == first.line
    ]
    besides = [one for one, _ in later if one not in followed]
    return first, tuple(followed), tuple(besides)


def _known(incidents: Sequence[_Told]) -> Iterator[Known]:
    """What is expected, by what expects it."""
    by_row: dict[tuple[str, str, str | None], list[Incident]] = {}
    for told, weighed in incidents:
        if weighed.expected_by is not None:
            row = weighed.expected_by.row
            by_row.setdefault((told.id, row.reason, row.link), []).append(told)
    for (id, reason, link), found in by_row.items():
        yield Known(id, reason, link, tuple(found))


def _unsettled(header: format.Header) -> Iterator[str]:
    """Of whom the recording does not tell how calls ended."""
    names = [
        name
        for name, peer in header.peers.items()
        if not {"resolve", "reject"} <= profile_named(peer.profile).labels
    ]
    if names:
        yield (
            f"{' and '.join(names)}: how calls ended was not recorded; a description that could be "
            "set where it was set, and that nothing seen later speaks against, is taken as set"
        )
