"""Pages that somebody opens: announced, waited for, and not blamed when they go away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest
from tried_programs import with_steps
from websockets.sync.client import connect
from websockets.typing import Origin

from negotiation.conformance.programs.language import Program
from negotiation.conformance.stacks.recording import LiveStack, Outcome, Settings
from negotiation.conformance.stacks.registry import page_row, version_in
from negotiation.conformance.traces.format import Header, Mark

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"


def named(name: str) -> Program:
    return with_steps({"settle": True}, name=name)


def page(address: str, *, visits: bool = False) -> None:
    """A page in a browser somewhere; what it does is told by the programs that it is given."""
    origin = address[: address.index("/", 7)]
    socket = address.replace("http:", "ws:").replace("page.html", "socket")
    with connect(socket, origin=Origin(origin), proxy=None) as client:
        if visits:
            return
        client.send(json.dumps({"kind": "hello", "agent": AGENT}))
        for message in client:
            name = json.loads(message)["program"]["name"]
            client.send(json.dumps({"kind": "began"}))
            event = {"kind": "event", "n": 1, "t": 1, "peer": "A", "name": "negotiationneeded"}
            client.send(json.dumps(event))
            if name == "closes":
                return
            if name != "sleeps":
                client.send(json.dumps({"kind": "ended"}))


def opening(told: list[str]) -> Callable[[str], None]:
    def announce(address: str) -> None:
        told.append(address)

        def visit() -> None:
            if len(told) == 1:
                page(address, visits=True)
            while True:
                try:
                    return page(address)
                except Exception:  # the server still has the visitor
                    time.sleep(0.05)

        threading.Thread(target=visit, daemon=True).start()

    return announce


def test_pages_come_and_go() -> None:
    told: list[str] = []
    settings = Settings(timeout=1.0, start=20.0, announce=opening(told))
    names = ("one", "closes", "two", "sleeps", "three")
    with LiveStack(page_row("phone", "127.0.0.1:0"), settings) as live:
        recordings = [live.run(named(name)) for name in names]
    assert [each.outcome for each in recordings] == [
        *(Outcome.COMPLETE, Outcome.CUT, Outcome.COMPLETE, Outcome.CUT, Outcome.COMPLETE)
    ]
    assert len(told) == 3  # once, and once more after each page that went
    assert len(set(told)) == 1
    header = recordings[0].lines[0]
    assert isinstance(header, Header)
    stack = header.peers["A"].stack
    assert (stack.name, stack.version, stack.platform) == ("phone", "153.0", "")
    for cut in (recordings[1], recordings[3]):
        last = cut.lines[-1]
        assert isinstance(last, Mark)
        assert last.trouble == "cut"


@pytest.mark.parametrize(
    ("agent", "version"),
    [
        (AGENT, "153.0"),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "156.0.0.0",
        ),
        (
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/17.4 Mobile/15E148 Safari/604.1",
            "17.4",
        ),
        ("Mozilla/5.0 (unheard of)", ""),
        ("wrtc 0.1.0", "0.1.0"),
        ("", ""),
    ],
)
def test_the_version_of_a_user_agent(agent: str, version: str) -> None:
    assert version_in(agent) == version
