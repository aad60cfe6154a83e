"""Forbidden: calls that end otherwise than they must, twice, never, or in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negotiation.conformance.traces import format

from .judgeable import (
    OPERATIONS,
    PROMISED,
    SETTING,
    calls_between,
    closes,
    is_closed_before,
    is_prompt,
    is_seen_whole,
    seen,
    settled_quiet,
    settlement_of,
    state_of,
)
from .recorded import Recording, inserted, moved, replace, replaced
from .rows import CHAIN, SET, TRACES, Place, Row
from .wrong_events import doubled, dropped

SETTLEMENTS = (format.Resolve, format.Reject)
OF_SCRIPTS = (format.Call, format.Return, format.Throw, format.Receive, format.Send, format.Mark)
WEBIDL = "https://webidl.spec.whatwg.org/#js-operations"

ERRORS = {
    "createOffer": {"InvalidStateError", "OperationError"},
    "createAnswer": {"InvalidStateError", "OperationError"},
    "addIceCandidate": {"InvalidStateError", "OperationError", "TypeError"},
    "replaceTrack": {"InvalidStateError", "InvalidModificationError", "TypeError"},
    "stop": {"InvalidStateError"},
    "removeTrack": {"InvalidStateError", "InvalidAccessError", "TypeError"},
    "direction": {"InvalidStateError", "TypeError"},
    "addTrack": {"InvalidStateError", "InvalidAccessError", "TypeError"},
}
"""The errors that the steps of a method give; of the others, any of `NAMES` might be one."""

NAMES = ("InvalidAccessError", "InvalidModificationError", "InvalidStateError", "TypeError")
NEVER = "NotAllowedError"
"""An error that no step of any of the methods gives."""


def _settlements(recording: Recording, *labels: str) -> Iterator[tuple[int, Any, format.Call]]:
    """The settlements that are told when they happen, with their calls."""
    calls = recording.calls()
    for at, one in seen(recording):
        if isinstance(one, SETTLEMENTS) and is_prompt(recording, one.peer, *labels):
            yield at, one, calls[one.call]


def _endings(recording: Recording) -> Iterator[tuple[int, Any, format.Call]]:
    """The returns and throws, with their calls."""
    calls = recording.calls()
    for at, one in seen(recording):
        told = recording.profile(one.peer).labels
        if isinstance(one, format.Return | format.Throw) and {"return", "throw"} <= told:
            yield at, one, calls[one.call]


# Never, twice, for another call.


def settled_until_quiet(recording: Recording) -> Iterator[Place]:
    """A settlement, where the recording has settled later, and the peer is not closed by then."""
    for at, one in seen(recording):
        if not isinstance(one, SETTLEMENTS):
            continue
        if not {"resolve", "reject"} <= recording.profile(one.peer).labels:
            continue
        quiet = settled_quiet(recording, at)
        if quiet is not None and not is_closed_before(recording, quiet):
            yield Place(at)


def settlements(recording: Recording) -> Iterator[Place]:
    """Every settlement."""
    return (Place(at) for at, one in seen(recording) if isinstance(one, SETTLEMENTS))


def of_other_calls(recording: Recording) -> Iterator[Place]:
    """A settlement, and a call of the peer that gives no promise."""
    calls = recording.calls()
    for at, one in seen(recording):
        if isinstance(one, SETTLEMENTS):
            earlier = (recording.told[i] for i in recording.earlier(at))
            for call in earlier:
                if isinstance(call, format.Return) and calls[call.call].method not in PROMISED:
                    yield Place(at, call.call)
                    break


def of_another_call(recording: Recording, place: Place) -> Recording:
    """The settlement is told of another call."""
    return replaced(recording, place.at, replace(recording.told[place.at], call=place.to))


def returned(recording: Recording) -> Iterator[Place]:
    """The return or throw of a call, behind which more is told of the peer than a remark."""
    for at, _, _ in _endings(recording):
        later = next(recording.later(at), None)
        if later is not None:
            then = recording.told[later]
            if isinstance(then, format.Call | format.Event | format.Resolve | format.Reject):
                yield Place(at)


# The order.


def chained_pairs(recording: Recording) -> Iterator[Place]:
    """Two settlements of the chain that are told one after the other, the later one with work.

    The second operation's work ends in a task of its own, after the first has left the chain.
    """
    calls = recording.calls()
    for at, one, call in _settlements(recording, "resolve", "reject"):
        later = next(recording.later(at), None)
        then = None if later is None else recording.told[later]
        if later is None or not isinstance(then, format.Resolve) or not _is_chained(one, call):
            continue
        other = calls[then.call]
        works = other.method in OPERATIONS - {"addIceCandidate"}
        if works and other in recording.told[:at] and _first(recording, call, other):
            yield Place(at, later)


def _first(recording: Recording, one: format.Call, other: format.Call) -> bool:
    return recording.told.index(one) < recording.told.index(other)


def _is_chained(one: Any, call: format.Call) -> bool:
    """Whether this is the settlement of an operation, and not of a promise returned settled."""
    refused = isinstance(one, format.Reject) and (
        one.error in ("TypeError", "") or state_of(one) in ("closed", None)
    )
    return call.method in OPERATIONS and not refused


def swapped(recording: Recording, place: Place) -> Recording:
    """The two settlements are told the other way round, each with what was read there."""
    first, second = recording.told[place.at], recording.told[place.to]
    ahead = replace(second, state=first.state, task=first.task, within=first.within)
    behind = replace(first, state=second.state, task=second.task, within=second.within)
    return replaced(replaced(recording, place.at, ahead), place.to, behind)


def closed_later(recording: Recording) -> Iterator[Place]:
    """A fulfilled operation, and a script's close() that comes after it."""
    for at, one, call in _settlements(recording, "resolve"):
        if isinstance(one, format.Resolve) and call.method in OPERATIONS:
            closed = (end for start, end in _scripts_closing(recording, one.peer) if start > at)
            yield from (Place(at, end + 1) for end in closed)


def _scripts_closing(recording: Recording, peer: str) -> Iterator[tuple[int, int]]:
    """Where a script closes the peer, and where that returns: in no handler and no reaction."""
    for close in closes(recording, peer):
        behind = next(recording.later(close), None)
        task, within = recording.told[close].task, recording.told[close].within
        if behind is None or task is None or within is not None:
            continue
        of_task = (recording.told[i] for i in recording.of(peer) if recording.told[i].task == task)
        if all(isinstance(one, OF_SCRIPTS) for one in of_task):
            yield close, behind


def left_pending(recording: Recording) -> Iterator[Place]:
    """The return of a script's close(), and an operation before it that never settled."""
    for peer in recording.header.peers:
        if not is_seen_whole(recording, peer) or not is_prompt(
            recording, peer, "resolve", "reject"
        ):
            continue
        for close, end in _scripts_closing(recording, peer):
            if settled_quiet(recording, end) is None:
                continue
            for call in calls_between(recording, -1, close):
                if call.method in OPERATIONS and settlement_of(recording, call.id) is None:
                    yield Place(end, call.id)


def settled_all_the_same(recording: Recording, place: Place) -> Recording:
    """The operation is told as fulfilled after close()."""
    one = recording.told[place.at]
    settled = format.Resolve(n=one.n, t=one.t, peer=one.peer, state=one.state, call=place.to)
    return inserted(recording, place.at + 1, settled)


def settled_behind(recording: Recording, place: Place) -> Recording:
    """The settlement is told behind the return of close(), and reads what was read there."""
    state = recording.told[place.to - 1].state
    one = replace(recording.told[place.at], state=state, task=None, within=None)
    return moved(recording, place.at, place.to, one)


# The outcome.


def _as_told(one: format.Observation) -> dict[str, Any]:
    """What stays when a call is told to have ended in another way."""
    kept = ("n", "t", "peer", "task", "within", "state", "call")
    return {name: getattr(one, name) for name in kept}


def fulfilled(recording: Recording) -> Iterator[Place]:
    """A promise that was fulfilled."""
    for at, one, call in _settlements(recording, "resolve", "reject"):
        if isinstance(one, format.Resolve) and call.method in OPERATIONS:
            yield Place(at, what=NEVER)
            if call.method in SETTING and state_of(one) is not None:
                yield Place(at, what="InvalidStateError")


def told_as_rejected(recording: Recording, place: Place) -> Recording:
    """The promise is told as rejected."""
    one = recording.told[place.at]
    assert isinstance(one, format.Resolve)
    rejected = format.Reject(**_as_told(one), error=place.what)
    return replaced(recording, place.at, rejected)


def rejected_as_it_must(recording: Recording) -> Iterator[Place]:
    """A promise that was rejected for what a script can see: a state, an argument, a text."""
    for at, one, call in _settlements(recording, "resolve", "reject"):
        if isinstance(one, format.Reject) and _must_reject(recording, one, call):
            yield Place(at)


def _must_reject(recording: Recording, one: format.Reject, call: format.Call) -> bool:
    if one.error in ("InvalidStateError", "TypeError"):
        return True
    described = call.args.description
    if one.error != "OperationError" or described is None or described.sdp is None:
        return False
    return recording.sdps[described.sdp].summary.problem in ("empty", "syntax")


def told_as_fulfilled(recording: Recording, place: Place) -> Recording:
    """The promise is told as fulfilled; nothing else changed."""
    one = recording.told[place.at]
    assert isinstance(one, format.Reject)
    resolved = format.Resolve(**_as_told(one))
    return replaced(recording, place.at, resolved)


def named_errors(recording: Recording) -> Iterator[Place]:
    """An error whose name is known, and a name that no step of the method gives."""
    told = [*_settlements(recording, "reject"), *_endings(recording)]
    for at, one, call in told:
        if isinstance(one, format.Reject | format.Throw) and one.error:
            yield Place(at, what=NEVER)
            given = ERRORS.get(call.method, set(NAMES))
            yield from (Place(at, what=name) for name in NAMES if name not in given)


def with_another_error(recording: Recording, place: Place) -> Recording:
    """The error has another name."""
    return replaced(recording, place.at, replace(recording.told[place.at], error=place.what))


def thrown(recording: Recording) -> Iterator[Place]:
    """A call that threw."""
    return (Place(at) for at, one, _ in _endings(recording) if isinstance(one, format.Throw))


def told_as_returned(recording: Recording, place: Place) -> Recording:
    """The call is told as one that returned."""
    one = recording.told[place.at]
    assert isinstance(one, format.Throw)
    ended = format.Return(**_as_told(one))
    return replaced(recording, place.at, ended)


def not_thrown(recording: Recording) -> Iterator[Place]:
    """A call that returned. What setConfiguration may not change is not always known."""
    for at, one, call in _endings(recording):
        if isinstance(one, format.Return) and call.method not in PROMISED:
            yield Place(at, what=NEVER)
            if call.method not in ("setConfiguration", "createDataChannel"):
                yield Place(at, what="InvalidStateError")


def told_as_thrown(recording: Recording, place: Place) -> Recording:
    """The call is told as one that threw."""
    one = recording.told[place.at]
    assert isinstance(one, format.Return)
    ended = format.Throw(**_as_told(one), error=place.what)
    return replaced(recording, place.at, ended)


def returned_values(recording: Recording) -> Iterator[Place]:
    """A call that returned a transceiver."""
    for at, one, _ in _endings(recording):
        if isinstance(one, format.Return) and one.value is not None:
            yield Place(at)


def with_another_value(recording: Recording, place: Place) -> Recording:
    """The call returns a transceiver that was never seen."""
    return replaced(recording, place.at, replace(recording.told[place.at], value="t99"))


WRONG_ENDINGS = (
    Row(
        "settlement-dropped",
        "forbidden",
        CHAIN,
        "An operation's promise is settled unless the connection is closed, and all was quiet.",
        settled_until_quiet,
        dropped,
    ),
    Row(
        "settlement-doubled",
        "forbidden",
        TRACES,
        "A promise settles once.",
        settlements,
        doubled,
    ),
    Row(
        "settlement-of-another-call",
        "forbidden",
        TRACES,
        "The call that is named gives no promise.",
        of_other_calls,
        of_another_call,
    ),
    Row(
        "return-dropped",
        "forbidden",
        TRACES,
        "A call returns, or throws, before anything else can run.",
        returned,
        dropped,
    ),
    Row(
        "settlements-swapped",
        "forbidden",
        CHAIN,
        "An operation runs when those chained before it have settled, and its work ends in a task "
        "of its own.",
        chained_pairs,
        swapped,
    ),
    Row(
        "settlement-after-close",
        "forbidden",
        CHAIN,
        "Once [[IsClosed]] is true, the steps abort: the promise stays pending.",
        closed_later,
        settled_behind,
    ),
    Row(
        "left-pending-told-as-settled",
        "forbidden",
        CHAIN,
        "close() leaves the operation's promise pending for ever.",
        left_pending,
        settled_all_the_same,
    ),
    Row(
        "fulfilled-told-as-rejected",
        "forbidden",
        SET,
        "The steps reject with other errors, and in another state.",
        fulfilled,
        told_as_rejected,
    ),
    Row(
        "rejected-told-as-fulfilled",
        "forbidden",
        SET,
        "The steps reject for a state, an argument or a text that is the same as it was.",
        rejected_as_it_must,
        told_as_fulfilled,
    ),
    Row(
        "another-error",
        "forbidden",
        "#dom-rtcpeerconnection",
        "No step of the method gives an error of this name.",
        named_errors,
        with_another_error,
    ),
    Row(
        "thrown-told-as-returned",
        "forbidden",
        "#rtcpeerconnection-interface-extensions",
        "The steps throw for a state or an argument that is the same as it was.",
        thrown,
        told_as_returned,
    ),
    Row(
        "returned-told-as-thrown",
        "forbidden",
        "#rtcpeerconnection-interface-extensions",
        "The steps do not throw in this state, with these arguments.",
        not_thrown,
        told_as_thrown,
    ),
    Row(
        "another-transceiver-returned",
        "forbidden",
        "#dom-rtcpeerconnection-addtransceiver",
        "The method returns the transceiver that it created, or took.",
        returned_values,
        with_another_value,
    ),
)
"""What the text says of the ends of calls."""
