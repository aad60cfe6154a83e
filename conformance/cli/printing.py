"""Where a command's text goes: a terminal, a pipe or a file; and its progress."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TextIO

from ..errors import UsageError, reason_of
from ..reports.paper import USUAL_WIDTH, Paper, plain

MEGABYTE = 1 << 20

WIDEST = 120
"""Columns beyond which lines are hard to read."""


def paper_for(output: str | None = None) -> Paper:
    """A paper as wide as the terminal, and in colour on one; plain for files and pipes."""
    if output is not None or not sys.stdout.isatty():
        return Paper(USUAL_WIDTH)
    width = min(shutil.get_terminal_size((USUAL_WIDTH, 24)).columns, WIDEST)
    return Paper(width, colour=is_coloured(sys.stdout))


def on_paper(tell: Callable[[Paper], None], output: str | None = None) -> str:
    """What is told on the paper for this output, as text."""
    paper = paper_for(output)
    tell(paper)
    return paper.text()


def is_coloured(stream: TextIO) -> bool:
    """Whether the stream is a terminal that wants colour (https://no-color.org)."""
    dumb = os.environ.get("TERM") == "dumb"
    return stream.isatty() and not os.environ.get("NO_COLOR") and not dumb


def put(text: str, output: str | None = None) -> None:
    """Write the text to the file, or to standard output where there is none.

    Raises:
        UsageError: the file cannot be written.
    """
    if output is None or output == "-":
        sys.stdout.write(text)
        return
    put_bytes(text.encode("utf-8", "backslashreplace"), output)


def put_bytes(content: bytes, output: str) -> None:
    """Write the bytes to the file.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        with open(output, "wb") as file:
            file.write(content)
    except (OSError, ValueError) as error:
        message = f"{output}: cannot be written ({reason_of(error)}); check the path"
        raise UsageError(message) from None


def warn(message: str) -> None:
    """Tell on standard error what is worth knowing, and ends nothing."""
    print(f"negotiation: {plain(message)}", file=sys.stderr)


@contextlib.contextmanager
def reading_told() -> Iterator[None]:
    """Within it, progress is told while a large dump is read, where that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from ..importing.opening import PROGRESS

    with Progress("reading") as progress:
        last = 0

        def tell(done: int, size: int, file: str) -> None:
            nonlocal last
            if done - last >= MEGABYTE:
                last = done
                progress(done // MEGABYTE, size // MEGABYTE, f"MB of {file}")

        token = PROGRESS.set(tell)
        try:
            yield
        finally:
            PROGRESS.reset(token)


class Progress:
    """One line on standard error that tells how far something is, where that is a terminal.

    A context manager: the line is gone at the end.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, of: int, about: str = "") -> None:
        """Tell that so many are done."""
        self.tell(f"{done}/{of} {about}")

    def tell(self, how_far: str) -> None:
        """Tell how far it is, where nobody knows how much there is."""
        if self._shown:
            told = plain(f"{self._doing} {how_far}")[: shutil.get_terminal_size().columns - 1]
            sys.stderr.write(f"\r\x1b[K{told}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away, for other text; the next one brings it back."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()
