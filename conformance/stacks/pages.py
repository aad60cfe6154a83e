"""Links to browsers: a page that connects back, and the browser that shows it.

The browser is started here, or it is one that somebody opens, anywhere (`OpenedPages`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType

from .browsers import FAMILIES, browser
from .children import Child
from .links import LinkClosedError, StackError
from .registry import StackRow
from .server import ConnectionClosed, PageServer, ServerConnection


class PageLink:
    """A browser and its page; see `links.Link`."""

    opening = "open its page"
    is_ours = True

    def __init__(self, browser: Child, server: PageServer) -> None:
        self._browser = browser
        self._server = server
        self._running = AsyncExitStack()
        self._page: ServerConnection | None = None

    async def __aenter__(self) -> PageLink:
        await self._running.enter_async_context(self._browser)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._running.aclose()

    @property
    def process(self) -> int | None:
        """The id of the browser's process."""
        return self._browser.process

    def last_words(self) -> str:
        """The end of what the browser wrote to its standard error."""
        return self._browser.last_words()

    async def first(self) -> str | bytes:
        """What the page says when it has connected."""
        async with self._browser.while_it_runs():
            self._page = await self._running.enter_async_context(self._server.page())
            return await self.receive()

    async def send(self, message: str) -> None:
        """Sends a message to the page."""
        await send(self._page, message)

    async def receive(self) -> str | bytes:
        """The page's next message."""
        return await receive(self._page)


async def send(page: ServerConnection | None, message: str) -> None:
    """Sends a message to a page, if it is there."""
    try:
        await _connected(page).send(message)
    except ConnectionClosed as error:
        raise LinkClosedError(f"the page went away ({error})") from error


async def receive(page: ServerConnection | None) -> str | bytes:
    """The next message of a page, if it is there."""
    try:
        return await _connected(page).recv()
    except ConnectionClosed as error:
        raise LinkClosedError(f"the page went away ({error})") from error


def _connected(page: ServerConnection | None) -> ServerConnection:
    if page is None:
        raise LinkClosedError("the page has not connected yet")
    return page


class Pages:
    """Serves the page for one browser; see `links.Opener`."""

    def __init__(self, row: StackRow, executable: Path, first: str = "") -> None:
        self._family = FAMILIES[row.family]
        self._executable = executable
        self._server = PageServer(first=first)

    async def __aenter__(self) -> Pages:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    def link(self) -> PageLink:
        """A browser that is still to be started."""
        shown = browser(self._executable, self._family, self._server.address)
        return PageLink(shown, self._server)


class OpenedPageLink:
    """A page that somebody opens; see `links.Link`. Nothing is known of its browser's process."""

    opening = "open its page"
    is_ours = False
    process = None

    def __init__(self, server: PageServer, announce: Callable[[str], None]) -> None:
        self._server = server
        self._announce = announce
        self._running = AsyncExitStack()
        self._page: ServerConnection | None = None

    async def __aenter__(self) -> OpenedPageLink:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._running.aclose()

    def last_words(self) -> str:
        """Nothing: whatever the browser writes, it writes elsewhere."""
        return ""

    async def first(self) -> str | bytes:
        """What a page says when it has connected; one that goes away again does not count."""
        self._announce(self._server.address)
        while True:
            self._page = await self._running.enter_async_context(self._server.page())
            try:
                return await self.receive()
            except LinkClosedError:
                await self._running.aclose()

    async def send(self, message: str) -> None:
        """Sends a message to the page."""
        await send(self._page, message)

    async def receive(self) -> str | bytes:
        """The page's next message."""
        return await receive(self._page)


class OpenedPages:
    """Serves the page for a browser that somebody opens; see `links.Opener`.

    `announce` is told the page's address whenever a page is waited for.
    """

    def __init__(self, row: StackRow, announce: Callable[[str], None], first: str = "") -> None:
        host, _, port = row.listen.rpartition(":")
        self._where = row.listen
        self._server = PageServer(host.strip("[]"), int(port), first=first)
        self._announce = announce

    async def __aenter__(self) -> OpenedPages:
        try:
            await self._server.__aenter__()
        except OSError as error:
            raise StackError(f"nobody can listen on {self._where}: {error.strerror}") from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    def link(self) -> OpenedPageLink:
        """A page that is still to be opened."""
        return OpenedPageLink(self._server, self._announce)
