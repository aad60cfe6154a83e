"""The page as somebody uses it: keys, slider, filters and the address, in a real browser."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import msgspec
import pytest
import used_pages
from used_pages import Page, Script, in_chromium, write

from negotiation.conformance.reports.falsifying import altered, dropped
from negotiation.conformance.reports.replay_page import replay_as_page
from negotiation.conformance.reports.replaying import Part
from negotiation.conformance.traces import format

if TYPE_CHECKING:
    from tests.conformance.reports.replay_page.conftest import Replayed, ReplayedLines

    from negotiation.conformance.traces.format import Line

pytestmark = in_chromium

SAID = "document.getElementById('said').textContent"
CHOSEN = "document.querySelector('.row[aria-selected=true] .line')?.textContent"
LINES = "[...document.querySelectorAll('.row .line')].map(one => Number(one.textContent))"
BODY = "document.getElementById('moment-body').innerText"
NODES = "document.querySelectorAll('*').length"
COUNT = "document.getElementById('count').textContent"

missed = dropped(kind="event", name="negotiationneeded")


def use(address: str, script: Script, ready: str = "document.querySelector('.row')") -> None:
    used_pages.use(address, script, ready)


def test_it_opens_where_it_went_wrong(replayed: Replayed) -> None:
    replay = replayed("first-change", missed)
    (finding,) = (one for one in replay.verdict.findings if one.id == "NN-MISSED")

    async def script(page: Page) -> None:
        assert await page.value(CHOSEN) == str(finding.line)
        await page.becomes(f"{SAID}.includes('NN-MISSED')", True)
        told = await page.value(BODY)
        for part in (finding.message, "what to do", f"negotiation why trace.jsonl:{finding.line}"):
            assert part in told
        header = await page.value("document.querySelector('header').innerText")
        assert f"What went wrong first: line {finding.line}, {finding.peer}" in header
        assert "✗ violates" in header

    use(write(replay_as_page(replay)), script)


def test_what_went_wrong_where_it_is_not_shown_is_not_called_known(replayed: Replayed) -> None:
    replay = replayed("first-change", missed)
    (finding,) = (one for one in replay.verdict.findings if one.id == "NN-MISSED")

    async def script(page: Page) -> None:
        header = await page.value("document.querySelector('header').innerText")
        assert f"What went wrong first: line {finding.line} (not on this page), A" in header
        assert "is known" not in header
        assert await page.value(CHOSEN) == "2"

    use(write(replay_as_page(replay, part=Part(last=finding.line - 1))), script)


def test_keys_step_and_stay_in_the_address(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare", missed)
    lines = [line for line, _ in replay.observations]
    found = sorted({one.line for one in replay.verdict.findings})
    assert len(found) > 1

    async def script(page: Page) -> None:
        for key, wanted in (
            ("Home", lines[0]),
            ("ArrowUp", lines[0]),
            ("ArrowDown", lines[1]),
            ("ArrowRight", lines[2]),
            ("ArrowLeft", lines[1]),
            ("End", lines[-1]),
            ("p", max(one for one in found if one < lines[-1])),
        ):
            await page.press(key)
            assert await page.value(CHOSEN) == str(wanted), key
            await page.becomes("location.hash", f"#line={wanted}")
        await page.press("Home")
        for line in found:
            if line != lines[0]:
                await page.press("n")
                assert await page.value(CHOSEN) == str(line)
        await page.press("n")
        assert await page.value(COUNT) == "There is no finding after this one."
        # What is chosen is told to who does not see it.
        await page.becomes(f"{SAID}.includes('Line {found[-1]}, ')", True)
        active = "document.getElementById('scroll').getAttribute('aria-activedescendant')"
        row = lines.index(found[-1])
        assert await page.value(active) == f"row-{row}"
        assert await page.value(f"document.getElementById('row-{row}').ariaSelected") == "true"

    use(write(replay_as_page(replay)), script)


def test_the_search_and_the_filters(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare")
    methods = [one for _, one in replay.observations if isinstance(one, format.Call)]

    async def script(page: Page) -> None:
        await page.press("/")
        assert await page.value("document.activeElement.id") == "q"
        await page.press(*"call setlocal")
        wanted = sum(one.method == "setLocalDescription" for one in methods)
        assert len(await page.value(LINES)) == wanted
        assert f"{wanted} of {len(replay.observations)}" in await page.value(COUNT)
        await page.press("Escape")
        assert await page.value("document.activeElement.id") == "scroll"
        await page.value("document.querySelector('#filters [type=reset]').click()")
        for name, value in (("peer", "B"), ("kind", "call")):
            field = f"document.getElementById('{name}')"
            await page.value(
                f"{field}.value = '{value}'; {field}.dispatchEvent(new Event('change'))"
            )
        rows = [line for line, one in replay.observations if one.peer == "B"]
        calls = [line for line, one in replay.observations if isinstance(one, format.Call)]
        assert await page.value(LINES) == [line for line in calls if line in rows]
        await page.becomes("location.hash.includes('peer=B&kind=call')", True)
        await page.value("document.getElementById('only').click()")
        found = {one.line for one in replay.verdict.findings}
        assert await page.value(LINES) == [one for one in calls if one in rows and one in found]
        # A link to a moment that the filters hide takes them away.
        first = replay.observations[0][0]
        await page.value(f"location.hash = '#peer=B&line={first}'")
        await page.becomes(CHOSEN, str(first))
        assert await page.value("document.getElementById('peer').value") == ""

    use(write(replay_as_page(replay)), script)


def test_the_slider_and_a_link_that_is_pasted(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare")
    lines = [line for line, _ in replay.observations]

    async def script(page: Page) -> None:
        assert await page.value(CHOSEN) == str(lines[7])
        await page.value("document.getElementById('slider').focus()")
        await page.press("ArrowRight")
        await page.becomes(CHOSEN, str(lines[8]))
        told = "document.getElementById('slider').getAttribute('aria-valuetext')"
        assert await page.value(told) == f"line {lines[8]} of {lines[-1]}"
        await page.press("n")
        assert await page.value(CHOSEN) != str(lines[8])
        clipboard = "{value: {writeText: async told => { window.told = told; }}}"
        await page.value(f"void Object.defineProperty(navigator, 'clipboard', {clipboard})")
        line = await page.value(CHOSEN)
        await page.value("document.getElementById('copy').click()")
        await page.becomes("document.getElementById('copy').textContent", "Copied")
        assert str(await page.value("window.told")).endswith(f".html#line={line}")

    use(f"{write(replay_as_page(replay))}#line={lines[7]}", script)


def test_bars_arrows_and_states_are_drawn(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare")

    async def script(page: Page) -> None:
        titles = await page.value(
            "[...document.querySelectorAll('.picture title')].map(one => one.textContent)"
        )
        assert any("at work, as the first of the chain" in one for one in titles)
        assert any(one == "A: have-local-offer" for one in titles)
        assert any("[[NegotiationNeeded]] true" in one for one in titles)
        assert await page.value("document.querySelectorAll('.arrow').length") > 0

    use(f"{write(replay_as_page(replay))}#line=2", script)


def test_it_prints_as_a_table_with_the_findings(replayed: Replayed) -> None:
    replay = replayed("first-change", missed)
    (finding,) = (one for one in replay.verdict.findings if one.id == "NN-MISSED")

    async def script(page: Page) -> None:
        await page.value("window.dispatchEvent(new Event('beforeprint'))")
        told = await page.value("document.getElementById('paper').textContent")
        assert finding.message in told
        rows = "document.querySelectorAll('#paper tbody tr').length"
        assert await page.value(rows) == len(replay.observations) + len(replay.verdict.findings)
        await page.value("window.dispatchEvent(new Event('afterprint'))")
        assert await page.value("document.getElementById('paper').childElementCount") == 0

    use(write(replay_as_page(replay)), script)


def test_nothing_reaches_over_a_narrow_window(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare", missed)

    async def script(page: Page) -> None:
        size = {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": False}
        await page.command("Emulation.setDeviceMetricsOverride", size)
        await page.becomes("innerWidth", 320)
        assert await page.value("document.documentElement.scrollWidth") <= 320
        await page.press("Home", "ArrowDown")
        assert await page.value("document.querySelector('.row .told').clientWidth") > 80

    use(write(replay_as_page(replay)), script)


def test_of_many_peers_as_many_have_lifelines_as_leave_room(replayed: Replayed) -> None:
    def crowded(lines: list[Line]) -> list[Line]:
        header, *rest = lines
        assert isinstance(header, format.Header)
        others = {f"peer {number} of a crowd": header.peers["A"] for number in range(30)}
        n = max(one.n for one in rest if isinstance(one, format.Observation))
        marks = [
            format.Mark(n=n + number, t=1e4 + number, peer=name, text="here")
            for number, name in enumerate(others, start=1)
        ]
        return [msgspec.structs.replace(header, peers=header.peers | others), *rest, *marks]

    replay = replayed("two-peers-glare", crowded)

    async def script(page: Page) -> None:
        for width in (1400, 700, 320):
            size = {"width": width, "height": 700, "deviceScaleFactor": 1, "mobile": False}
            await page.command("Emulation.setDeviceMetricsOverride", size)
            await page.becomes("innerWidth", width)
            await page.press("Home", "End")
            heads = "[...document.querySelectorAll('.head b')].map(one => one.textContent)"
            await page.becomes(f"{heads}.at(-1)", "peer 29 of a crowd")
            assert 2 <= len(await page.value(heads)) <= 8
            assert await page.value("document.querySelector('.row .told').clientWidth") > 80

    use(write(replay_as_page(replay)), script)


def long(lines: list[Line], times: int) -> list[Line]:
    """The recording, and then so many remarks, of both peers."""
    n = max(one.n for one in lines if isinstance(one, format.Observation))
    marks = [
        format.Mark(n=n + number, t=1000.0 + number, peer="AB"[number % 2], text=f"remark {number}")
        for number in range(1, times + 1)
    ]
    return [*lines, *marks]


def test_of_100000_observations_only_what_is_seen_is_in_the_document(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare", lambda lines: long(lines, 100_000))
    last = replay.observations[-1][0]

    async def script(page: Page) -> None:
        assert await page.value(NODES) < 1000
        await page.press("End")
        assert await page.value(CHOSEN) == str(last)
        for part in (0.1, 0.5, 0.93):
            scroll = f"document.getElementById('scroll').scrollTop = {part} * 28 * {last}"
            await page.value(scroll)
            await page.becomes(f"Math.abs({LINES}[20] - {part} * {last}) < 60", True)
            assert await page.value(NODES) < 1000
        await page.press("/", *"remark 99999")
        await page.becomes(COUNT, f"1 of {len(replay.observations)} observations")

    use(write(replay_as_page(replay)), script)


class _Logged(http.server.SimpleHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *told: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server of this folder, which keeps what it is asked for."""
    _Logged.asked = []
    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Logged)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    thread.join()
    serving.server_close()


def evil_of(server: str) -> str:
    told = f"</script></title><img src={server}/evil onerror=\"window.hit = 'run'\">"
    told += f"<script src={server}/evil></script><script>window.hit = 'run'</script>"
    return (
        told + "<svg onload=\"window.hit = 'run'\">&lt;javascript:alert(1)\u2028\u202e\x1b[2J\x00"
    )


def test_a_hostile_trace_runs_nothing_and_loads_nothing(
    replayed_lines: ReplayedLines, replayed: Replayed, server: str
) -> None:
    evil = evil_of(server)

    def hostile(lines: list[Line]) -> list[Line]:
        edited = altered({"kind": "throw", "error": evil, "message": evil}, kind="return")(
            missed(lines)
        )
        header, *rest = altered({"program": evil, "note": evil}, kind="header")(edited)
        mark = format.Mark(n=10**6, t=1e6, peer="A", text=evil, within=evil)
        sent = format.Send(n=10**6 + 1, t=1e6, peer="A", message=evil)
        return [header, *rest, mark, sent]

    replay = replayed("first-change", hostile)
    write(replay_as_page(replay))
    last = replay.observations[-1][0]

    async def script(page: Page) -> None:
        for _ in replay.observations:
            assert await page.value("window.hit") is None
            await page.press("ArrowUp")
        await page.press("End", "/", *"onerror")
        await page.value("window.dispatchEvent(new Event('beforeprint'))")
        await page.value("for (const one of document.querySelectorAll('details')) one.open = true")
        assert await page.value("window.hit") is None
        assert (
            await page.value("document.querySelectorAll('img, iframe, object, embed').length") == 0
        )
        assert await page.value("document.scripts.length") == 2
        links = await page.value("[...document.links].map(one => one.getAttribute('href'))")
        assert links
        assert all(one.startswith(("https://", "#line=")) for one in links)
        assert "onerror" in await page.value("document.body.textContent")
        assert await page.value(
            "performance.getEntriesByType('resource').map(one => one.name)"
        ) in (
            [],
            [f"{server}/favicon.ico"],
        )

    use(f"{server}/page.html#line={last}", script)
    assert set(_Logged.asked) <= {"/page.html", "/favicon.ico"}


def test_the_marker_would_be_seen(server: str) -> None:
    """What the test before looks at changes if markup of a trace did become elements."""
    Path("page.html").write_text(f"<title>x{evil_of(server)}")

    async def script(page: Page) -> None:
        assert await page.value("window.hit") == "run"

    use(f"{server}/page.html", script, ready="document.querySelector('img')")
    assert "/evil" in _Logged.asked
