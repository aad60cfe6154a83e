"""Reading and judging behind a screen that tells how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from ..importing.opening import PROGRESS
from ..reports.replaying import Replay
from ..reports.story import Story

MEGABYTE = 1 << 20


class Opened(NamedTuple):
    """A trace that was replayed, and its story."""

    replay: Replay
    story: Story


Make = Callable[[Callable[[int, int], None]], Opened]
"""Reads and judges; tells what it is given how many observations are judged, of how many."""


class Opening:
    """A replay in the making, in a thread that ends with the program.

    `told` says how far it is, `share` how much of it is done (None: nobody knows); in the end there
    is an `opened`, or what it `failed` with.
    """

    def __init__(self, name: str, make: Make) -> None:
        self.name = name
        self.told = "reading"
        self.share: float | None = None
        self.opened: Opened | None = None
        self.failed: BaseException | None = None
        self._make = make

    def begin(self) -> None:
        """Begin, and return at once."""
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether there is an outcome."""
        return self.opened is not None or self.failed is not None

    def _run(self) -> None:
        PROGRESS.set(self._read)
        try:
            self.opened = self._make(self._judged)
        except BaseException as error:
            self.failed = error

    def _read(self, done: int, size: int, file: str) -> None:
        of = f" of {size // MEGABYTE}" if size else ""
        self._tell(f"reading: {done // MEGABYTE}{of} MB", done, size)

    def _judged(self, done: int, of: int) -> None:
        if done == of:
            self.told, self.share = "looking into what was found", None
            return
        self._tell(f"judging: {done:,} of {of:,} observations", done, of)

    def _tell(self, told: str, done: int, of: int) -> None:
        self.told, self.share = told, done / of if of else None
