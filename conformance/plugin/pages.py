"""Pages of Playwright: the shim takes down what they negotiate (`conformance.playwright`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..playwright import Recording, RecordingAsync
from ..shim.script import ShimOptions


def context_of(page: Any) -> Any:
    """The context of a page, or the context itself.

    Raises:
        UsageError: it is neither.
    """
    context = getattr(page, "context", page)
    if not hasattr(context, "add_init_script"):
        told = f"{type(page).__module__}.{type(page).__qualname__}"
        raise UsageError(
            f"{told} is no page of Playwright; give a Page or a BrowserContext (a connection of "
            "aiortc or wrtc: watch)"
        )
    return context


class Pages:
    """The contexts that a test watches, each with its recording."""

    def __init__(self, folder: Path, program: str) -> None:
        self._folder = folder
        self._program = program
        self._recordings: list[tuple[Any, Recording | RecordingAsync]] = []

    def watch(self, page: Any) -> RecordingAsync | None:
        """Watches the context of a page; what is still to be awaited, of the asynchronous API."""
        context = context_of(page)
        if any(known is context for known, _ in self._recordings):
            return None
        number = len(self._recordings)
        folder = self._folder / (f"context-{number + 1}" if number else "")
        options = ShimOptions()
        if type(context).__module__.startswith("playwright.async_api"):
            later = RecordingAsync(context, folder, options, program=self._program)
            self._recordings.append((context, later))
            return later
        recording = Recording(context, folder, options, program=self._program)
        self._recordings.append((context, recording))
        return None

    @property
    def needs_awaiting(self) -> bool:
        """Whether there are pages of the asynchronous API."""
        return any(isinstance(one, RecordingAsync) for _, one in self._recordings)

    def take(self) -> None:
        """Takes what the open pages of the synchronous API have recorded, when they are quiet."""
        for _, one in self._recordings:
            if isinstance(one, Recording):
                one.write()

    async def take_async(self) -> None:
        """Takes what the open pages of the asynchronous API have recorded, when they are quiet."""
        for _, one in self._recordings:
            if isinstance(one, RecordingAsync):
                await one.write()

    @property
    def files(self) -> Iterable[Path]:
        """The traces that were written."""
        return [file for _, one in self._recordings for file in one.files]
