"""Links: a recorder that runs elsewhere, and the line to it. Each kind of stack has its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from ..errors import MissingExtraError
from .registry import StackRow


class StackError(Exception):
    """A stack could not be started, or its recorder did not say hello."""


class LinkClosedError(Exception):
    """The recorder is gone; the message says how it ended."""


class Link(AbstractAsyncContextManager["Link"], Protocol):
    """An asynchronous context manager: a running stack with a recorder.

    Leaving the context, for whatever reason, kills the stack and all that it started.
    """

    opening: str
    """What the stack does until its recorder says hello: "open its page"."""

    is_ours: bool
    """Whether the stack is a child of this process, so that its end is no chance."""

    @property
    def process(self) -> int | None:
        """The id of the stack's process, which is its process group's too."""

    def last_words(self) -> str:
        """The end of what the stack wrote to its standard error."""

    async def first(self) -> str | bytes:
        """The recorder's first message; a StackError says that the stack ended before."""

    async def send(self, message: str) -> None:
        """Sends a message to the recorder; a LinkClosedError says that it is gone."""

    async def receive(self) -> str | bytes:
        """The recorder's next message; a LinkClosedError says that there is none."""


class Opener(AbstractAsyncContextManager["Opener"], Protocol):
    """An asynchronous context manager that makes links to one stack, one after the other."""

    def link(self) -> Link:
        """A link to a stack that is still to be started."""


Announce = Callable[[str], None]
"""Is told the address of a page that somebody has to open."""


def opener(
    row: StackRow, executable: Path, announce: Announce = lambda address: None, first: str = ""
) -> Opener:
    """What makes links to the stack; a MissingExtraError says which packages that needs.

    `first` is a script that pages run before their own; it means nothing to other stacks.
    """
    return _OPENERS[row.kind](row, executable, announce, first)


def _opened_pages(row: StackRow, executable: Path, announce: Announce, first: str) -> Opener:
    try:
        from .pages import OpenedPages
    except ModuleNotFoundError:
        raise MissingExtraError(f"recording {row.name}", "live") from None
    return OpenedPages(row, announce, first)


def _pages(row: StackRow, executable: Path, announce: Announce, first: str) -> Opener:
    try:
        from .pages import Pages
    except ModuleNotFoundError:
        raise MissingExtraError(f"recording {row.name}", "live") from None
    return Pages(row, executable, first)


def _programs(row: StackRow, executable: Path, announce: Announce, first: str) -> Opener:
    from .processes import Programs

    return Programs(row, executable)


_OPENERS: dict[str, Callable[[StackRow, Path, Announce, str], Opener]] = {
    "browser": _pages,
    "process": _programs,
    "page": _opened_pages,
}
