"""Dumps damaged in every way: bytes replaced, values of their JSON replaced; and what must hold."""

from __future__ import annotations

import copy
import io
import json
import random
from collections.abc import Iterator
from typing import Any

from negotiation.conformance.importing.dumps import ImportedDump, import_dump
from negotiation.conformance.traces.reading import read_trace

HOSTILE: list[Any] = [
    None,
    True,
    -1,
    1e308,
    "",
    "\x1b[31m<script>alert(1)</script>\x00",
    "\ud800",
    "{",
    '{"type":' * 100,
    [],
    {},
    [[["x"]]],
]
"""Values that stand for anything; of each format there are some of its own."""


def survived(data: bytes) -> ImportedDump | None:
    """The dump, if it is one; each trace of it can be read."""
    found = import_dump(io.BytesIO(data))
    for call in found.calls if found is not None else ():
        trace = read_trace(io.BytesIO(call.trace))
        assert trace.error is None
        assert b"\x1b" not in call.trace
        assert b"\x00" not in call.trace
    return found


def damaged(data: bytes, rng: random.Random, most: int) -> bytes:
    """The bytes, with up to so many places in which others stand."""
    bytes_ = bytearray(data)
    for _ in range(rng.randint(0, most)):
        at = rng.randrange(len(bytes_) + 1)
        bytes_[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
    return bytes(bytes_)


def changed(data: bytes, rng: random.Random, values: list[Any]) -> bytes:
    """The dump, with values of its JSON replaced, line by line where it has lines."""
    lines = data.split(b"\n")
    for value in values:
        at = rng.randrange(len(lines))
        try:
            told = [json.loads(lines[at])]
        except ValueError:
            continue
        container, key = rng.choice(list(_places(told)))
        container[key] = copy.deepcopy(value)
        lines[at] = json.dumps(told[0]).encode()
    return b"\n".join(lines)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with each of its keys."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])
