"""What lines say, apart from their number and their time."""

from __future__ import annotations

import msgspec

from . import format
from .format import AnyObservation

RETURNED = 1
"""The call has returned, or thrown."""

SETTLED = 2
"""The call's promise has settled, or there will be none."""

_ENDS = {
    format.Return: RETURNED,
    format.Throw: RETURNED | SETTLED,
    format.Resolve: SETTLED,
    format.Reject: SETTLED,
}

_TELLING = (format.Send, format.Receive, format.Throw, format.Reject)

QUIET_ENOUGH = 200.0
"""Milliseconds of quiet that count as settled where no canary was sent."""


class Said:
    """What an observation says. Lines that say the same may share it: compare by identity.

    `observation` has the number and the time of the line that said it first. `begins` is the id of
    the call that it begins, `call` of the one that it ends, `ends` in which respects (`RETURNED`,
    `SETTLED`), `closes` in which of these for the first time; `text` is the id of the SDP text that
    it refers to, `pending` the calls that it calls pending.
    `alike` stands for all that come to the same: for itself, or for quiet times as quiet as it is.
    `telling`: messages, descriptions and failures are, and nothing that happens all the time.
    """

    __slots__ = (
        "alike",
        "begins",
        "call",
        "closes",
        "ends",
        "observation",
        "peer",
        "pending",
        "telling",
        "text",
    )

    def __init__(self, observation: AnyObservation) -> None:
        self.observation = observation
        self.alike = self
        self.peer = observation.peer
        self.begins = observation.id if isinstance(observation, format.Call) else None
        self.ends = _ENDS.get(type(observation), 0)
        self.call: int = observation.call if self.ends else 0  # type: ignore[union-attr]
        self.pending = observation.pending if isinstance(observation, format.Idle) else ()
        # A promise may have settled before its call throws: that is not for a reader to judge.
        self.closes = self.ends & RETURNED or self.ends
        self.text = _text(observation)
        self.telling = isinstance(observation, _TELLING) or (
            isinstance(observation, format.Call) and observation.args.description is not None
        )

    def at(self, n: int, t: float) -> AnyObservation:
        """The observation of a line with this number and time."""
        one = self.observation
        return one if one.n == n and one.t == t else msgspec.structs.replace(one, n=n, t=t)


def is_settled(idle: format.Idle) -> bool:
    """Whether it was quiet for so long that nothing more will happen (under `settle`)."""
    return idle.canary or idle.quiet >= QUIET_ENOUGH


def _text(observation: AnyObservation) -> str | None:
    match observation:
        case format.Call(args=arguments):
            description = arguments.description
        case format.Resolve(description=description) | format.Send(description=description):
            pass
        case _:
            return None
    return None if description is None else description.sdp
