"""One thing wrong with a recording: an observation dropped, doubled, moved, inserted or altered."""

from __future__ import annotations

import random
from typing import Any

import msgspec

from negotiation.conformance.traces import format

Observations = list[format.Observation]
Injected = tuple[str, Observations] | None
"""A name for what was done ("drop event negotiationneeded"), and the result; None: not possible."""

replace = msgspec.structs.replace
STATES = ("stable", "have-local-offer", "have-remote-offer", "have-local-pranswer", "closed")
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive", "stopped")
ERRORS = ("InvalidStateError", "OperationError", "InvalidAccessError", "TypeError")


def name_of(one: format.Observation) -> str:
    kind = str(one.__struct_config__.tag)
    return f"{kind} {one.name}" if isinstance(one, format.Event) else kind


def _outputs(told: Observations) -> list[int]:
    shown = format.Return | format.Throw | format.Resolve | format.Reject | format.Event
    return [index for index, one in enumerate(told) if isinstance(one, shown)]


def _pick(rng: random.Random, told: Observations) -> int | None:
    candidates = _outputs(told)
    return rng.choice(candidates) if candidates else None


def drop(rng: random.Random, told: Observations) -> Injected:
    index = _pick(rng, told)
    if index is None:
        return None
    return f"drop {name_of(told[index])}", told[:index] + told[index + 1 :]


def double(rng: random.Random, told: Observations) -> Injected:
    events = [index for index in _outputs(told) if isinstance(told[index], format.Event)]
    if not events:
        return None
    index = rng.choice(events)
    later = rng.randrange(index + 1, min(index + 4, len(told)) + 1)
    again = _reread(told, later, told[index])
    return f"double {name_of(again)}", [*told[:later], again, *told[later:]]


def move(rng: random.Random, told: Observations) -> Injected:
    index = _pick(rng, told)
    if index is None:
        return None
    one = told[index]
    rest = told[:index] + told[index + 1 :]
    least = _begun(rest, one)
    target = rng.randrange(max(least, index - 4), min(index + 4, len(rest)) + 1)
    if target == index:
        return None
    return f"move {name_of(one)}", [*rest[:target], _reread(rest, target, one), *rest[target:]]


def _begun(told: Observations, one: format.Observation) -> int:
    """A settlement cannot be told before its call: that would be no trace at all."""
    call = getattr(one, "call", None)
    begun = [i for i, each in enumerate(told) if isinstance(each, format.Call) and each.id == call]
    return begun[0] + 1 if begun else 0


def insert(rng: random.Random, told: Observations) -> Injected:
    name = rng.choice(["negotiationneeded", "signalingstatechange"])
    index = rng.randrange(len(told) + 1)
    event = format.Event(n=0, t=0, peer=told[0].peer, name=name)
    return f"insert event {name}", [*told[:index], _reread(told, index, event), *told[index:]]


def _reread(told: Observations, index: int, one: format.Observation) -> format.Observation:
    """What would have been read there: as with the observation before."""
    states = [each.state for each in told[:index] if each.state is not None]
    unread = format.Reading("stable", (), format.Descriptions())
    return replace(one, state=states[-1] if states else unread)


def alter_outcome(rng: random.Random, told: Observations) -> Injected:
    index = _pick(rng, told)
    if index is None:
        return None
    one, changed = told[index], None
    match one:
        case format.Reject():
            changed = _with_error(rng, one)
        case format.Throw():
            changed = _with_error(rng, one)
        case format.Return():
            changed = format.Throw(**_common(one), call=one.call, error=rng.choice(ERRORS))
        case format.Resolve():
            changed = format.Reject(**_common(one), call=one.call, error=rng.choice(ERRORS))
        case format.Event():
            names = {"negotiationneeded", "signalingstatechange", "track"} - {one.name}
            changed = format.Event(**_common(one), name=rng.choice(sorted(names)))
    if changed is None or changed == one:
        return None
    return f"alter {name_of(one)} to {name_of(changed)}", [
        *told[:index],
        changed,
        *told[index + 1 :],
    ]


def _with_error(rng: random.Random, one: format.Reject | format.Throw) -> format.Observation:
    if rng.random() < 0.5:
        return replace(one, error=rng.choice(ERRORS))
    if isinstance(one, format.Throw):
        return format.Return(**_common(one), call=one.call)
    return format.Resolve(**_common(one), call=one.call)


def _common(one: format.Observation) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("n", "t", "peer", "task", "within", "state")}


def alter_reading(rng: random.Random, told: Observations) -> Injected:
    read = [index for index, one in enumerate(told) if one.state is not None]
    if not read:
        return None
    index = rng.choice(read)
    state = told[index].state
    assert state is not None
    changed, what = rng.choice([_state, _direction, _current, _mid, _types])(rng, state)
    if changed == state:
        return None
    altered = replace(told[index], state=changed)
    return f"alter {what}", [*told[:index], altered, *told[index + 1 :]]


def _state(rng: random.Random, state: format.Reading) -> tuple[format.Reading, str]:
    return replace(state, signalingState=rng.choice(STATES)), "signalingState"


def _transceiver(
    rng: random.Random, state: format.Reading, **changes: str | None
) -> format.Reading:
    each = list(state.transceivers or ())
    if each:
        index = rng.randrange(len(each))
        each[index] = replace(each[index], **changes)
    return replace(state, transceivers=tuple(each))


def _direction(rng: random.Random, state: format.Reading) -> tuple[format.Reading, str]:
    return _transceiver(rng, state, direction=rng.choice(DIRECTIONS)), "transceiver"


def _current(rng: random.Random, state: format.Reading) -> tuple[format.Reading, str]:
    current = rng.choice([*DIRECTIONS, None])
    return _transceiver(rng, state, currentDirection=current), "transceiver"


def _mid(rng: random.Random, state: format.Reading) -> tuple[format.Reading, str]:
    """Null or not: which mid it is, is the stack's own choice."""
    each = list(state.transceivers or ())
    if not each or each[0].mid is None:
        return state, "transceiver"
    each[0] = replace(each[0], mid=None)
    return replace(state, transceivers=tuple(each)), "transceiver"


def _types(rng: random.Random, state: format.Reading) -> tuple[format.Reading, str]:
    types = state.descriptions or format.Descriptions()
    name = rng.choice(types.__struct_fields__)
    changed = replace(types, **{name: rng.choice(["offer", "answer", "pranswer", None])})
    return replace(state, descriptions=changed), "descriptions"


FAULTS = (drop, double, move, insert, alter_outcome, alter_reading)
