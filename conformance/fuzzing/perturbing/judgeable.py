"""What of a recording the text can decide: who is seen whole, when it is quiet, what is open."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.profiles import CHAINED
from negotiation.conformance.traces.said import is_settled

from .recorded import Recording, Settlement

OPERATIONS = CHAINED | {"replaceTrack"}
"""Methods that go through the operations chain."""

SETTING = frozenset({"setLocalDescription", "setRemoteDescription"})
PROMISED = OPERATIONS | {"setParameters"}

OF_CALLS = (format.Call, format.Return, format.Throw)
OUTPUTS = (format.Return, format.Throw, format.Resolve, format.Reject, format.Event)


def is_seen_whole(recording: Recording, peer: str) -> bool:
    """Whether no call of the peer can be missing, from its construction on."""
    told = recording.header.peers[peer]
    return told.begins == "constructed" and not recording.profile(peer).hidden


def seen(recording: Recording) -> Iterator[tuple[int, AnyObservation]]:
    """The observations of peers that are seen whole, with their places."""
    whole = [peer for peer in recording.header.peers if is_seen_whole(recording, peer)]
    return ((at, one) for at, one in enumerate(recording.told) if one.peer in whole)


def is_prompt(recording: Recording, peer: str, *labels: str) -> bool:
    """Whether the recorder tells these labels (or "event"), and tells them when they happen."""
    profile = recording.profile(peer)
    told = profile.labels | {"event"}
    return set(labels) <= told and not profile.late & set(labels)


def events(recording: Recording, name: str) -> Iterator[tuple[int, format.Event]]:
    """The events of a name, of recorders that tell all of them when they are dispatched."""
    for at, one in seen(recording):
        if isinstance(one, format.Event) and one.name == name and tells(recording, one.peer, name):
            yield at, one


def tells(recording: Recording, peer: str, name: str) -> bool:
    """Whether the recorder tells each event of this name when it is dispatched."""
    return name in recording.profile(peer).events and is_prompt(recording, peer, "event")


def reads(recording: Recording, peer: str, name: str) -> bool:
    """Whether an attribute's readings count with this recorder."""
    return name in recording.profile(peer).reads


def state_of(one: format.Observation) -> str | None:
    """The signaling state that was read with an observation."""
    return None if one.state is None else one.state.signalingState


def settled_quiet(recording: Recording, at: int) -> int | None:
    """Where the peer is next settled after this place; None: that was not recorded."""
    for later in recording.later(at):
        one = recording.told[later]
        if isinstance(one, format.Idle) and is_settled(one):
            return later
    return None


def last_quiet(recording: Recording, at: int) -> int:
    """Where the peer was settled last before this place; -1: it was just constructed then."""
    for before in recording.earlier(at):
        one = recording.told[before]
        if isinstance(one, format.Idle) and is_settled(one):
            return before
    return -1


def calls_between(recording: Recording, first: int, last: int) -> Iterator[format.Call]:
    """The calls that the peer of `last` makes after the one place, and before the other."""
    peer = recording.told[min(last, len(recording.told) - 1)].peer
    for one in recording.told[first + 1 : last]:
        if isinstance(one, format.Call) and one.peer == peer:
            yield one


def settlement_of(recording: Recording, call: int) -> tuple[int, Settlement] | None:
    """How a call's promise settled, and where that was told."""
    for at, one in enumerate(recording.told):
        if isinstance(one, format.Resolve | format.Reject) and one.call == call:
            return at, one
    return None


def closes(recording: Recording, peer: str) -> list[int]:
    """Where the peer was closed."""
    return [
        at
        for at, one in enumerate(recording.told)
        if isinstance(one, format.Call) and one.method == "close" and one.peer == peer
    ]


def is_closed_before(recording: Recording, at: int) -> bool:
    """Whether close() was called on the peer of this observation before it."""
    return any(close < at for close in closes(recording, recording.told[at].peer))
