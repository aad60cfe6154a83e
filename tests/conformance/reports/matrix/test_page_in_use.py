"""The page as somebody uses it: keys, filters and the address, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from used_pages import Page, in_chromium, use, write

from negotiation.conformance.reports.falsifying import dropped
from negotiation.conformance.reports.matrix.page import matrix_as_page
from negotiation.conformance.traces import format

if TYPE_CHECKING:
    from tests.conformance.reports.matrix.conftest import Record, Survey_

pytestmark = in_chromium

FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.id"
READY = "document.querySelector('td button')"
HASH = "decodeURIComponent(location.hash)"
OPEN = "document.getElementById('evidence').open"
ROWS = "[...document.querySelectorAll('tbody th[scope=row] .name')].map(one => one.textContent)"


@pytest.fixture
def address(record: Record, surveyed: Survey_) -> str:
    """The address of the page of a matrix."""
    missed = dropped(kind="event", name="negotiationneeded")
    record("first-change", "a 1", missed)
    record("first-change", "a 2")
    record("rollback-in-stable-is-refused", "a 2")
    record("first-change", "b 1", lambda lines: seen_without_events(missed(lines)))
    return write(matrix_as_page(surveyed()))


def seen_without_events(lines: list[format.Line]) -> list[format.Line]:
    header, *rest = lines
    assert isinstance(header, format.Header)
    peers = {
        name: msgspec.structs.replace(peer, profile="aiortc") for name, peer in header.peers.items()
    }
    return [msgspec.structs.replace(header, peers=peers), *rest]


def test_keys_move_open_and_close(address: str) -> None:
    async def script(page: Page) -> None:
        await page.value("document.querySelector('td button[tabindex=\"0\"]').focus()")
        assert (await page.value(FOCUSED)).startswith("NN-MISSED, a 1: departs")
        await page.press("ArrowRight")
        assert (await page.value(FOCUSED)).startswith("NN-MISSED, a 2: conforms")
        await page.press("ArrowRight")
        assert (await page.value(FOCUSED)).startswith("NN-MISSED, b 1: unsupported")
        await page.press("ArrowDown", "ArrowDown", "Home")
        assert (await page.value(FOCUSED)).startswith("first-change, a 1: departs")
        assert await page.value("document.querySelectorAll('td [tabindex=\"0\"]').length") == 1
        await page.press("Enter")
        assert await page.value(OPEN)
        await page.becomes(HASH, "#cell=a+1|program+first-change")
        body = await page.value("document.getElementById('evidence-body').innerText")
        for part in ("negotiation replay t/000.jsonl:4", "▶ 4", "is still to come", "[[Negot"):
            assert part in body
        await page.press("Escape")
        assert not await page.value(OPEN)
        await page.becomes(HASH, "")
        assert (await page.value(FOCUSED)).startswith("first-change, a 1")
        await page.press("/")
        assert await page.value(FOCUSED) == "q"
        await page.press(*"stable")
        assert await page.value(ROWS) == ["APP-WRONG-STATE", "rollback-in-stable-is-refused"]
        await page.becomes(HASH, "#q=stable")

    use(address, script, READY)


def test_filters_stay_in_the_address(address: str) -> None:
    async def script(page: Page) -> None:
        await page.value("location.hash = '#rows=programs&differ=1&columns=a+1,a+2'")
        await page.becomes("document.getElementById('differ').checked", True)
        assert await page.value(ROWS) == ["first-change", "rollback-in-stable-is-refused"]
        await page.value("document.querySelector('input[data-column=\"a 1\"]').click()")
        assert await page.value("document.querySelectorAll('thead tr + tr th').length") == 1
        await page.becomes(HASH, "#rows=programs&differ=1&columns=a+2")
        await page.value("document.querySelector('button[type=reset]').click()")
        await page.becomes(HASH, "")
        assert len(await page.value(ROWS)) == 4
        await page.value("document.getElementById('id').value = 'NN-MISSED'")
        await page.value("document.getElementById('id').dispatchEvent(new Event('change'))")
        assert await page.value(ROWS) == ["NN-MISSED", "first-change"]
        await page.becomes(HASH, "#id=NN-MISSED")

    use(address, script, READY)
