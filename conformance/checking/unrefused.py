"""Where a stack could be that returned from a call which must throw, or threw where it must return.

A call that was let pass did what it does when nothing refuses it; one that was refused did nothing.
Both are the rules' own steps, with the refusals taken out of them, or put before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from negotiation.model import (
    Arguments,
    Call,
    Connection,
    Direction,
    Readings,
    Return,
    Specification,
    Throw,
    Transceiver,
)
from negotiation.model.chain import STATES

from .frontier import Frontier, Position, is_marked_so
from .seen import Made, Told

replace = msgspec.structs.replace


class Calling(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The last call that was made, and the positions in which it was."""

    before: Frontier
    made: Made


class Unrefused(Specification):
    """The specification in which methods do not throw for what they are called with, or in."""

    def does_close_make_it_throw(self, connection: Connection) -> bool:
        """It does not."""
        return False

    def is_track_added_already(self, connection: Connection, arguments: Arguments) -> bool:
        """The track is added once more."""
        return False

    def is_direction_fixed(self, transceiver: Transceiver) -> bool:
        """It can be set."""
        return False

    def is_direction_impossible(self, direction: Direction) -> bool:
        """Any can be set."""
        return False

    def create_data_channel_called(self, connection: Connection, call: Call) -> STATES:
        """The channel is created, whatever it is to be."""
        return self.channel_created(connection, call)

    def set_configuration_called(self, connection: Connection, call: Call) -> STATES:
        """The configuration is set, whatever it is."""
        return self.returned(self.configured(connection, call.arguments.configuration), call)


class Refused(Specification):
    """The specification in which every method throws at once."""

    def perform(self, connection: Connection, call: Call) -> STATES:
        """The call throws, and changes nothing."""
        return self.thrown(connection, call, "Error")


@lru_cache
def _unrefused(readings: Readings) -> Specification:
    return Unrefused(readings)


_REFUSED = Refused()


def ended_anyway(readings: Readings, calling: Calling, told: Told) -> Iterator[Position]:
    """Where the call leaves a stack in which it returned, or threw, as was seen."""
    made = calling.made
    if made.call.call != told.call:
        return
    specification = _unrefused(readings) if told.kind == "return" else _REFUSED
    for position in calling.before:
        if is_marked_so(position, made):
            for state in _ends(specification, position.connection, made.call, told):
                in_task = made.task is not None or position.in_task
                yield replace(position, connection=state, in_task=in_task)


def _ends(
    specification: Specification, connection: Connection, call: Call, told: Told
) -> Iterator[Connection]:
    try:
        states = specification.call(connection, call)
    except LookupError:
        return
    for state in states:
        outcome = state.outcome
        value = outcome.value if isinstance(outcome, Return) else None
        if isinstance(outcome, Return | Throw) and told.value in (None, value):
            yield replace(state, outcome=None)
