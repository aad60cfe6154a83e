"""The plugin with real stacks: aiortc and wrtc in the process, Chromium through Playwright."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright_pages import ADDRESS, CALL, LATE_ANSWER, launch
from plugged import Plugged

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.reports.expectations import expectations_for
from negotiation.conformance.reports.gate import weigh
from negotiation.conformance.reports.judged import judge_traces

pytestmark = pytest.mark.live

STACKS = {"aiortc": "aiortc", "wrtc": "webrtc"}

CALLS = """
    import asyncio
    import pytest
    from {module} import RTCPeerConnection

    async def exchanged(a, b):
        await a.setLocalDescription(await a.createOffer())
        await b.setRemoteDescription(a.localDescription)
        await b.setLocalDescription(await b.createAnswer())
        await a.setRemoteDescription(b.localDescription)

    async def closed(*connections):
        for one in connections:
            closing = one.close()
            if closing is not None:
                await closing

    async def test_a_call(negotiation):
        a = negotiation.watch(RTCPeerConnection(), "caller")
        b = negotiation.watch(RTCPeerConnection(), "callee")
        a.addTransceiver("audio")
        a.createDataChannel("chat")
        await exchanged(a, b)
        await negotiation.settled()
        await closed(a, b)

    async def test_a_call_of_the_application_s(negotiation):
        negotiation.watch(RTCPeerConnection)
        a, b = RTCPeerConnection(), RTCPeerConnection()
        a.addTransceiver("video", **{sending})
        await exchanged(a, b)
        a.addTransceiver("audio")
        await exchanged(a, b)
        await closed(a, b)

    async def test_an_answer_that_comes_twice(negotiation):
        a = negotiation.watch(RTCPeerConnection(), "caller")
        b = negotiation.watch(RTCPeerConnection(), "callee")
        a.addTransceiver("audio")
        await exchanged(a, b)
        with pytest.raises(Exception):
            await a.setRemoteDescription(b.localDescription)
        await closed(a, b)
"""
SENDING = {"aiortc": '{"direction": "sendonly"}', "wrtc": "{}"}


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_in_the_process(stack: str, plugged: Plugged) -> None:
    module = STACKS[stack]
    pytest.importorskip(module, reason=f"{stack} is not installed (pip install {stack})")
    test = CALLS.format(module=module, sending=SENDING[stack])
    result = plugged.run(test, warnings="default")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "APP-DEAD-ANSWER (*",
            "negotiation: 6 connections with *1 test with a wrong negotiation, 1 unexpected*",
        ]
    )
    assert found_again(plugged.results) == ["APP-DEAD-ANSWER"]


def found_again(results: Path) -> list[str]:
    """What `negotiation check` finds in the traces that were kept, and nothing expects."""
    files = [str(file) for file in results.rglob("*.jsonl")]
    judged = judge_traces(files, Checker())
    gate = weigh(judged, expectations_for(files))
    return [one.finding.id for one in gate.unexpected]


PAGES = f"""
    CALL, LATE_ANSWER, ADDRESS = {CALL!r}, {LATE_ANSWER!r}, {ADDRESS!r}

    def answered(route):
        return route.fulfill(body="<p>", content_type="text/html")
"""

SYNCHRONOUS = """
    def opened(page):
        page.route("**", answered)
        page.goto(ADDRESS)

    def test_a_call(page, negotiation):
        assert negotiation.watch_page(page) is page
        opened(page)
        page.evaluate(CALL)

    def test_a_page_that_the_test_closes(page, negotiation):
        negotiation.watch_page(page.context)
        opened(page)
        page.evaluate(CALL)
        negotiation.settled()
        page.close()

    def test_a_late_answer(page, negotiation):
        negotiation.watch_page(page)
        opened(page)
        page.evaluate(LATE_ANSWER)

    def test_a_page_without_a_call(page, negotiation):
        negotiation.watch_page(page)
        opened(page)
"""

ASYNCHRONOUS = """
    from playwright.async_api import async_playwright

    async def test_a_call(negotiation):
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(**LAUNCH)
            page = await negotiation.watch_page(await browser.new_page())
            await page.route("**", answered)
            await page.goto(ADDRESS)
            await page.evaluate(CALL)
            await negotiation.settled()
            await browser.close()
"""

FIXTURES = """
import pytest
from playwright.sync_api import sync_playwright

@pytest.fixture
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        yield browser.new_page()
        browser.close()
"""

OF_PYTEST_PLAYWRIGHT = """
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args():
    return LAUNCH
"""


def launching() -> str:
    return f"LAUNCH = {launch()!r}\n"


@pytest.mark.parametrize("fixture", ["a fixture of one's own", "pytest-playwright"])
def test_pages(fixture: str, plugged: Plugged) -> None:
    is_own = fixture != "pytest-playwright"
    if not is_own:
        pytest.importorskip("pytest_playwright", reason="pytest-playwright is not installed")
    conftest = launching() + (FIXTURES if is_own else OF_PYTEST_PLAYWRIGHT)
    plugged.pytester.makeconftest(conftest)
    others = ["playwright", "base_url"]
    result = plugged.run(f"{PAGES}{SYNCHRONOUS}", plugins=others, warnings="default")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["APP-WRONG-STATE (*", "Nothing was recorded: *"])
    assert "page-1-connection-1.jsonl" in plugged.kept()


def test_pages_of_the_asynchronous_api(plugged: Plugged) -> None:
    test = f"{PAGES}{ASYNCHRONOUS}\n    {launching()}"
    result = plugged.run(test, warnings="default")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["negotiation: 2 connections with *: all conform*"])
