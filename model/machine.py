"""The signaling state machine, runnable: for an application or a stack to embed in its own code.

Built from the rows of the signaling table (`negotiation.model.TRANSITIONS`) with the `transitions`
library, which is imported when a machine is made and not before. What the table refuses, the
machine refuses, and says what would be allowed:

    machine = SignalingMachine()
    machine.on_enter(SignalingState.STABLE, lambda change: flush_candidates())
    machine.after(lambda change: log(change.source, "->", change.target))

    machine.set_description(Side.LOCAL, SdpType.OFFER)      # have-local-offer
    machine.set_description(Side.LOCAL, SdpType.ANSWER)     # raises DescriptionRefusedError

An application calls it when setLocalDescription or setRemoteDescription has resolved, so that an
unexpected answer is told apart at once from a lost one. A stack's author drives the stack's own
signalingState with it: `on_enter` is where signalingstatechange fires (it runs when the state has
changed, never for an offer that replaces another), and DescriptionRefusedError is the rejection
with InvalidStateError.

A remote offer in "have-local-offer" is refused here as in the table. setRemoteDescription rolls
back first, so whoever embeds the machine does too:

    if not machine.may_set(Side.REMOTE, SdpType.OFFER):
        machine.set_description(Side.LOCAL, SdpType.ROLLBACK)
    machine.set_description(Side.REMOTE, SdpType.OFFER)
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec

from .enums import SdpType, Side, SignalingState
from .readings import Readings
from .signaling import TRANSITIONS, Transition
from .specification import admit

if TYPE_CHECKING:
    from transitions import EventData, Machine, State

CLOSE = "close"


class Change(msgspec.Struct, frozen=True):
    """What a callback is told: from where to where, and by which description.

    `side` and `type` are None for close(). `description` is what was passed to `set_description`.
    """

    source: SignalingState
    target: SignalingState
    side: Side | None = None
    type: SdpType | None = None
    description: object = None


Callback = Callable[[Change], object]


class DescriptionRefusedError(Exception):
    """A description was set in a state in which the table does not allow it.

    The state has not changed. `allowed` lists what could be set instead, as (side, type). In
    webrtc-pc the promise is rejected with InvalidStateError (`#set-description`).
    """

    def __init__(
        self,
        state: SignalingState,
        side: Side,
        type: SdpType,
        allowed: tuple[tuple[Side, SdpType], ...],
    ) -> None:
        super().__init__(state, side, type, allowed)
        self.state = state
        self.side = side
        self.type = type
        self.allowed = allowed

    def __str__(self) -> str:
        there = ", ".join(f"{side} {type}" for side, type in self.allowed) or "nothing"
        return f'a {self.side} {self.type} cannot be set in "{self.state}"; allowed there: {there}'


class SignalingMachine:
    """A signaling state that changes as the table says, and calls back.

    `readings` chooses among the interpretations; where it admits both readings of one, the machine
    allows what either allows. Callbacks run in the order in which they were registered, for one
    change in the order before, exit, enter, after. A "before" or "exit" callback that raises
    forbids the change. "enter" and "after" callbacks may change the state again.
    """

    def __init__(
        self,
        readings: Readings | None = None,
        *,
        initial: SignalingState = SignalingState.STABLE,
    ) -> None:
        self._leaving = False
        self._holder = _Holder()
        self._machine = _built(admitted(readings or Readings()), self._holder, initial)

    @property
    def state(self) -> SignalingState:
        """The signaling state."""
        return SignalingState(self._holder.state)

    @property
    def machine(self) -> Machine:
        """The `transitions.Machine` underneath, for what that library can do besides."""
        return self._machine

    def allowed(self) -> tuple[tuple[Side, SdpType], ...]:
        """The descriptions that may be set now, in the order of the table."""
        here = self._machine.get_triggers(str(self.state))
        return tuple(key for key in _keys() if trigger_of(*key) in here)

    def may_set(self, side: Side, type: SdpType) -> bool:
        """Whether a description of this side and type may be set now."""
        return (side, type) in self.allowed()

    def set_description(
        self, side: Side | str, type: SdpType | str, description: object = None
    ) -> SignalingState:
        """Set a description and return the state that follows.

        `side` is "local" or "remote", `type` "offer", "pranswer", "answer" or "rollback";
        `description` is handed to the callbacks as it is.

        Raises:
            DescriptionRefusedError: the table does not allow it here; nothing has changed.
            RuntimeError: called in a "before" or "exit" callback, when a change is under way.
        """
        side, type = Side(side), SdpType(type)
        self._forbid_while_leaving()
        if not self.may_set(side, type):
            raise DescriptionRefusedError(self.state, side, type, self.allowed())
        self._holder.trigger(trigger_of(side, type), side, type, description)
        return self.state

    def close(self) -> SignalingState:
        """Go to "closed", from wherever; a second call does nothing.

        webrtc-pc fires no signalingstatechange for it: callbacks that stand for the event must not
        be registered for "closed".

        Raises:
            RuntimeError: called in a "before" or "exit" callback, when a change is under way.
        """
        self._forbid_while_leaving()
        if self.state is not SignalingState.CLOSED:
            self._holder.trigger(CLOSE, None, None, None)
        return self.state

    def before(self, callback: Callback) -> None:
        """Call back before each change; raising forbids it."""
        self._machine.before_state_change.append(self._while_leaving(callback))

    def after(self, callback: Callback) -> None:
        """Call back after each change, also when the state stays the same."""
        self._machine.after_state_change.append(_adapted(callback))

    def on_enter(self, state: SignalingState | str, callback: Callback) -> None:
        """Call back when the state becomes this one, coming from another."""
        entered = self._machine.get_state(str(SignalingState(state)))
        entered.add_callback("enter", _adapted(callback))

    def on_exit(self, state: SignalingState | str, callback: Callback) -> None:
        """Call back when the state is about to be another than this one; raising forbids it."""
        left = self._machine.get_state(str(SignalingState(state)))
        left.add_callback("exit", self._while_leaving(callback))

    def _forbid_while_leaving(self) -> None:
        # The library has chosen its transition by then: a second one would skip the table.
        if self._leaving:
            raise RuntimeError(
                'a "before" or "exit" callback cannot change the state; use "enter" or "after"'
            )

    def _while_leaving(self, callback: Callback) -> Callable[[EventData], None]:
        def guarded(event: EventData) -> None:
            self._leaving = True
            try:
                callback(_change_of(event))
            finally:
                self._leaving = False

        return guarded


def admitted(readings: Readings) -> tuple[Transition, ...]:
    """The rows of the table that any of the admitted readings has."""
    rows = {row for specification in admit(readings) for row in specification.transitions()}
    return tuple(row for row in TRANSITIONS if row in rows)


def trigger_of(side: Side, type: SdpType) -> str:
    """The library's name of setting such a description: "set_local_offer"."""
    return f"set_{side}_{type}"


class _Holder:
    """What the library decorates: it adds `state` and `trigger` (and a method per trigger)."""

    state: str
    trigger: Callable[..., bool]


def _built(rows: tuple[Transition, ...], holder: _Holder, initial: SignalingState) -> Machine:
    from transitions import Machine

    everywhere = [str(state) for state in SignalingState]
    machine = Machine(
        model=holder,
        states=everywhere,
        initial=str(SignalingState(initial)),
        auto_transitions=False,
        send_event=True,
    )
    for row in rows:
        # Without a destination the library neither leaves nor enters: nothing has changed.
        target = None if row.target is row.source else str(row.target)
        machine.add_transition(trigger_of(row.side, row.type), str(row.source), target)
    open_states: list[str | Enum | State] = [
        state for state in everywhere if state != SignalingState.CLOSED
    ]
    machine.add_transition(CLOSE, open_states, str(SignalingState.CLOSED))
    return machine


def _keys() -> tuple[tuple[Side, SdpType], ...]:
    return tuple(dict.fromkeys((row.side, row.type) for row in TRANSITIONS))


def _adapted(callback: Callback) -> Callable[[EventData], None]:
    return lambda event: _ignored(callback(_change_of(event)))


def _ignored(_: object) -> None:
    return None


def _change_of(event: EventData) -> Change:
    # The library leaves None where a change keeps the state.
    transition: Any = event.transition
    side, type, description = event.args
    source = SignalingState(transition.source)
    return Change(source, SignalingState(transition.dest or source), side, type, description)
