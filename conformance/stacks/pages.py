"""Links to browsers: a page that connects back, and the browser that shows it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType

from .browsers import FAMILIES, browser
from .children import Child
from .links import LinkClosedError
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
        try:
            await self._connected().send(message)
        except ConnectionClosed as error:
            raise LinkClosedError(f"the page went away ({error})") from error

    async def receive(self) -> str | bytes:
        """The page's next message."""
        try:
            return await self._connected().recv()
        except ConnectionClosed as error:
            raise LinkClosedError(f"the page went away ({error})") from error

    def _connected(self) -> ServerConnection:
        if self._page is None:
            raise LinkClosedError("the page has not connected yet")
        return self._page


class Pages:
    """Serves the page for one browser; see `links.Opener`."""

    def __init__(self, row: StackRow, executable: Path) -> None:
        self._family = FAMILIES[row.family]
        self._executable = executable
        self._server = PageServer()

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
