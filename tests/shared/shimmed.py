"""Programs in the page recorder's page, which Playwright opens, with the shim in it or without."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from playwright_pages import launch

from negotiation.conformance.programs.language import Program
from negotiation.conformance.shim.script import shim
from negotiation.conformance.stacks.recording import Recording, Session, Settings
from negotiation.conformance.stacks.registry import page_row


class Shimmed(msgspec.Struct, frozen=True):
    """What the page recorder wrote, and the traces that the shim handed out of the same program."""

    recording: Recording
    traces: tuple[dict[str, str], ...] = ()


def recorded(programs: Sequence[Program], *, shimmed: bool) -> list[Shimmed]:
    """The programs, recorded by the page recorder in Chromium.

    In a thread of its own: a fixture with Playwright's other API has a loop running in the test's.
    """
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(_recorded(programs, shimmed=shimmed))).result()


async def _recorded(programs: Sequence[Program], *, shimmed: bool) -> list[Shimmed]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch())
        page = await browser.new_page()
        if shimmed:
            await page.add_init_script(shim())
        try:
            return [told async for told in _each(page, programs, shimmed=shimmed)]
        finally:
            await browser.close()


async def _each(page: Any, programs: Sequence[Program], *, shimmed: bool) -> Any:
    """A page for each program: a trace of the shim's is one of a whole page."""
    opening: set[asyncio.Task[Any]] = set()

    def announce(address: str) -> None:
        opening.add(asyncio.get_running_loop().create_task(page.goto(address)))

    for program in programs:
        settings = Settings(timeout=30, announce=announce)
        async with Session(page_row("chromium", "127.0.0.1:0"), settings) as session:
            recording = await session.run(program)
            traces = await page.evaluate("negotiationShim.traces()") if shimmed else ()
            yield Shimmed(recording, tuple(traces))
            await page.goto("about:blank")
    await asyncio.gather(*opening, return_exceptions=True)


def written(recording: Recording, file: Path) -> str:
    """The name of the file that the recording is written to."""
    from negotiation.conformance.traces.writing import write_trace

    write_trace(str(file), recording.lines)
    return str(file)
