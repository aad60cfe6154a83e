"""The server that a recorder page comes from and connects back to: one port, on loopback.

It listens on another address of this machine only where that is asked for, and then on no other.
Other pages of the same browser and other users of the machine can reach loopback too, so that
everything here asks for a token (a part of every path), for the right Host (against rebinding of
names) and, on the WebSocket, for the page's own Origin. Only one page is connected at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import http
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from importlib.resources import files
from types import TracebackType

from websockets.asyncio.server import Server as WebSocketServer
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from ..traces.format import LONGEST_LINE
from .registry import LOOPBACK

_SCRIPTS = tuple(
    f"{name}.js"
    for name in (
        "page",
        "serving",
        "recorder",
        "stack",
        "features",
        "methods",
        "collecting",
        "media",
        "settling",
        "edits",
    )
)
_PAGE = "page.html"
_TYPES = {
    _PAGE: "text/html; charset=utf-8",
    **dict.fromkeys(_SCRIPTS, "text/javascript; charset=utf-8"),
}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self' ws:",
    # A page that is isolated from other origins is given a finer clock.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_SOCKET = "socket"
_FIRST = "first.js"
_FIRST_ELEMENT = b'<script src="first.js"></script>'

_log = logging.getLogger(__name__)


class PageServer:
    """An asynchronous context manager; `address` is the page's, valid within the context.

    `host` is the only address that it listens on, and is asked for under; a `port` of 0 is any that
    is free. An OSError says that it cannot listen there. `first` is the text of a script that runs
    in the page before its own: what it replaces is what the recorder uses.
    """

    def __init__(self, host: str = LOOPBACK, port: int = 0, *, first: str = "") -> None:
        self._host = host
        self._token = secrets.token_urlsafe(24)
        self._contents = _contents(first)
        self._pages: asyncio.Queue[ServerConnection] = asyncio.Queue()
        self._connected = False
        self._server: WebSocketServer | None = None
        self.port = port

    async def __aenter__(self) -> PageServer:
        # No pings: a page that is busy with a program is no dead page.
        self._server = await serve(
            self._page_connected,
            self._host,
            self.port,
            process_request=self._answer,
            compression=None,
            ping_interval=None,
            max_size=LONGEST_LINE,
            close_timeout=1,
            logger=_quiet_logger(),
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    @property
    def origin(self) -> str:
        """The only origin whose pages may connect."""
        return f"http://{self._authority}"

    @property
    def _authority(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self.port}"

    @property
    def address(self) -> str:
        """The page's address, with the token in it."""
        return f"{self.origin}/{self._token}/page.html"

    @contextlib.asynccontextmanager
    async def page(self) -> AsyncIterator[ServerConnection]:
        """The next page that connects; when the context is left, another one may."""
        connection = await self._pages.get()
        try:
            yield connection
        finally:
            await connection.close()

    async def _page_connected(self, connection: ServerConnection) -> None:
        self._connected = True
        try:
            await self._pages.put(connection)
            await connection.wait_closed()
        finally:
            self._connected = False

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """None lets the WebSocket's handshake go on; everything else is answered here."""
        name = self._asked_for(request)
        if name is None:
            return _response(http.HTTPStatus.FORBIDDEN)
        if name == _SOCKET:
            return self._refusal(request.headers)
        if name not in self._contents:
            return _response(http.HTTPStatus.NOT_FOUND)
        return _response(http.HTTPStatus.OK, self._contents[name], _type(name))

    def _asked_for(self, request: Request) -> str | None:
        """The name after the token in the request's path; None if it may ask for nothing."""
        token, _, name = request.path.removeprefix("/").partition("/")
        known = hmac.compare_digest(token.encode(), self._token.encode())
        right_host = request.headers.get_all("Host") == [self._authority]
        return name if known and right_host else None

    def _refusal(self, headers: Headers) -> Response | None:
        if headers.get_all("Origin") != [self.origin]:
            return _response(http.HTTPStatus.FORBIDDEN)
        if self._connected:
            return _response(http.HTTPStatus.CONFLICT)
        return None


def _contents(first: str) -> Mapping[str, bytes]:
    here = files(__package__)
    contents = {name: here.joinpath(name).read_bytes() for name in _TYPES}
    if first:
        # Modules wait until the page is read: a script in its head runs before them.
        contents[_PAGE] = contents[_PAGE].replace(b"</head>", _FIRST_ELEMENT + b"</head>")
        contents[_FIRST] = first.encode()
    return contents


def _type(name: str) -> str:
    return _TYPES["page.js"] if name == _FIRST else _TYPES[name]


def _response(
    status: http.HTTPStatus, body: bytes = b"", type: str = "text/plain; charset=utf-8"
) -> Response:
    headers = Headers({**_HEADERS, "Content-Type": type, "Content-Length": str(len(body))})
    headers["Connection"] = "close"
    return Response(status.value, status.phrase, headers, body)


def _quiet_logger() -> logging.Logger:
    """Browsers open connections and drop them unused; that is no error worth a traceback."""
    quiet = _log.getChild("websockets")
    quiet.setLevel(logging.CRITICAL)
    quiet.propagate = False
    return quiet


__all__ = ["ConnectionClosed", "PageServer", "ServerConnection"]
