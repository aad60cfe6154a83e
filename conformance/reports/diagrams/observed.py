"""What recordings show of a diagram: how often each of its edges was taken.

The signaling states are read from what was recorded; a change that the table does not have counts
as forbidden where the checker found a departure of the state in the same lines, and is left out as
not to be told apart where it did not. What an operation does in the chain and what becomes of the
flag no script can read: there, the steps of one history that explains the recording are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from negotiation.model import SdpType, Side
from negotiation.model.diagrams import CLOSING, DIAGRAMS, signaling_shown
from negotiation.model.graphs import Shown

from ...checking.frontier import Frontiers
from ...checking.judging import Checker, Key, Pass
from ...checking.peers import Moment
from ...coverage.histories import Histories
from ...errors import TraceError
from ...importing.opening import open_recording
from ...traces import format
from ...traces.reading import TraceReader
from .transitions import Change, Watching

Progress = Callable[[int, int], None]

UNTOLD = "by a call that was not seen"

_ROWS = {
    (str(source), str(side), str(type)): shown
    for (source, side, type), shown in signaling_shown().items()
}
_JOINED = {(shown.source, shown.target) for shown in _ROWS.values()}


class Tally(msgspec.Struct):
    """How often each edge of a diagram was taken, and by how many peers' recordings that is told.

    `late` counts what may be more than one change, read after the last of them, `departures` the
    places where a recording leaves the model, `partly` the peers that were not followed to their
    end; `sample` names a recording and a line for each edge.
    """

    counts: Counter[Shown] = msgspec.field(default_factory=Counter)
    sample: dict[Shown, tuple[str, int]] = {}
    peers: int = 0
    late: int = 0
    departures: int = 0
    partly: int = 0

    def add(self, other: Tally, source: str = "") -> None:
        """Take in what another one counted: in this recording, where it does not tell itself."""
        self.counts.update(other.counts)
        for shown, (file, line) in other.sample.items():
            self.sample.setdefault(shown, (file or source, line))
        self.peers += other.peers
        self.late += other.late
        self.departures += other.departures
        self.partly += other.partly

    def count(self, shown: Shown, line: int) -> None:
        """The edge was taken once more."""
        self.counts[shown] += 1
        self.sample.setdefault(shown, ("", line))


class Seen(msgspec.Struct):
    """What recordings show, by the stack (name and version); `unreadable` are errors."""

    by_stack: dict[tuple[str, str], Tally] = {}
    recordings: int = 0
    unreadable: list[str] = []

    def of(self, stacks: Iterable[str] = ()) -> Tally:
        """All of it, or that of these stacks (see `is_stack`)."""
        wanted = tuple(stacks)
        total = Tally()
        for stack, tally in self.by_stack.items():
            if not wanted or any(is_stack(stack, one) for one in wanted):
                total.add(tally)
        return total

    @property
    def names(self) -> list[str]:
        """The names of the stacks."""
        return sorted({name for name, _ in self.by_stack})


def is_stack(stack: tuple[str, str], wanted: str) -> bool:
    """Whether a stack is the one that is wanted: `NAME`, or `NAME@VERSION` with the first parts."""
    name, at, version = wanted.partition("@")
    return stack[0] == name and (not at or f"{stack[1]}.".startswith(f"{version}."))


class Observing:
    """Counts what recordings show of one diagram; those that say the same are followed once."""

    def __init__(self, what: str, checker: Checker | None = None) -> None:
        self.what = what
        self.checker = checker or Checker()
        self._histories: dict[Frontiers, Histories] = {}
        self._known: dict[Key, dict[str, Tally]] = {}

    def observe(self, sources: Sequence[str], progress: Progress | None = None) -> Seen:
        """What the recordings show, as far as they can be read."""
        seen = Seen()
        for source in sources:
            try:
                with open_recording(source, self.checker.memory) as reader:
                    self._take(seen, source, reader)
            except TraceError as error:
                seen.unreadable.append(str(error))
            seen.recordings += 1
            if progress is not None:
                progress(seen.recordings, len(sources))
        return seen

    def _take(self, seen: Seen, source: str, reader: TraceReader) -> None:
        pass_ = Pass(self.checker, reader.header)
        key = pass_.said_by(reader)
        tallies = None if key is None else self._known.get(key)
        if tallies is None:
            error = pass_.take_all(reader)
            tallies = dict(self.tallies(pass_))
            if error is not None:
                seen.unreadable.append(error)
            elif key is not None:
                self._known[key] = tallies
        for name, peer in reader.header.peers.items():
            stack = (peer.stack.name, peer.stack.version)
            seen.by_stack.setdefault(stack, Tally()).add(tallies[name], source)

    def tallies(self, pass_: Pass) -> Iterator[tuple[str, Tally]]:
        """What each peer of a recording that was followed shows."""
        moments: dict[str, list[Moment]] = {name: [] for name in pass_.peers}
        for moment in pass_.moments:
            moments[moment.said.peer].append(moment)
        for name, peer in pass_.peers.items():
            own = moments[name]
            tally = Tally(peers=1, partly=int(peer.undecided is not None))
            tally.departures = sum(one.diagnosis is not None for one in own)
            if DIAGRAMS[self.what].shown is None:
                _count_changes(tally, changes_of(pass_.header.peers[name], own), own)
            else:
                self._count_steps(tally, peer.frontiers, own)
            yield name, tally

    def _count_steps(self, tally: Tally, frontiers: Frontiers, moments: list[Moment]) -> None:
        shown_by = DIAGRAMS[self.what].shown
        assert shown_by is not None
        if frontiers not in self._histories:
            self._histories[frontiers] = Histories(frontiers)
        for taken in self._histories[frontiers].history(moments):
            for step in () if taken.way is None else taken.way.steps:
                for shown in shown_by(frontiers.specifications[0], *step):
                    tally.count(shown, taken.moment.line)


def changes_of(peer: format.Peer, moments: Iterable[Moment]) -> list[Change]:
    """The changes of the signaling state that the observations of a peer show."""
    told = [(one.line, one.observation) for one in moments]
    failed = (one.call for _, one in told if isinstance(one, format.Reject | format.Throw))
    settles = {one.call: line for line, one in told if isinstance(one, format.Resolve)}
    watching = Watching(peer, frozenset(failed), settles)
    return [change for line, one in told for change in watching.take(line, one)]


_ABOUT_THE_STATE = ("STATE-", "OP-ACCEPTED", "OP-ORDER", "OP-AFTER-CLOSE", "DESCRIPTION-STATE")
"""Departures that a change of the signaling state may be; others in the same lines say nothing."""


def _count_changes(tally: Tally, changes: list[Change], moments: list[Moment]) -> None:
    departures = [(one.line, found.id) for one in moments for found in one.diagnoses]
    for change in changes:
        shown = shown_of(change)
        if shown is None:
            found = [id for line, id in departures if change.since < line <= change.line]
            if not any(map(_says_so(change), found)):
                tally.late += 1
                continue
            shown = Shown(change.source, change.target, _called(change))
        tally.count(shown, change.line)


def _says_so(change: Change) -> Callable[[str], bool]:
    """Whether a departure with this id tells that a change is none of the table's.

    A remote offer may have rolled back first, and nobody looked in between.
    """
    about = "STATE-" if change.may_be_two else _ABOUT_THE_STATE
    return lambda id: id.startswith(about)


def shown_of(change: Change) -> Shown | None:
    """The edge of the table's diagram that shows the change; None: it has none."""
    if change.closing:
        return CLOSING
    if change.side is None and (change.source, change.target) in _JOINED:
        return Shown(change.source, change.target, UNTOLD)
    if not change.is_in_the_table:
        return None
    return _ROWS[change.source, change.side or "", change.type or ""]


_KNOWN_WORDS = {*map(str, Side), *map(str, SdpType)}


def _called(change: Change) -> str:
    """What was set, as a label; a type that there is not is quoted."""
    if change.side is None:
        return UNTOLD
    type = change.type
    return f"{change.side} {type if type in _KNOWN_WORDS else repr(type)}"
