"""What must be there when a program has ended: returns, settlements and quiet.

What a line by itself may not say is refused when it is taken (`taking`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from negotiation.model import PROMISED

from ..traces.format import Call, Header, Idle, Line, Reject, Resolve, Return, Throw
from .taking import Outcome, Taker

Missing = tuple[str, str]
"""Which rule is broken ("returns", "settlements", "idle"), and how."""


def audited(taker: Taker, settles: int) -> Iterator[Missing]:
    """What is missing in a program that ended and has so many steps with `settle`."""
    if taker.outcome is not Outcome.COMPLETE:
        return
    yield from _without_return(taker.lines)
    yield from _without_settlement(taker.lines)
    yield from _without_idle(taker.lines, settles)


def _without_return(lines: Sequence[Line]) -> Iterator[Missing]:
    ended = {line.call for line in lines if isinstance(line, Return | Throw)}
    for line in lines:
        if isinstance(line, Call) and line.id not in ended:
            yield "returns", f"call {line.id}, {line.method}, has neither return nor throw"


def _without_settlement(lines: Sequence[Line]) -> Iterator[Missing]:
    returned = {line.call for line in lines if isinstance(line, Return)}
    settled = {line.call for line in lines if isinstance(line, Resolve | Reject)}
    last = {line.peer: line for line in lines if isinstance(line, Idle)}
    for line in lines:
        if not isinstance(line, Call) or line.id not in returned:
            continue
        pending = line.peer in last and line.id in last[line.peer].pending
        which = f"call {line.id}, {line.method},"
        if line.method not in PROMISED:
            if line.id in settled:
                yield "settlements", f"{which} settles, but returns no promise"
        elif not pending and line.id not in settled:
            yield "settlements", f"{which} neither settles nor is pending in the last idle"


def _without_idle(lines: Sequence[Line], settles: int) -> Iterator[Missing]:
    idle = Counter(line.peer for line in lines if isinstance(line, Idle))
    for header in lines:
        if isinstance(header, Header):
            for peer in header.peers:
                if idle[peer] != settles:
                    yield (
                        "idle",
                        f"{peer} is idle {idle[peer]} times, and was asked {settles} times",
                    )
