"""A page as somebody uses it: keys, and what it shows, in a Chromium that devtools drive."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from devtools import Browser, Tab

CHROMIUM = shutil.which("chromium")

in_chromium = [
    pytest.mark.live,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH"),
]
"""The marks of tests that use a page."""

CODES = {
    "ArrowUp": 38,
    "ArrowDown": 40,
    "ArrowLeft": 37,
    "ArrowRight": 39,
    "Home": 36,
    "End": 35,
    "Enter": 13,
    "Escape": 27,
}


class Page:
    """The page in a tab."""

    def __init__(self, browser: Browser, tab: Tab) -> None:
        self._browser = browser
        self._tab = tab

    async def value(self, script: str) -> Any:
        return await self._tab.evaluate(script)

    async def press(self, *keys: str) -> None:
        for key in keys:
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            common = {"key": key, "code": key, "windowsVirtualKeyCode": CODES.get(key, 0)}
            told = {"type": "keyDown" if text else "rawKeyDown", "text": text, **common}
            await self.command("Input.dispatchKeyEvent", told)
            await self.command("Input.dispatchKeyEvent", {"type": "keyUp", **common})

    async def command(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return await self._browser.command(method, parameters, self._tab.session)

    async def becomes(self, script: str, wanted: Any) -> None:
        """Wait until it is so: some events come in tasks of their own."""
        for _ in range(100):
            value = await self.value(script)
            if value == wanted:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{script} is {value!r}, not {wanted!r}")


Script = Callable[[Page], Awaitable[None]]


def use(address: str, script: Script, ready: str) -> None:
    """Use the page with this address, as soon as it is loaded and `ready` is there."""

    async def run() -> None:
        async with Browser(Path(CHROMIUM or "")) as browser:
            page = Page(browser, await browser.tab(address))
            await page.becomes(f"document.readyState === 'complete' && !!({ready})", True)
            await script(page)

    asyncio.run(run())


def write(text: str) -> str:
    """The address of the page, written."""
    Path("page.html").write_text(text)
    return Path("page.html").resolve().as_uri()
