"""The fixture for Playwright, in a real Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright_pages import ADDRESS, CALL, LATE_ANSWER, launch

from negotiation.conformance.playwright import (
    NegotiationFailedError,
    Recording,
    RecordingAsync,
    negotiation_recording,
)

__all__ = ["negotiation_recording"]

pytestmark = pytest.mark.live


def answered(route: Any) -> Any:
    return route.fulfill(body="<p>", content_type="text/html")


async def answered_soon(route: Any) -> None:
    await answered(route)


@pytest.fixture
def context() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch())
        made = browser.new_context()
        made.route("**", answered)
        yield made
        browser.close()


def opened(context: Any) -> Any:
    page = context.new_page()
    page.goto(ADDRESS)
    return page


def test_a_call_is_recorded_and_judged(context: Any, negotiation_recording: Recording) -> None:
    opened(context).evaluate(CALL)
    (verdict,) = negotiation_recording.check()
    assert verdict.verdict == "conforms"
    (file,) = negotiation_recording.files
    assert file.name == "page-1-connection-1-2.jsonl"


OFFERED_BY_HAND = """async () => {
    const pc = new RTCPeerConnection();
    pc.addTransceiver("audio");
    await pc.setLocalDescription(await pc.createOffer());
    pc.close();
}"""
"""In Chromium the event comes early, and the mid is null once it is closed: so it does for all."""


def test_what_a_browser_does_to_everybody_fails_no_test(context: Any, tmp_path: Path) -> None:
    recording = Recording(context, tmp_path)
    opened(context).evaluate(OFFERED_BY_HAND)
    (verdict,) = recording.check()
    assert {"NN-EARLY", "TRANSCEIVER-STATE"} >= {one.id for one in verdict.findings} > set()


def test_pages_are_told_apart(context: Any, tmp_path: Path) -> None:
    recording = Recording(context, tmp_path)
    for _ in range(2):
        opened(context).evaluate(CALL)
    names = [file.name for file in recording.write()]
    assert names == ["page-1-connection-1-2.jsonl", "page-2-connection-1-2.jsonl"]


def test_a_fault_fails_the_test(context: Any, tmp_path: Path) -> None:
    recording = Recording(context, tmp_path)
    opened(context).evaluate(LATE_ANSWER)
    with pytest.raises(NegotiationFailedError) as failed:
        recording.check()
    assert "APP-WRONG-STATE" in str(failed.value), str(failed.value)
    found = {line.split(": ")[1] for line in str(failed.value).splitlines()}
    recording.check(expected=found)


def test_a_recording_of_nothing_fails(context: Any, tmp_path: Path) -> None:
    recording = Recording(context, tmp_path)
    opened(context)
    with pytest.raises(NegotiationFailedError, match="no connection was recorded"):
        recording.check()


def test_the_asynchronous_api(tmp_path: Path) -> None:
    async def recorded() -> list[Path]:
        from playwright.async_api import async_playwright

        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**launch())
            context = await browser.new_context()
            await context.route("**", answered_soon)
            recording = RecordingAsync(context, tmp_path)
            await recording.begin()
            page = await context.new_page()
            await page.goto(ADDRESS)
            await page.evaluate(CALL)
            (verdict,) = await recording.check()
            assert verdict.verdict == "conforms"
            await browser.close()
            return recording.files

    assert len(asyncio.run(recorded())) == 1
