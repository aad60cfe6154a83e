"""A Chromium driven over its debugging port: tabs, what they evaluate, and what they download."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from pathlib import Path
from types import TracebackType
from typing import Any

import websockets

from negotiation.conformance.stacks.browsers import FAMILIES, Family, browser

_SECONDS = 30.0


class DevtoolsError(Exception):
    """The browser refused a command, or a script threw."""


class GoneError(DevtoolsError):
    """The browser went away."""


class Browser:
    """An asynchronous context manager: a Chromium in a fresh profile."""

    def __init__(self, executable: Path) -> None:
        chromium = Family(self._in_profile, FAMILIES["chromium"].files)
        self._child = browser(executable, chromium, "about:blank")
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def __aenter__(self) -> Browser:
        await self._child.__aenter__()
        try:
            address = await self._address()
            self._socket = await websockets.connect(address, max_size=None, proxy=None)
        except BaseException:
            await self._child.__aexit__(None, None, None)
            raise
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)
        await self._socket.close()
        await self._child.__aexit__(kind, error, trace)

    def _in_profile(self, profile: Path, address: str) -> tuple[str, ...]:
        self._port = profile / "DevToolsActivePort"
        return FAMILIES["chromium"].arguments(profile, address)

    async def _address(self) -> str:
        """Where it listens: a file in its profile tells the port, then the path."""
        async with asyncio.timeout(_SECONDS), self._child.while_it_runs():
            while not (self._port.exists() and self._port.read_text().count("/") > 1):
                await asyncio.sleep(0.05)
        port, path = self._port.read_text().split()
        return f"ws://127.0.0.1:{port}{path}"

    async def _listen(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for message in self._socket:
                told = json.loads(message)
                waiting = self._answers.pop(told.get("id"), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(told)
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(GoneError("the browser went away"))

    async def command(
        self, method: str, parameters: dict[str, Any] | None = None, session: str | None = None
    ) -> dict[str, Any]:
        """What the browser answers.

        Raises:
            DevtoolsError: it refused.
        """
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        order = {"id": number, "method": method, "params": parameters or {}}
        try:
            await self._socket.send(json.dumps(order | ({"sessionId": session} if session else {})))
            async with asyncio.timeout(_SECONDS):
                told = await answer
        except websockets.ConnectionClosed as closed:
            raise GoneError(f"{method}: the browser went away") from closed
        if "error" in told:
            raise DevtoolsError(f"{method}: {told['error']}")
        result: dict[str, Any] = told["result"]
        return result

    async def tab(self, address: str) -> Tab:
        """A tab with that page, loading."""
        target = (await self.command("Target.createTarget", {"url": address}))["targetId"]
        attached = await self.command(
            "Target.attachToTarget", {"targetId": target, "flatten": True}
        )
        return Tab(self, attached["sessionId"], target)

    async def download_to(self, folder: Path, tab: Tab) -> None:
        """Where the tab's downloads go, without asking."""
        where = {"behavior": "allow", "downloadPath": str(folder)}
        try:
            await self.command("Browser.setDownloadBehavior", where)
        except DevtoolsError:  # to Chromium 78
            await self.command("Page.setDownloadBehavior", where, tab.session)


class Tab:
    """A page in a browser."""

    def __init__(self, browser: Browser, session: str, target: str) -> None:
        self._browser = browser
        self.session = session
        self._target = target

    async def evaluate(self, script: str) -> Any:
        """The value of the script, or of the promise that it gives."""
        told = await self._browser.command(
            "Runtime.evaluate",
            {"expression": script, "awaitPromise": True, "returnByValue": True},
            self.session,
        )
        if "exceptionDetails" in told:
            raise DevtoolsError(str(told["exceptionDetails"])[:1000])
        return told["result"].get("value")

    async def close(self) -> None:
        """Close the page."""
        await self._browser.command("Target.closeTarget", {"targetId": self._target})
