"""chrome://webrtc-internals in a real browser: opened, and its dumps as the user saves them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from devtools import Browser, Tab

ADDRESS = "chrome://webrtc-internals/?keepRemovedConnections"
DUMP = "dump-click-target"
EXPORT = "dump-click-target-rtcstats"

_READY = "document.readyState === 'complete' && document.querySelector('button, #content-root')"
_BUTTON = "document.getElementById('{}')"
_FIRST_BUTTON = "document.querySelector('details button')"
_SECONDS = 20.0


class InternalsPage:
    """The page in a tab; `open` makes one."""

    def __init__(self, tab: Tab, folder: Path) -> None:
        self._tab = tab
        self._folder = folder

    @classmethod
    async def open(cls, browser: Browser, folder: Path, address: str = ADDRESS) -> InternalsPage:
        """The page, loaded, with an empty folder for what it saves.

        Raises:
            LookupError: this browser has no such page.
        """
        tab = await browser.tab(address)
        for _ in range(100):
            if await tab.evaluate(f"!!({_READY})"):
                await browser.download_to(folder, tab)
                return cls(tab, folder)
            await asyncio.sleep(0.05)
        raise LookupError("this browser has no chrome://webrtc-internals")

    async def has_export(self) -> bool:
        """Whether it can save RTCStats, too."""
        return bool(await self._tab.evaluate("!!" + _BUTTON.format(EXPORT)))

    async def save(self, what: str = DUMP) -> bytes:
        """The file that its button saves."""
        button = f"({_BUTTON.format(what)} || {_FIRST_BUTTON})"
        await self._tab.evaluate(f"{button}.click()")
        async with asyncio.timeout(_SECONDS):
            while not (saved := [one for one in self._folder.iterdir() if _is_whole(one)]):
                await asyncio.sleep(0.05)
        content = saved[0].read_bytes()
        saved[0].unlink()
        return content


def _is_whole(file: Path) -> bool:
    return not file.name.endswith(".crdownload") and file.stat().st_size > 0
