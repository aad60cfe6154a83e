"""Which findings could have been raised: the moments at which a stack's fault would have shown.

A suite in which nothing ever settles cannot find OP-ORDER, however often it passes. So of each
departure there is a row: a condition on the state before an observation, on the observation, and
on what was shown since the last quiet. Where it holds, a stack that had done the wrong thing
there would have been found out. (Each row is one such moment, the plainest one, not all.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, get_args

import msgspec

from negotiation.model import Connection, SignalingState
from negotiation.model.state import Stage

from .items import Item, finding_item

Shown = Literal["call", "return", "throw", "resolve", "reject", "event", "idle", "other"]

FLAG = "negotiationneeded"
STATE = "signalingstatechange"
CREATING = frozenset({"createOffer", "createAnswer"})


class Moment(msgspec.Struct, frozen=True, gc=False):
    """One observation, and the state of the model in which it was made.

    `name` is the event's, or the method's of the call; `settled`: quiet after which nothing will
    happen any more. `since` are the events by name, and "settlement", since the last such quiet;
    `ever` those before it that the quiet confirmed. `judged` tells which parts of it the checker
    compares: "signalingState", "transceivers", "descriptions", "description", and "whole" where
    no call can have been hidden.
    """

    before: Connection
    shown: Shown
    name: str = ""
    settled: bool = False
    since: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset({"whole"})

    @property
    def is_at_rest_in_stable(self) -> bool:
        """Nothing is left to come, and an event may fire as far as state and chain go."""
        stable = self.before.signaling_state is SignalingState.STABLE
        return self.settled and stable and not self.before.operations and "whole" in self.judged


class Raisable(msgspec.Struct, frozen=True):
    """A departure, when it could be raised, and why it can then; `at`: when one of these is shown.

    Without `at` it is whatever is shown.
    """

    id: str
    why: str
    when: Callable[[Moment], bool]
    at: tuple[Shown, ...] = ()


def _is_early(one: Moment) -> bool:
    connection = one.before
    stable = connection.signaling_state is SignalingState.STABLE
    return not connection.is_closed and (not stable or bool(connection.operations))


def _is_another_waiting(one: Moment) -> bool:
    """The operation whose promise this is has settled by now: any other one is behind it."""
    return any(each.stage is not Stage.SETTLED for each in one.before.operations)


def _has_more_to_do(one: Moment) -> bool:
    """The event is not all that its task does: something else could have come before it."""
    return one.name == STATE and len(one.before.steps) > 1


def _is_change_due(one: Moment) -> bool:
    return any(step.event == STATE for step in one.before.steps)


_ROWS = (
    Raisable(
        "NN-SPURIOUS",
        "At rest in stable, with nothing chained and the flag false, the check is false.",
        lambda one: one.is_at_rest_in_stable and not one.before.negotiation_needed,
        ("idle",),
    ),
    Raisable(
        "NN-DUPLICATE",
        "At rest in stable, with nothing chained, the flag is true.",
        lambda one: one.is_at_rest_in_stable and one.before.negotiation_needed,
        ("idle",),
    ),
    Raisable(
        "NN-EARLY",
        "The state is not stable, or the chain is not empty.",
        _is_early,
    ),
    Raisable(
        "NN-MISSED",
        "negotiationneeded fired before this quiet: without it, it would have been missed.",
        lambda one: one.settled and FLAG in one.since,
        ("idle",),
    ),
    Raisable(
        "NN-LATE",
        "negotiationneeded fired before a quiet, and the recording goes on after that.",
        lambda one: FLAG in one.ever,
    ),
    Raisable(
        "STATE-MISSING",
        "signalingstatechange fired before this quiet.",
        lambda one: one.settled and STATE in one.since,
        ("idle",),
    ),
    Raisable(
        "STATE-WRONG",
        "signalingState was read, or could have been said to have changed.",
        lambda one: "signalingState" in one.judged or one.name == STATE,
    ),
    Raisable(
        "STATE-REPEATED",
        "At rest, no signalingstatechange is due.",
        lambda one: one.settled and not _is_change_due(one),
        ("idle",),
    ),
    Raisable(
        "STATE-ORDER",
        "signalingstatechange fired, and the task had more to do after it.",
        _has_more_to_do,
        ("event",),
    ),
    Raisable(
        "OP-ORDER",
        "A promise was settled while another operation waited in the chain.",
        _is_another_waiting,
        ("resolve", "reject"),
    ),
    Raisable(
        "OP-AFTER-CLOSE",
        "The connection is closed with an operation in its chain: its promise stays pending.",
        lambda one: one.before.is_closed and bool(one.before.operations),
    ),
    Raisable(
        "OP-PENDING",
        "A promise was settled before this quiet: it could have stayed pending.",
        lambda one: one.settled and "settlement" in one.since,
        ("idle",),
    ),
    Raisable(
        "OP-ACCEPTED",
        "A promise was rejected: it could have been fulfilled.",
        lambda one: True,
        ("reject",),
    ),
    Raisable(
        "OP-REJECTED",
        "A promise was fulfilled: it could have been rejected.",
        lambda one: True,
        ("resolve",),
    ),
    Raisable(
        "OP-ERROR",
        "A promise was rejected: it could have been with another error.",
        lambda one: True,
        ("reject",),
    ),
    Raisable(
        "CALL-ACCEPTED",
        "A call threw: it could have returned.",
        lambda one: True,
        ("throw",),
    ),
    Raisable(
        "CALL-REJECTED",
        "A call returned: it could have thrown.",
        lambda one: True,
        ("return",),
    ),
    Raisable(
        "CALL-ERROR",
        "A call threw: it could have thrown another error.",
        lambda one: True,
        ("throw",),
    ),
    Raisable(
        "DESCRIPTION-STATE",
        "The types of the four descriptions were read.",
        lambda one: "descriptions" in one.judged,
    ),
    Raisable(
        "TRANSCEIVER-STATE",
        "The transceivers were read.",
        lambda one: "transceivers" in one.judged,
    ),
    Raisable(
        "SDP-SHAPE",
        "createOffer or createAnswer resolved with a description that was recorded.",
        lambda one: one.name in CREATING and "description" in one.judged,
        ("resolve",),
    ),
    Raisable(
        "EVENT-WRONG",
        "An event of a track or a stream fired.",
        lambda one: one.name not in (FLAG, STATE),
        ("event",),
    ),
    Raisable(
        "STACK-HUNG",
        "The recorder would have noticed at any time.",
        lambda one: True,
    ),
    Raisable(
        "STACK-DIED",
        "The recorder would have noticed at any time.",
        lambda one: True,
    ),
)


RAISABLE = {row.id: row for row in _ROWS}
"""The rows, by finding."""

_AT: dict[Shown, tuple[Raisable, ...]] = {
    shown: tuple(row for row in _ROWS if shown in (row.at or (shown,))) for shown in get_args(Shown)
}


Left = dict[Shown, list[Raisable]]
"""The rows that did not hold yet, by what is shown."""


def all_rows() -> Left:
    """All rows are left."""
    return {shown: list(rows) for shown, rows in _AT.items()}


class Raising:
    """Follows what one peer showed, and tells which findings could have been raised.

    Those `left` may be shared by the peers of a run, where it does not matter whose they are.
    """

    def __init__(self, left: Left | None = None) -> None:
        self._left = all_rows() if left is None else left
        self._since: frozenset[str] = frozenset()
        self._ever: frozenset[str] = frozenset()

    def take(
        self,
        before: Connection,
        shown: Shown,
        name: str,
        *,
        settled: bool = False,
        judged: Iterable[str] = ("whole",),
    ) -> list[Item]:
        """The findings that could have been raised here (mostly those that could not before)."""
        moment = Moment(before, shown, name, settled, self._since, self._ever, frozenset(judged))
        left = self._left[shown]
        found = [row for row in left if row.when(moment)]
        for row in found:
            left.remove(row)
        self._remember(shown, name, settled=settled)
        return [finding_item(row.id) for row in found]

    def _remember(self, shown: Shown, name: str, *, settled: bool) -> None:
        if shown == "event":
            self._since |= {name}
        elif shown in ("resolve", "reject"):
            self._since |= {"settlement"}
        elif settled:
            self._ever, self._since = self._ever | self._since, frozenset()
