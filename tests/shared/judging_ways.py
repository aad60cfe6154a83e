"""The ways in which a recording comes to be judged, and what a checker says that remembers nothing.

What a checker has worked out is remembered in itself and, of pure functions, in the process: a
fresh verdict is one with neither.
"""

from __future__ import annotations

import functools
import gc
import io
import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from negotiation.conformance.checking.judging import Checker, Pass, TraceVerdict
from negotiation.conformance.errors import TraceError
from negotiation.conformance.traces.format import Header
from negotiation.conformance.traces.reading import open_trace


class Told(NamedTuple):
    """A recording under a name; whether it is asked on what its departures rest."""

    data: bytes
    name: str
    all_wanted: bool

    def opened(self) -> io.BytesIO:
        """The recording as a file of this name."""
        file = io.BytesIO(self.data)
        file.name = self.name
        return file


class Fresh:
    """Fresh verdicts, each worked out once; `make` gives a new checker."""

    def __init__(self, make: Callable[[], Checker] = Checker) -> None:
        self._make = make
        self._caches = _caches()
        self._told: dict[Told, TraceVerdict] = {}

    def verdict(self, told: Told) -> TraceVerdict:
        """What a checker says that has judged nothing before."""
        if told not in self._told:
            for one in self._caches:
                one.cache_clear()
            self._told[told] = by_file(self._make(), told)
        return self._told[told]


def _caches() -> list[functools._lru_cache_wrapper[Any]]:
    """What the process remembers of functions of this project, or for its modules."""
    modules = (
        one
        for one in gc.get_objects()
        if isinstance(one, dict) and str(one.get("__name__", "")).startswith("negotiation.")
    )
    kept = (value for module in modules for value in module.values())
    return [one for one in kept if isinstance(one, functools._lru_cache_wrapper)]


def by_file(checker: Checker, told: Told) -> TraceVerdict:
    """As files are judged."""
    try:
        with open_trace(told.opened(), checker.memory) as reader:
            return checker.follow(told.name, reader, lambda _: told.all_wanted)[1]
    except TraceError as error:
        return TraceVerdict(told.name, "undecided", 0, error=str(error))


def by_line(checker: Checker, told: Told) -> TraceVerdict:
    """As files are judged when no other one said the same."""
    checker.forget_recordings()
    return by_file(checker, told)


def live(checker: Checker, told: Told) -> TraceVerdict:
    """As a recorder's lines are judged, while they come in."""
    return _live(checker, told, lambda: None)


def interrupted(checker: Checker, told: Told) -> TraceVerdict:
    """As `live`; half way everything is forgotten, and the same recording judged as a file."""

    def between() -> None:
        for places in (*checker._places.values(), *checker._seen_whole.values()):
            places.forget()
        by_file(checker, told)

    return _live(checker, told, between)


WAYS = (by_file, by_line, live, interrupted)


def _live(checker: Checker, told: Told, between: Callable[[], None]) -> TraceVerdict:
    try:
        reader = open_trace(told.opened())
        (_, header), *rest = reader
    except TraceError:
        return by_file(checker, told)  # lines come in only if they are right
    assert isinstance(header, Header)
    pass_ = Pass(checker, header)
    for at, (number, line) in enumerate(rest):
        if at == len(rest) // 2:
            between()
        pass_.take_line(number, line)
    return pass_.verdict(told.name, truncated=reader.truncated, wanted=lambda _: told.all_wanted)


# What can be done to a recording as a whole.


def with_peers(data: bytes, **changes: Any) -> bytes:
    """Each peer was seen, or constructed, in another way."""
    first, newline, rest = data.partition(b"\n")
    header = msgspec.json.decode(first)
    for peer in header["peers"].values():
        peer.update(changes)
    return msgspec.json.encode(header) + newline + rest


def settled_twice(data: bytes) -> bytes:
    """Up to a settlement, which is told twice: no reader accepts that."""
    lines = data.splitlines(keepends=True)
    before = [*itertools.takewhile(lambda one: b'"kind":"resolve"' not in one, lines)]
    if before == lines:
        return data
    settled = lines[len(before)]
    number = msgspec.json.decode(settled)["n"]
    again = settled.replace(b'"n":%d,' % number, b'"n":%d,' % (number + 1), 1)
    return b"".join([*before, settled, again])


def torn(data: bytes) -> bytes:
    """The first half: it ends in the middle of a line."""
    return data[: len(data) // 2]


def cut(data: bytes) -> bytes:
    """The first half, in whole lines."""
    lines = data.splitlines(keepends=True)
    return b"".join(lines[: len(lines) // 2 + 1])
