"""What recordings cover: of each, one history that explains it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..checking.frontier import Frontiers
from ..checking.judging import Checker, Key, Pass
from ..checking.peers import Moment, PeerChecker
from ..checking.seen import Made, Quiet, Seen, Stutter, Told
from ..errors import TraceError
from ..importing.opening import open_recording
from ..traces import format
from ..traces.reading import TraceReader
from .histories import Histories, Taken
from .items import NOTHING, Item, Items, finding_item, state_item
from .labels import Labels
from .raisable import RAISABLE, Raising, Shown


class Covered(msgspec.Struct, frozen=True):
    """What one recording covers: what each peer does, and of which stack it is, by its name.

    `departures` counts the places at which it departs from the model; `partly` are reasons why a
    peer was not followed to the end, `error` is why the rest of the file could not be read.
    """

    source: str
    peers: dict[str, Items] = {}
    stacks: dict[str, str] = {}
    observations: int = 0
    departures: int = 0
    partly: tuple[str, ...] = ()
    error: str | None = None

    @property
    def items(self) -> Items:
        """What all peers cover."""
        return NOTHING.union(*self.peers.values())


class Recordings:
    """Covers recordings; what was worked out for one is known of all that go the same way."""

    def __init__(self, checker: Checker | None = None) -> None:
        self.checker = checker or Checker()
        self._histories: dict[Frontiers, Histories] = {}
        self._known: dict[Key, Covered] = {}

    def cover(self, source: str) -> Covered:
        """What a recording covers ("-": standard input), as far as it can be read."""
        try:
            with open_recording(source, self.checker.memory) as reader:
                return self._covered(source, reader)
        except TraceError as error:
            return Covered(source, error=str(error))

    def _covered(self, source: str, reader: TraceReader) -> Covered:
        pass_ = Pass(self.checker, reader.header)
        key = pass_.said_by(reader)
        known = None if key is None else self._known.get(key)
        if known is None:
            error = pass_.take_all(reader)
            known = self.of_pass(source, pass_, error)
            if key is not None and known.error is None:
                self._known[key] = known
        stacks = {name: peer.stack.title for name, peer in reader.header.peers.items()}
        return msgspec.structs.replace(known, source=source, stacks=stacks)

    def of_pass(self, source: str, pass_: Pass, error: str | None = None) -> Covered:
        """What was followed covers; `source` is its name."""
        moments: dict[str, list[Moment]] = {name: [] for name in pass_.peers}
        for moment in pass_.moments:
            moments[moment.said.peer].append(moment)
        return Covered(
            source,
            {name: self._of_peer(peer, moments[name]) for name, peer in pass_.peers.items()},
            observations=pass_.observations,
            departures=sum(one.diagnosis is not None for one in pass_.moments),
            partly=tuple(
                f"{name}: {peer.undecided}" for name, peer in pass_.peers.items() if peer.undecided
            ),
            error=error,
        )

    def _of_peer(self, peer: PeerChecker, moments: list[Moment]) -> Items:
        frontiers = peer.frontiers
        if frontiers not in self._histories:
            self._histories[frontiers] = Histories(frontiers)
        history = self._histories[frontiers].history(moments)
        items: set[Item] = set()
        for way in {taken.way for taken in history if taken.way is not None}:
            items |= way.items
        items.update(_shown(moments), _raised(moments))
        items.update(_raisable(history, whole=not frontiers.profile.is_half_seen))
        items.update(state_item(one.way.source.connection) for one in history[:1] if one.way)
        return frozenset(items)


def _shown(moments: list[Moment]) -> Iterator[Item]:
    """The pairs of consecutive labels, as they were recorded."""
    labels = Labels()
    for moment in moments:
        told = moment.said.observation
        pair = labels.take(told) if isinstance(told, format.Observation) else None
        if pair is not None:
            yield pair


def _raised(moments: list[Moment]) -> Iterator[Item]:
    """The departures that were found could have been found."""
    found = {diagnosis.id for one in moments for diagnosis in one.diagnoses}
    return map(finding_item, found & RAISABLE.keys())


def _raisable(history: list[Taken], *, whole: bool) -> Iterator[Item]:
    raising = Raising()
    for taken in history:
        if taken.way is None:
            continue
        seen = taken.moment.seen
        yield from raising.take(
            taken.way.made_in,
            _kind_of(seen),
            _name_of(seen, taken.moment),
            settled=isinstance(seen, Quiet) and seen.settled,
            judged=_judged(seen, whole=whole),
        )


def _kind_of(seen: Seen) -> Shown:
    match seen:
        case Told():
            return seen.kind
        case Made():
            return "call"
        case Quiet():
            return "idle"
        case Stutter():
            return "other"


def _name_of(seen: Seen, moment: Moment) -> str:
    if not isinstance(seen, Told):
        return ""
    if seen.call is not None:
        return moment.methods.get(seen.call, "")
    return seen.event or ""


def _judged(seen: Seen, *, whole: bool) -> Iterator[str]:
    """What of an observation is compared with the model."""
    if whole:
        yield "whole"
    if not isinstance(seen, Told | Quiet):
        return
    if seen.read.signaling_state is not None:
        yield "signalingState"
    if seen.read.transceivers is not None:
        yield "transceivers"
    if seen.read.descriptions is not None:
        yield "descriptions"
    if isinstance(seen, Told) and seen.description is not None:
        yield "description"
