"""What the fixture `negotiation` gives: a test watches with it, and it comes to a conclusion."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Awaitable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ..errors import UsageError
from .settings import Settings, folder_name

if TYPE_CHECKING:
    from ..reports.expectations import Expectation
    from ..reports.gate import Gate
    from .pages import Pages
    from .verdicts import Expected
    from .watching import Watcher

T = TypeVar("T")


class Conclusion(NamedTuple):
    """What came out of a test: whether it may pass, the text, numbers for the summary, files."""

    passed: bool
    text: str
    counted: dict[str, int]
    files: tuple[Path, ...]


class Later(Generic[T]):
    """Gives a value when it is awaited; where there is nothing to wait for, it may be left."""

    def __init__(self, value: T, awaited: Awaitable[None] | None = None) -> None:
        self._value = value
        self._awaited = awaited

    def __await__(self) -> Generator[Any, None, T]:
        if self._awaited is not None:
            yield from self._awaited.__await__()
        return self._value


class Negotiation:
    """Records the peer connections of one test, which is judged when it ends."""

    def __init__(self, settings: Settings, nodeid: str) -> None:
        self._settings = settings
        self._program = nodeid
        self._folder = settings.output / folder_name(nodeid)
        self._watcher: Watcher | None = None
        self._pages: Pages | None = None
        self._given: list[Path] = []
        self._expected: list[Expectation] = []
        self._is_off = settings.mode == "off"
        self._over = False

    def watch(self, connection: T, name: str | None = None) -> T:
        """Watches a connection of aiortc or wrtc from now on; gives the same connection.

        Watch it when it is made. `name` is what it is called in reports. A class of connections
        may be given instead: then each is watched that the application makes of it.

        Raises:
            UsageError: it is none, or is watched already; the name is not short and plain.
        """
        if name is not None and not (name.isidentifier() and name.isascii() and len(name) <= 32):
            raise UsageError(f"{name!r} is no name; take a word of letters, like A or caller")
        if self._is_off or self._over:
            return connection
        if self._watcher is None:
            from .watching import Watcher

            self._begin()
            self._watcher = Watcher()
        self._watcher.watch(connection, name)
        return connection

    def watch_page(self, page: Any) -> Any:
        """Watches what a page of Playwright negotiates, and all others of its context.

        Call it before the page goes to its address. With the synchronous API it gives the page;
        with the asynchronous one it is to be awaited.

        Raises:
            UsageError: it is no page.
        """
        if self._is_off:
            return Later(page) if _is_async(page) else page
        if self._pages is None:
            from .pages import Pages

            self._begin()
            self._pages = Pages(self._folder, self._program)
        begun = self._pages.watch(page)
        if begun is not None:
            return Later(page, begun.begin())
        return Later(page) if _is_async(page) else page

    def _begin(self) -> None:
        """What an earlier run has kept of this test is no longer true."""
        if self._watcher is None and self._pages is None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def trace(self, file: str | Path) -> Path:
        """Judges a trace, too, that the test has made in another way, or a dump; gives its path."""
        self._given.append(Path(file))
        return self._given[-1]

    def expect(self, finding: str, reason: str, *, about: str | None = None) -> None:
        """Lets the test have a finding; it fails if it does not have it.

        `finding` is its id; `about` a pattern that narrows it (`about` in `check --format json`).

        Raises:
            UsageError: there is no such finding, or there is no reason.
        """
        from .verdicts import expected_row

        if not reason.strip():
            raise UsageError("the reason says nothing; write why the finding is expected")
        self._expected.append(expected_row(finding, self._program, reason, about))

    def settled(self) -> Later[None]:
        """Waits until it is quiet, and takes down that it is: `await negotiation.settled()`.

        It is done at the test's end by itself; call it before the test closes a connection, or a
        page. With synchronous pages alone it needs no await.
        """
        if self._pages is not None:
            self._pages.take()
        return Later(None, self._settle() if self.waits else None)

    async def _settle(self) -> None:
        if self._watcher is not None:
            from .quiet import settle

            await settle(self._watcher)
        if self._pages is not None:
            await self._pages.take_async()

    @property
    def waits(self) -> bool:
        """Whether the end of the test has to be waited for in its event loop."""
        has_pages = self._pages is not None and self._pages.needs_awaiting
        return self._watcher is not None or has_pages

    def end(self) -> None:
        """Watches nothing any more."""
        self._over = True
        if self._watcher is not None:
            self._watcher.end()

    def conclude(self, *, failed: bool) -> Conclusion | None:
        """Closes the recording and judges it; None where nothing is to be said."""
        if self._is_off:
            return None
        if self._pages is not None and not self._pages.needs_awaiting:
            with contextlib.suppress(Exception) if failed else contextlib.nullcontext():
                self._pages.take()
        self.end()
        written = self._written()
        if not written and not self._given and failed:
            return None
        return self._concluded(written, failed)

    def _written(self) -> list[Path]:
        files = list(self._pages.files) if self._pages is not None else []
        if self._watcher is not None and self._watcher.peers:
            from .traces import write_traces

            watcher = self._watcher
            files += write_traces(watcher.log, watcher.peers, self._folder, self._program)
        return files

    def _concluded(self, written: list[Path], failed: bool) -> Conclusion:
        from .verdicts import expected_of, judged, text_of

        settings, files = self._settings, [*written, *self._given]
        expected = expected_of(files, settings.expectations, self._expected)
        gate = judged(files, expected, allow_undecided=settings.allow_undecided)
        kept: tuple[Path, ...] = ()
        if failed or not gate.passed or settings.keeps_all:
            kept = self._kept(gate, expected)
        else:
            shutil.rmtree(self._folder, ignore_errors=True)
            _remove_empty(settings.output)
        return Conclusion(gate.passed, text_of(gate), _counted(gate), kept)

    def _kept(self, gate: Gate, expected: Expected) -> tuple[Path, ...]:
        """The files that stay and are named: the traces, and a replay of each."""
        from .attaching import write_expectations, write_replay

        write_expectations(gate, expected, self._folder)
        files = [Path(one.verdict.trace) for one in gate.judged]
        replays = [write_replay(one, self._folder, expected) for one in gate.judged]
        return (*files, *(one for one in replays if one is not None))


def _is_async(page: Any) -> bool:
    return type(page).__module__.startswith("playwright.async_api")


def _counted(gate: Gate) -> dict[str, int]:
    connections = (one.header.peers for one in gate.judged if one.header is not None)
    return {
        "connections": sum(len(one) for one in connections),
        "observations": gate.observations,
        "unexpected": len(gate.unexpected),
        "expected": len(gate.expected),
        "stale": len(gate.stale),
        "undecided": len(gate.undecided),
        "unreadable": len(gate.unreadable),
    }


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
