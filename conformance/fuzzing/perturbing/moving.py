"""What a script does next, and what is told behind it instead of before."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation

from .recorded import Recording, replace
from .rows import Place


def not_measured(one: AnyObservation) -> AnyObservation:
    """Idle time, of which nothing is known but what was read."""
    if isinstance(one, format.Idle):
        return replace(one, quiet=0.0, turns=0, canary=False, pending=())
    return one


def after_idles(recording: Recording, at: int) -> Iterator[int]:
    """Where the peer's observations are behind this one and the idle times after it."""
    later = recording.later(at)
    return itertools.dropwhile(lambda i: isinstance(recording.told[i], format.Idle), later)


def script_after(recording: Recording, at: int, fits: Callable[[format.Call], bool]) -> int | None:
    """The end of the script's task that comes next, if each call in it returns, and fits.

    A recording may break off within the task, but not before the last call returned.
    """
    calls = recording.calls()
    last: int | None = None
    for i in after_idles(recording, at):
        one = recording.told[i]
        if last is None and not is_new_task(recording, at, one.task):
            return None
        if last is not None and one.task != recording.told[last].task:
            break
        if not isinstance(one, format.Call | format.Return) or one.within is not None:
            return None
        if not fits(one if isinstance(one, format.Call) else calls[one.call]):
            return None
        last = i
    returned = last is not None and isinstance(recording.told[last], format.Return)
    return last if returned else None


def is_new_task(recording: Recording, at: int, task: int | None) -> bool:
    """Whether a task is known, and none that was told of before or at this place."""
    earlier = (recording.told[i].task for i in recording.earlier(at))
    return task is not None and task not in (recording.told[at].task, *earlier)


def behind(
    recording: Recording,
    block: Sequence[int],
    to: int,
    told: Callable[[AnyObservation], AnyObservation],
    passed: Callable[[AnyObservation], AnyObservation] = not_measured,
) -> Recording:
    """With some observations (as `told`) behind another; those `passed` are told so."""
    peer = recording.told[to].peer
    between = [i for i in range(block[0], to + 1) if i not in block]
    order = [*range(block[0]), *between, *block, *range(to + 1, len(recording.told))]
    changed = {i: passed(recording.told[i]) for i in between if recording.told[i].peer == peer}
    changed |= {i: told(recording.told[i]) for i in block}
    return replace(
        recording,
        told=tuple(changed.get(i, recording.told[i]) for i in order),
        lines=tuple(recording.lines[i] for i in order),
    )


def event_later(recording: Recording, place: Place) -> Recording:
    """The event comes behind the script's task, and reads what there is by then."""
    state = recording.told[place.to].state
    return behind(recording, [place.at], place.to, lambda one: replace(one, state=state))
