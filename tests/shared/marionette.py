"""A browser of the Firefox family, asked from outside through its own Marionette port."""

from __future__ import annotations

import json
import socket
import time
from typing import Any, cast

SECONDS = 60.0


class Marionette:
    """A context manager: a session with the browser that listens on this port of the loopback."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._read = b""
        self._number = 0

    def __enter__(self) -> Marionette:
        self._socket = self._connected()
        self._answer()
        self.ask("WebDriver:NewSession", capabilities={})
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, command: str, **parameters: Any) -> Any:
        """What the browser answers to the command."""
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = cast(list[Any], self._answer())
        assert error is None, error
        return result

    def script(self, text: str, *, privileged: bool = False) -> Any:
        """What a script calls its last argument with."""
        self.ask("Marionette:SetContext", value="chrome" if privileged else "content")
        return self.ask("WebDriver:ExecuteAsyncScript", script=text, args=[])["value"]

    def open(self, address: str) -> None:
        """Open a page in a new tab, and go on there."""
        self.ask("Marionette:SetContext", value="content")
        tab = self.ask("WebDriver:NewWindow", type="tab")["handle"]
        self.ask("WebDriver:SwitchToWindow", handle=tab, focus=True)
        self.ask("WebDriver:Navigate", url=address)

    def _connected(self) -> socket.socket:
        until = time.monotonic() + SECONDS
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self._port), SECONDS)
            except ConnectionRefusedError:
                assert time.monotonic() < until, "the browser does not listen"
                time.sleep(0.1)

    def _answer(self) -> Any:
        while b":" not in self._read:
            self._receive()
        size, _, self._read = self._read.partition(b":")
        while len(self._read) < int(size):
            self._receive()
        message, self._read = self._read[: int(size)], self._read[int(size) :]
        return json.loads(message)

    def _receive(self) -> None:
        piece = self._socket.recv(1 << 16)
        assert piece, "the browser has hung up"
        self._read += piece


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
