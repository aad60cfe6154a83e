"""Falsifying a recording, one observation at a time: for examples, and for tests.

An edit takes the lines of a recording and gives those of a falsified one. Lines are named by their
fields (`kind="event", name="track"`), and by which of those it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from ..traces import format

Edit = Callable[[list[format.Line]], list[format.Line]]

replace = msgspec.structs.replace


def unchanged(lines: list[format.Line]) -> list[format.Line]:
    """What is wrong is in the program already."""
    return lines


def dropped(nth: int = 0, **named: Any) -> Edit:
    """The recording without an observation."""

    def edit(lines: list[format.Line]) -> list[format.Line]:
        index = place_of(lines, nth, named)
        return [*lines[:index], *lines[index + 1 :]]

    return edit


def altered(changes: dict[str, Any], nth: int = 0, **named: Any) -> Edit:
    """The recording with fields of an observation changed; `kind` changes what it is."""

    def edit(lines: list[format.Line]) -> list[format.Line]:
        index = place_of(lines, nth, named)
        return [*lines[:index], changed(lines[index], changes), *lines[index + 1 :]]

    return edit


def read_otherwise(changes: dict[str, Any], nth: int = 0, **named: Any) -> Edit:
    """The recording with something else read with an observation."""

    def edit(lines: list[format.Line]) -> list[format.Line]:
        index = place_of(lines, nth, named)
        state = getattr(lines[index], "state", None) or format.Reading()
        return altered({"state": changed(state, changes)}, nth, **named)(lines)

    return edit


def repeated(nth: int = 0, **named: Any) -> Edit:
    """The recording with an observation made twice, the second time in a task of its own."""

    def edit(lines: list[format.Line]) -> list[format.Line]:
        index = place_of(lines, nth, named)
        again = changed(lines[index], {"task": 1000 if getattr(lines[index], "task", 0) else None})
        return numbered([*lines[: index + 1], again, *lines[index + 1 :]])

    return edit


def inserted(new: dict[str, Any], nth: int = 0, **named: Any) -> Edit:
    """The recording with an observation after another, of the same peer and with the same read."""

    def edit(lines: list[format.Line]) -> list[format.Line]:
        index = place_of(lines, nth, named)
        one = lines[index]
        if not isinstance(one, format.Observation):
            raise LookupError(f"no observation is named by {named}")
        told = {"n": 0, "t": 0.0, "peer": one.peer, "state": msgspec.to_builtins(one.state), **new}
        added: format.Line = msgspec.convert(told, format.Line)
        return numbered([*lines[: index + 1], added, *lines[index + 1 :]])

    return edit


def moved(by: int, nth: int = 0, **named: Any) -> Edit:
    """The recording with an observation so many lines later (or earlier)."""

    def edit(lines: list[format.Line]) -> list[format.Line]:
        index = place_of(lines, nth, named)
        rest = [*lines[:index], *lines[index + 1 :]]
        return numbered([*rest[: index + by], lines[index], *rest[index + by :]])

    return edit


def ended(trouble: format.Trouble, text: str, after: int | None = None) -> Edit:
    """The recording as far as an observation, and then what the recorder met with."""

    def edit(lines: list[format.Line]) -> list[format.Line]:
        seen = [index for index, one in enumerate(lines) if isinstance(one, format.Observation)]
        kept = lines if after is None else lines[: seen[after - 1] + 1]
        last = kept[-1]
        assert isinstance(last, format.Observation)
        mark = format.Mark(n=last.n + 1, t=last.t, peer=last.peer, text=text, trouble=trouble)
        return [*kept, mark]

    return edit


def place_of(lines: Sequence[format.Line], nth: int, named: dict[str, Any]) -> int:
    """The place of the nth line (-1: the last) with these fields; `kind` is that of the line."""
    found = [
        index
        for index, line in enumerate(lines)
        if all(_field(line, name) == value for name, value in named.items())
    ]
    return found[nth]


def _field(line: format.Line, name: str) -> object:
    return line.__struct_config__.tag if name == "kind" else getattr(line, name, None)


def changed(line: Any, changes: dict[str, Any]) -> Any:
    """The line, or a part of one, with some fields changed; "kind" makes it another kind."""
    kind: Any = format.Line if isinstance(line, format.Line) else type(line)
    return msgspec.convert(msgspec.to_builtins({**msgspec.to_builtins(line), **changes}), kind)


def numbered(lines: list[format.Line]) -> list[format.Line]:
    """The lines with their observations numbered anew, one a millisecond."""
    return [
        replace(line, n=number, t=float(number)) if isinstance(line, format.Observation) else line
        for number, line in enumerate(lines)
    ]
