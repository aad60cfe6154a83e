"""A real Firefox's about:webrtc, against what the page's recorder saw of the same calls."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from dump_writers.firefox import sets_of
from marionette import Marionette, free_port

from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.programs.library import load
from negotiation.conformance.stacks import browsers
from negotiation.conformance.stacks.recording import LiveStack
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces.format import Call, Line
from negotiation.conformance.traces.reading import read_trace

pytestmark = pytest.mark.live

HEALTHY = (
    "offer-and-answer-of-two-peers",
    "local-offer-and-remote-answer",
    "remote-offer-and-local-answer",
    "data-channels-of-two-peers",
    "rollback-of-a-local-offer",
    "implicit-rollback",
    "glare-ended-by-an-explicit-rollback",
    "perfect-negotiation-glare-seen-by-the-polite-end-first",
    "perfect-negotiation-without-glare",
    "two-peers-stop-and-recycle",
)
REFUSED = ("wrong-calls-in-stable", "answers-that-do-not-fit-their-offer")
"""Programs of which descriptions are refused: their types cannot be concluded with certainty."""

ALL_REPORTS = "WebrtcGlobalInformation.getAllStats(r => arguments[0](JSON.stringify(r)))"
WHOLE_PAGE = """
const done = arguments[0];
const look = () => {
  const content = document.querySelector("#content");
  const histories = content.querySelectorAll(".sdp-history").length;
  if (histories > 0) done(content.outerHTML); else setTimeout(look, 50);
};
look();
"""

Told = tuple[str, str | None, str]
"""Method, type, and what the text is recognised by."""


class Evidence(msgspec.Struct):
    recorded: dict[str, list[Line]]
    report: bytes
    page: bytes


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    firefox = row("firefox")
    if firefox.executable() is None:
        pytest.skip(f"{firefox.title} is not here: {firefox.install}")
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(browsers.FAMILIES, "firefox", listening(port))
        with LiveStack(firefox) as live:
            names = (*HEALTHY, *REFUSED)
            recorded = {name: list(live.run(load(name)).lines) for name in names}
            with Marionette(port) as browser:
                report = browser.script(ALL_REPORTS, privileged=True)
                browser.open("about:webrtc")
                page = browser.script(WHOLE_PAGE)
    return Evidence(recorded, report.encode(), page.encode())


def listening(port: int) -> browsers.Family:
    """Firefox, as it is always started here, with its Marionette port open."""
    family = browsers.FAMILIES["firefox"]
    more = "\n".join((family.files["user.js"], f'user_pref("marionette.port", {port});'))

    def arguments(profile: Path, address: str) -> tuple[str, ...]:
        *before, last = family.arguments(profile, address)
        return (*before, "--marionette", "--remote-allow-system-access", last)

    return browsers.Family(arguments, {**family.files, "user.js": more})


def connections(dump: bytes, format: str) -> list[list[Told]]:
    found = import_dump(io.BytesIO(dump))
    assert found is not None
    assert (found.format.name, found.broken_off) == (format, None)
    told: list[list[Told]] = []
    for one in found.calls:
        trace = read_trace(io.BytesIO(one.trace))
        peers: dict[str, list[Told]] = {peer: [] for peer in trace.header.peers}
        for _, line in trace.observations:
            if isinstance(line, Call) and (given := line.args.description):
                text = trace.sdps[given.sdp].text if given.sdp else ""
                peers[line.peer].append((line.method, given.type, session(text)))
        told += peers.values()
    return told


def seen_by_the_page(lines: list[Line]) -> list[list[Told]]:
    methods = {True: "setLocalDescription", False: "setRemoteDescription"}
    return [
        [(methods[one.is_local], one.type, session(one.sdp)) for one in sets]
        for sets in sets_of(lines).values()
        if sets
    ]


def session(text: str) -> str:
    """The o= line, and how many sections: localDescription gains candidates."""
    lines = text.splitlines()
    origin = next((line for line in lines if line.startswith("o=")), text)
    return f"{origin} {sum(line.startswith('m=') for line in lines)}"


def counted(told: list[list[Told]], *, typed: bool) -> Counter[tuple[object, ...]]:
    return Counter(tuple(one if typed else (one[0], one[2]) for one in each) for each in told)


@pytest.mark.parametrize("format", ["firefox-report", "firefox-page"])
def test_the_same_descriptions_were_set_in_the_same_order(evidence: Evidence, format: str) -> None:
    told = connections(evidence.report if format == "firefox-report" else evidence.page, format)
    healthy = [one for name in HEALTHY for one in seen_by_the_page(evidence.recorded[name])]
    refused = [one for name in REFUSED for one in seen_by_the_page(evidence.recorded[name])]
    assert len(healthy) >= len(HEALTHY)
    assert not counted(healthy, typed=True) - counted(told, typed=True)
    assert counted(told, typed=False) == counted(healthy + refused, typed=False)
