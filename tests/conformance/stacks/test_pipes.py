"""Lines from a pipe: whole, in pieces, too long, and more than anybody takes."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from negotiation.conformance.stacks import pipes
from negotiation.conformance.stacks.pipes import PipeLines
from negotiation.conformance.stacks.wire import ProtocolError


def taken(write: Callable[[int], object]) -> list[bytes]:
    """All that is taken from a pipe to which `write` writes, in a thread of its own."""

    def and_close(end: int) -> None:
        write(end)
        os.close(end)

    async def take() -> list[bytes]:
        lines = PipeLines()
        with lines.opened() as end:
            own = os.dup(end)
        writing = threading.Thread(target=and_close, args=(own,))
        writing.start()
        try:
            return [line async for line in every(lines)]
        finally:
            lines.close()
            await asyncio.to_thread(writing.join)

    return asyncio.run(asyncio.wait_for(take(), 30))


async def every(lines: PipeLines) -> AsyncIterator[bytes]:
    while True:
        line = await lines.next()
        if not line:
            return
        yield line


def test_lines_come_with_their_ends_in_their_order() -> None:
    assert taken(lambda end: os.write(end, b"one\n\ntwo\n")) == [b"one\n", b"\n", b"two\n"]


def test_a_line_in_pieces_is_one_line() -> None:
    def write(end: int) -> None:
        for piece in (b"a", b"b\nc", b"d\n"):
            os.write(end, piece)

    assert taken(write) == [b"ab\n", b"cd\n"]


def test_what_is_left_without_an_end_comes_last() -> None:
    assert taken(lambda end: os.write(end, b"one\ntorn")) == [b"one\n", b"torn"]


def test_a_line_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "LONGEST_LINE", 100)
    with pytest.raises(ProtocolError, match="longer than 100 bytes"):
        taken(lambda end: os.write(end, b"x" * 200))


def test_many_lines_wait_in_the_pipe_until_they_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "_MANY", 10)
    wanted = [b"%d\n" % number for number in range(50_000)]

    def write(end: int) -> None:
        with os.fdopen(os.dup(end), "wb") as out:
            out.writelines(wanted)

    assert taken(write) == wanted


def test_a_closed_pipe_has_no_lines() -> None:
    async def take() -> bytes:
        lines = PipeLines()
        with lines.opened():
            pass
        lines.close()
        lines.close()
        return await lines.next()

    assert asyncio.run(take()) == b""
