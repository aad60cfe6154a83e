"""rtcstats in a real page, against what the page's own recorder saw of the same calls."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable

import msgspec
import pytest
from dump_writers.rtcstats import Seen, seen
from dump_writers.rtcstats_told import departures, imported, told, traces
from rtcstats_page import Sink, as_script, package, with_library

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.stacks.recording import LiveStack
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces.format import Line

pytestmark = pytest.mark.live

VERSION = "5.2.0"
PROGRAMS = (
    "offer-and-answer-of-two-peers",
    "local-offer-and-remote-answer",
    "remote-offer-and-local-answer",
    "data-channels-of-two-peers",
    "rollback-of-a-local-offer",
    "implicit-rollback",
    "glare-ended-by-an-explicit-rollback",
    "perfect-negotiation-glare-seen-by-the-polite-end-first",
    "perfect-negotiation-without-glare",
    "wrong-calls-in-stable",
    "broken-answer-in-the-wrong-state",
    "restart-ice-after-negotiation",
    "unawaited-calls-settle-in-order",
    "two-peers-stop-and-recycle",
)
METADATA = {"path": "/", "origin": "http://127.0.0.1", "fileFormat": 2, "userAgent": ""}
START = """
Object.defineProperty(navigator, "webkitGetUserMedia", {{value: undefined}});
modules["rtcstats"](modules["trace-ws"]("{address}"), 0, [""]);
"""
"""Without getUserMedia's old name the library takes getStats as it is today."""

_SECONDS = 20.0


class Evidence(msgspec.Struct):
    recorded: dict[str, list[Line]]
    dumps: list[bytes]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    chromium = row("chromium")
    if chromium.executable() is None:
        pytest.skip(f"{chromium.title} is not here: {chromium.install}")
    modules = package("rtcstats", VERSION, tmp_path_factory.mktemp("rtcstats"))
    with Sink(["2.0"]) as sink:
        script = START.format(address=sink.address)
        with (
            with_library(as_script(modules, ("rtcstats.js", "trace-ws.js"), script)),
            LiveStack(chromium) as live,
        ):
            recorded = {name: list(live.run(load(name)).lines) for name in PROGRAMS}
        _quiet(sink)
        dumps = [[json.dumps(METADATA), *lines] for lines in sink.pages]
    return Evidence(recorded, ["\n".join(lines).encode() for lines in dumps])


def _quiet(sink: Sink) -> None:
    """Wait until nothing more arrives."""
    until = time.monotonic() + _SECONDS
    count = -1
    while (now := sum(map(len, sink.pages))) != count and time.monotonic() < until:
        count = now
        time.sleep(0.5)


def essences(things: Iterable[Seen]) -> tuple[object, ...]:
    """All that was seen of a peer; tracks have other names in the page than in the program."""
    return tuple((*one.essence[:5], one.args.label) for one in things)


def without_the_end(told: tuple[object, ...]) -> tuple[object, ...]:
    """The page closes what a program has left open, when its recording has ended."""
    return told[:-1] if told and told[-1] == CLOSED else told


CLOSED = ("call", "close", None, None, None, None)


def test_the_library_tells_what_the_recorder_saw(evidence: Evidence) -> None:
    dumped: Counter[tuple[object, ...]] = Counter()
    for dump in evidence.dumps:
        found = imported(dump)
        assert found.format.name == "rtcstats"
        whole = [essences(told(trace, peer)) for peer, trace in traces(found).items()]
        dumped.update(without_the_end(one) for one in whole)
    peers = 0
    for name, lines in evidence.recorded.items():
        things = seen(lines, "rtcstats-2")
        for peer in load(name).peers:
            of_peer = essences(one for one in things if one.peer == peer)
            assert dumped[without_the_end(of_peer)], (name, peer, of_peer)
            peers += 1
    assert peers >= len(PROGRAMS)


def test_nothing_is_held_against_the_browser_that_the_recorder_has_not_seen(
    evidence: Evidence,
) -> None:
    checker = Checker()
    known = {
        one.id
        for name, lines in evidence.recorded.items()
        for one in checker.judge_lines(name, lines).findings
        if one.blame == "stack"
    }
    found = {
        one.split()[1] for dump in evidence.dumps for one in departures(imported(dump), checker)
    }
    assert found <= known
    assert found, "Chromium's negotiationneeded is known to be early here and there"
