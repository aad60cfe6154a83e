"""Recordings of which something is missing: calls, contents, or the beginning.

What was not recorded may have been called at any time. So of such a recording only that is judged
which no hidden call can touch: the signaling state, the operations chain, and when
negotiationneeded may fire at all. The model is the same; it follows the peer without transceivers
and without what descriptions say, and two freedoms stand for what is not seen: something may need
negotiation at any time, and a description may be refused for what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.profiles import Profile, profile_named
from negotiation.model import (
    METHODS,
    Arguments,
    Call,
    Connection,
    Description,
    Readings,
    SdpType,
    SignalingState,
    Specification,
    Turn,
)
from negotiation.model.state import Microtask, Operation

replace = msgspec.structs.replace

FOLLOWED = frozenset(
    {"createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription", "close"}
)
"""The calls that move the signaling state or the chain, whatever else was called."""

CHANGING = frozenset({"setLocalDescription", "setRemoteDescription", "close"})
"""Those of which one that nobody saw can have changed the signaling state."""

UNSEEN_CALL = -1
"""The number of a call that was made before the recording began: its end is in no line of it."""

_LEAVING = Microtask("remove", UNSEEN_CALL)

WRONG_STATE = "InvalidStateError"
OTHER_ERROR = "OperationError"

_ASSUMING = {
    "implementation-specific-negotiation": "on",
    "failing-for-other-reasons": "on",
}


def half_of(profile: Profile) -> Profile:
    """What is judged of a half-seen recording with this profile."""
    return replace(
        profile,
        labels=profile.labels & {"resolve", "reject"},
        events=profile.events & {"signalingstatechange", "negotiationneeded"},
        reads=profile.reads & {"signalingState"},
        descriptions=False,
        tasks=False,
        hidden=profile.hidden | {"before the recording"},
    )


def judged_profile(peer: format.Peer) -> Profile:
    """The profile that a peer of a trace is judged by.

    Raises:
        UsageError: there is none of that name.
    """
    profile = profile_named(peer.profile)
    is_half = profile.is_half_seen or peer.begins == "unknown"
    return half_of(profile) if is_half else profile


def limits_of(header: format.Header) -> Iterator[str]:
    """What cannot be concluded from a trace, each reason once, with the peers it is true of."""
    told: dict[str, list[str]] = {}
    for name, peer in header.peers.items():
        for reason in _limits(peer):
            told.setdefault(reason, []).append(name)
    for reason, names in told.items():
        yield f"{' and '.join(names)}: {reason}"


def _limits(peer: format.Peer) -> Iterator[str]:
    profile = profile_named(peer.profile)
    if profile.is_half_seen:
        yield (
            f"the recorder may have missed {_missed(profile)}: whether negotiationneeded was "
            "spurious or fired twice, transceivers and what descriptions say are not judged"
        )
    if peer.begins == "unknown":
        yield (
            "the recording does not begin with the connection: every state that it could have "
            "been in is followed, and an event that never came proves nothing"
        )


def _missed(profile: Profile) -> str:
    """Which calls a recorder may have missed, said the shorter way."""
    seen = sorted(METHODS.keys() - profile.hidden)
    if not seen:
        return "every call"
    if len(seen) < len(profile.hidden):
        return f"all calls but {', '.join(seen)}"
    return f"calls ({', '.join(sorted(profile.hidden))})"


def readings_for(readings: Readings, profile: Profile) -> Readings:
    """The readings under which a recording with this profile is judged."""
    return readings.changed(_ASSUMING) if profile.is_half_seen else readings


def half_told(one: AnyObservation) -> AnyObservation | None:
    """What an observation says of what is judged; None: nothing."""
    match one:
        case format.Call():
            return _half_called(one) if one.method in FOLLOWED else None
        case format.Resolve():
            return replace(one, description=None, state=_state(one), task=None)
        case format.Reject() | format.Throw():
            # A method that returns a promise and throws instead comes to the same.
            error = _half_error(one.error)
            return format.Reject(n=one.n, t=one.t, peer=one.peer, call=one.call, error=error)
        case format.Event():
            return replace(one, state=_state(one), task=None, within=None, transceiver=None)
        case format.Idle():
            return replace(one, state=_state(one), pending=())
    return None


def _half_error(error: str) -> str:
    """What an error's name proves: the wrong state, something else, or ("") nothing.

    That a description was modified is found before its type is compared with the state.
    """
    if error in ("", "InvalidModificationError"):
        return ""
    return WRONG_STATE if error == WRONG_STATE else OTHER_ERROR


def _half_called(one: format.Call) -> format.Call:
    given = one.args.description
    known = None if given is None else format.DescriptionRef(given.type)
    return replace(one, args=format.Arguments(description=known), task=None, within=None)


def _state(one: format.Observation) -> format.Reading | None:
    if one.state is None:
        return None
    return format.Reading(signalingState=one.state.signalingState)


@lru_cache(maxsize=64)
def beginnings(specification: Specification) -> tuple[Connection, ...]:
    """Where a connection can be when its recording begins late: closed, or in each other state,
    with an operation in the chain or none, whatever its negotiation-needed flag is."""
    closed = replace(
        specification.initial(None), is_closed=True, signaling_state=SignalingState.CLOSED
    )
    open = (one for calls in _WAYS for one in _beginnings_after(specification, calls))
    return (closed, *open)


def _beginnings_after(
    specification: Specification, calls: tuple[Call, ...]
) -> Iterator[Connection]:
    reached = specification.initial(None)
    for number, call in enumerate(calls, start=2):
        reached = _carried_out(specification, reached, replace(call, call=-number))
    for needed in (False, True):
        there = replace(reached, negotiation_needed=needed)
        yield there
        for call in _UNDER_WAY:
            yield from map(_at_rest, specification.call(there, call))


def behind_unseen(connection: Connection) -> tuple[Operation, ...] | None:
    """What is chained behind a call from before the recording that is just leaving the chain.

    None where none is leaving. Nothing else of the state outlives one more such call.
    """
    if _LEAVING not in connection.microtasks or connection.is_closed:
        return None
    return connection.operations[1:]


def next_unseen(
    specification: Specification, behind: tuple[Operation, ...]
) -> Iterator[Connection]:
    """The states in which one more call was made before the recording began.

    It was chained behind the one that is leaving the chain, and before all that were seen.
    """
    for begun in beginnings(specification):
        if begun.operations:
            yield replace(begun, operations=(*begun.operations, *behind))


def hidden_calls(
    specification: Specification, connection: Connection, methods: frozenset[str]
) -> Iterator[Connection]:
    """The states in which one of these methods, which the recorder misses, has just been called."""
    if connection.is_closed or not specification.may_script_run(connection):
        return
    at_rest = connection.turn is Turn.IDLE and not connection.operations
    for begun in beginnings(specification):
        if begun.is_closed:
            if "close" in methods:
                yield begun
        elif at_rest and _is_next(connection, begun, methods):
            yield begun


def _is_next(connection: Connection, begun: Connection, methods: frozenset[str]) -> bool:
    """Whether a state is the other one, with an operation of one of these methods begun."""
    if not begun.operations or begun.operations[0].method not in methods:
        return False
    alike = begun.signaling_state is connection.signaling_state
    return alike and begun.negotiation_needed is connection.negotiation_needed


_LOCAL, _REMOTE = "setLocalDescription", "setRemoteDescription"


def untold(method: str, type: SdpType | None) -> Description | None:
    """What was set, where nobody tells: a text without m-sections, as a remote description."""
    return Description(type or SdpType.OFFER) if method == _REMOTE else None


def _set(method: str, type: SdpType | None) -> Call:
    return Call(UNSEEN_CALL, method, Arguments(type=type, description=untold(method, type)))


_WAYS: tuple[tuple[Call, ...], ...] = (
    (),
    (_set(_LOCAL, SdpType.OFFER),),
    (_set(_REMOTE, SdpType.OFFER),),
    (_set(_LOCAL, SdpType.OFFER), _set(_REMOTE, SdpType.PRANSWER)),
    (_set(_REMOTE, SdpType.OFFER), _set(_LOCAL, SdpType.PRANSWER)),
)
"""Calls that lead to each signaling state."""

_UNDER_WAY = (
    Call(UNSEEN_CALL, "createOffer"),
    Call(UNSEEN_CALL, "createAnswer"),
    _set(_LOCAL, None),
    *(_set(method, type) for method in (_LOCAL, _REMOTE) for type in SdpType),
)


def _carried_out(specification: Specification, before: Connection, call: Call) -> Connection:
    """The connection after a call that succeeded, and all that followed from it."""
    state = _at_rest(next(iter(specification.call(before, call))))
    while state.operations or state.tasks or state.turn is not Turn.IDLE:
        state = _first(after for _, after in specification.successors(state))
    return replace(state, last_created_offer=None, last_created_answer=None)


def _first(states: Iterable[Connection]) -> Connection:
    return next(iter(states))


def _at_rest(connection: Connection) -> Connection:
    """The script that made the call has long ended."""
    return replace(connection, turn=Turn.IDLE, entered=False, outcome=None)
