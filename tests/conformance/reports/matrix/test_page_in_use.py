"""The page as somebody uses it: keys, filters and the address, in a real browser."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from negotiation.conformance.reports.falsifying import dropped
from negotiation.conformance.reports.matrix.page import matrix_as_page
from negotiation.conformance.traces import format

if TYPE_CHECKING:
    from tests.conformance.reports.matrix.conftest import Record, Survey_

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH"),
]

FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.id"
OPEN = "document.getElementById('evidence').open"
ROWS = "[...document.querySelectorAll('tbody th[scope=row] .name')].map(one => one.textContent)"


@pytest.fixture
def page(record: Record, surveyed: Survey_) -> Iterator[str]:
    """The address of the debugger of a browser that shows a matrix."""
    assert CHROMIUM is not None
    missed = dropped(kind="event", name="negotiationneeded")
    record("first-change", "a 1", missed)
    record("first-change", "a 2")
    record("rollback-in-stable-is-refused", "a 2")
    record("first-change", "b 1", lambda lines: seen_without_events(missed(lines)))
    Path("page.html").write_text(matrix_as_page(surveyed()))
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    profile = f"--user-data-dir={Path('profile').resolve()}"
    address = f"file://{Path('page.html').resolve()}"
    browser = subprocess.Popen(
        [CHROMIUM, *options, profile, address], stderr=subprocess.PIPE, text=True
    )
    assert browser.stderr is not None
    try:
        for line in browser.stderr:
            if found := re.search(r"ws://127.0.0.1:\d+/\S+", line):
                yield found[0]
                break
    finally:
        browser.send_signal(signal.SIGTERM)
        browser.wait(30)
        browser.stderr.close()


def seen_without_events(lines: list[format.Line]) -> list[format.Line]:
    header, *rest = lines
    assert isinstance(header, format.Header)
    peers = {
        name: msgspec.structs.replace(peer, profile="aiortc") for name, peer in header.peers.items()
    }
    return [msgspec.structs.replace(header, peers=peers), *rest]


class Tab:
    """The page in the browser, by the DevTools protocol."""

    def __init__(self, socket: Any, session: str) -> None:
        self._socket = socket
        self._session = session
        self._number = 100

    async def send(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        told = {"id": self._number, "method": method, "params": parameters}
        await self._socket.send(json.dumps(told | {"sessionId": self._session}))
        while True:
            answer = json.loads(await asyncio.wait_for(self._socket.recv(), 30))
            if answer.get("id") == self._number:
                return answer["result"]

    async def value(self, expression: str) -> Any:
        told = await self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return told["result"].get("value")

    async def press(self, *keys: str) -> None:
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            code = {"Enter": 13, "Escape": 27}.get(key, 0)
            common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
            kind = "keyDown" if text else "rawKeyDown"
            await self.send("Input.dispatchKeyEvent", type=kind, text=text, **common)
            await self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    async def shows(self, fragment: str) -> bool:
        """Whether the address has this fragment, soon: some events come in tasks of their own."""
        for _ in range(100):
            if await self.value("decodeURIComponent(location.hash)") == fragment:
                return True
            await asyncio.sleep(0.05)
        return False


def use(debugger: str, script: Callable[[Tab], Awaitable[None]]) -> None:
    async def run() -> None:
        from websockets.asyncio.client import connect

        async with connect(debugger, max_size=None) as socket:
            tab = Tab(socket, "")
            targets: list[dict[str, str]] = []
            while not targets:
                await socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
                answer = json.loads(await socket.recv())
                told = answer["result"]["targetInfos"]
                targets = [one for one in told if one["url"].endswith("page.html")]
            attach = {"targetId": targets[0]["targetId"], "flatten": True}
            message = {"id": 2, "method": "Target.attachToTarget", "params": attach}
            await socket.send(json.dumps(message))
            answer = json.loads(await socket.recv())
            tab = Tab(socket, answer["params"]["sessionId"])
            while not await tab.value("document.querySelector('td button') !== null"):
                await asyncio.sleep(0.05)
            await script(tab)

    asyncio.run(run())


def test_keys_move_open_and_close(page: str) -> None:
    async def script(tab: Tab) -> None:
        await tab.value("document.querySelector('td button[tabindex=\"0\"]').focus()")
        assert (await tab.value(FOCUSED)).startswith("NN-MISSED, a 1: departs")
        await tab.press("ArrowRight")
        assert (await tab.value(FOCUSED)).startswith("NN-MISSED, a 2: conforms")
        await tab.press("ArrowRight")
        assert (await tab.value(FOCUSED)).startswith("NN-MISSED, b 1: unsupported")
        await tab.press("ArrowDown", "ArrowDown", "Home")
        assert (await tab.value(FOCUSED)).startswith("first-change, a 1: departs")
        assert await tab.value("document.querySelectorAll('td [tabindex=\"0\"]').length") == 1
        await tab.press("Enter")
        assert await tab.value(OPEN)
        assert await tab.shows("#cell=a+1|program+first-change")
        body = await tab.value("document.getElementById('evidence-body').innerText")
        for part in ("negotiation replay t/000.jsonl:4", "▶ 4", "is still to come", "[[Negot"):
            assert part in body
        await tab.press("Escape")
        assert not await tab.value(OPEN)
        assert await tab.shows("")
        assert (await tab.value(FOCUSED)).startswith("first-change, a 1")
        await tab.press("/")
        assert await tab.value(FOCUSED) == "q"
        await tab.press(*"stable")
        assert await tab.value(ROWS) == ["APP-WRONG-STATE", "rollback-in-stable-is-refused"]
        assert await tab.shows("#q=stable")

    use(page, script)


def test_filters_stay_in_the_address(page: str) -> None:
    async def script(tab: Tab) -> None:
        await tab.value("location.hash = '#rows=programs&differ=1&columns=a+1,a+2'")
        while not await tab.value("document.getElementById('differ').checked"):
            await asyncio.sleep(0.05)
        assert await tab.value(ROWS) == ["first-change", "rollback-in-stable-is-refused"]
        await tab.value("document.querySelector('input[data-column=\"a 1\"]').click()")
        assert await tab.value("document.querySelectorAll('thead tr + tr th').length") == 1
        assert await tab.shows("#rows=programs&differ=1&columns=a+2")
        await tab.value("document.querySelector('button[type=reset]').click()")
        assert await tab.shows("")
        assert len(await tab.value(ROWS)) == 4
        await tab.value("document.getElementById('id').value = 'NN-MISSED'")
        await tab.value("document.getElementById('id').dispatchEvent(new Event('change'))")
        assert await tab.value(ROWS) == ["NN-MISSED", "first-change"]
        assert await tab.shows("#id=NN-MISSED")

    use(page, script)
