"""The rtcstats family in a real page, against what the page's own recorder saw of the calls."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec
import pytest
from dump_writers.read_back import departures, imported, traces
from dump_writers.rtcstats import Seen, seen
from dump_writers.rtcstats_told import told
from rtcstats_page import Sink, as_one, as_script, package, with_library

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.stacks.recording import LiveStack
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces.format import Line

pytestmark = pytest.mark.live

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
SENDING = """
const socket = new WebSocket("{address}"), waiting = [];
socket.onopen = () => {{ while (waiting.length) socket.send(waiting.shift()); }};
const tell = (told) => {{
  const text = JSON.stringify(told);
  if (socket.readyState === WebSocket.OPEN) socket.send(text); else waiting.push(text);
}};
"""
EACH_CONNECTION = """
const Native = window.RTCPeerConnection;
let connections = 0;
window.RTCPeerConnection = function (configuration) {{
  const connection = new Native(configuration);
  made(connection, connections++);
  return connection;
}};
window.RTCPeerConnection.prototype = Native.prototype;
"""

RTCSTATS = """
Object.defineProperty(navigator, "webkitGetUserMedia", {{value: undefined}});
modules["rtcstats"](modules["trace-ws"]("{address}"), 0, [""]);
"""
"""Without getUserMedia's old name the library takes getStats as it is today."""

NUMBERED = """
const trace = new WebSocketTrace({{}});
wrapRTCPeerConnection(trace, window, {{getStatsInterval: 1000}});
trace.connect("{address}");
"""

JITSI = """
const getLogger = () => console;
class BrowserDetection {{
  isFirefox() {{ return false; }}
  isChromiumBased() {{ return true; }}
  isWebKitBased() {{ return false; }}
  isReactNative() {{ return false; }}
}}
"""
JITSI_START = """
let number = 1;
const statsEntry = (...told) => tell([...told, Date.now(), number++]);
rtcstats({{statsEntry}}, {{pollInterval: 1000, sendSdp: SENDS_SDP}});
"""

GETSTREAM = """
const made = (connection, number) => {{
  const trace = (tag, data) => tell([tag, `${{number}}-pub`, data, Date.now()]);
  trace("create", {{}});
  traceRTCPeerConnection(connection, trace);
}};
"""

PEERMETRICS = """
const stats = new WebRTCStats({{}});
stats.on("timeline", ({{event, peerId, connectionId, data, timestamp}}) => {{
  tell({{eventName: event, peer: peerId, connectionId, data, delta: Number(timestamp)}});
}});
const made = (pc, number) => stats.addConnection({{pc, peerId: "p", connectionId: `c${{number}}`}});
"""

_TRACED = re.compile(r"^const traceRTCPeerConnection = .*?^\};", re.MULTILINE | re.DOTALL)


class Library(msgspec.Struct, frozen=True):
    """A package from npm, what starts it in a page, and what its server writes."""

    packages: tuple[tuple[str, str], ...]
    script: Callable[[Mapping[str, str]], str]
    sees: str
    head: str | None = None
    protocols: tuple[str, ...] = ()
    is_array: bool = False

    def dump(self, lines: list[str]) -> bytes:
        """What is written of what a page sent."""
        if self.is_array:
            return f"[{','.join(lines)}]".encode()
        return "\n".join(lines if self.head is None else [self.head, *lines]).encode()


def _braced(script: str) -> str:
    return script.replace("{", "{{").replace("}", "}}")


def _getstream(modules: Mapping[str, str]) -> str:
    traced = _TRACED.search(modules["dist/index.browser.es.js"])
    assert traced is not None
    return _braced(traced[0]) + SENDING + GETSTREAM + EACH_CONNECTION


def _jitsi(sends_sdp: str) -> Callable[[Mapping[str, str]], str]:
    start = SENDING + JITSI_START.replace("SENDS_SDP", sends_sdp)
    parts = ("events.js", "rtcstats.js")
    return lambda modules: JITSI + _braced(as_one(modules, parts, "")) + start


JITSI_HEAD = json.dumps(["connectionInfo", None, {"clientProtocol": "3.1_STANDARD"}, 0])
JITSI_PACKAGE = (("@jitsi/rtcstats", "9.7.1"),)
SHARED, NOW = "@rtcstats/rtcstats-shared/", "@rtcstats/rtcstats-js/"
NUMBERED_PARTS = (
    f"{SHARED}utils.js",
    f"{SHARED}compression.js",
    f"{NOW}trace-websocket.js",
    f"{NOW}peerconnection.js",
)

LIBRARIES = {
    "rtcstats": Library(
        (("rtcstats", "5.2.0"),),
        lambda modules: _braced(as_script(modules, ("rtcstats.js", "trace-ws.js"), "")) + RTCSTATS,
        "rtcstats-2",
        json.dumps({"path": "/", "fileFormat": 2}),
        ("2.0",),
    ),
    "rtcstats-3": Library(
        (("@rtcstats/rtcstats-shared", "2.6.1"), ("@rtcstats/rtcstats-js", "2.4.0")),
        lambda modules: _braced(as_one(modules, NUMBERED_PARTS, "")) + NUMBERED,
        "rtcstats-3",
        'RTCStatsDump\n{"fileFormat":3,"clientProtocol":"rtcstats#5.0"}',
        ("rtcstats#5.0",),
    ),
    "jitsi": Library(JITSI_PACKAGE, _jitsi("true"), "jitsi", JITSI_HEAD),
    "jitsi-empty": Library(JITSI_PACKAGE, _jitsi("false"), "jitsi-empty", JITSI_HEAD),
    "getstream": Library(
        (("@stream-io/video-client", "1.60.0"),), _getstream, "getstream", is_array=True
    ),
    "peermetrics": Library(
        (("@peermetrics/webrtc-stats", "5.9.0"),),
        lambda modules: (
            "(function () {{ "
            + _braced(modules["dist/browser.js"])
            + "}}).call({{window}});"
            + SENDING
            + PEERMETRICS
            + EACH_CONNECTION
        ),
        "peermetrics",
        is_array=True,
    ),
}

_SECONDS = 20.0


class Evidence(msgspec.Struct):
    library: str
    recorded: dict[str, list[Line]]
    dumps: list[bytes]


@pytest.fixture(scope="module", params=LIBRARIES)
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    chromium = row("chromium")
    if chromium.executable() is None:
        pytest.skip(f"{chromium.title} is not here: {chromium.install}")
    library = LIBRARIES[request.param]
    modules: dict[str, str] = {}
    for name, version in library.packages:
        parts = package(name, version, tmp_path_factory.mktemp("package"))
        modules.update(parts)
        modules.update({f"{name}/{part}": text for part, text in parts.items()})
    with Sink(library.protocols) as sink:
        script = library.script(modules).format(address=sink.address)
        with with_library(script), LiveStack(chromium) as live:
            recorded = {name: list(live.run(load(name)).lines) for name in PROGRAMS}
        _quiet(sink)
        dumps = [library.dump(lines) for lines in sink.pages]
    return Evidence(request.param, recorded, dumps)


def _quiet(sink: Sink) -> None:
    """Wait until nothing more arrives."""
    until = time.monotonic() + _SECONDS
    count = -1
    while (now := sum(map(len, sink.pages))) != count and time.monotonic() < until:
        count = now
        time.sleep(0.5)


Essence = tuple[object, ...]
CLOSED = ("call", "close", None, None, None, None)


def essences(things: Iterable[Seen], library: str) -> Essence:
    """All that was seen of a peer; tracks have other names in the page than in the program.

    The page closes what a program has left open, when its recording has ended.
    """
    found = [(*one.essence[:5], one.args.label) for one in things]
    while found and found[-1] == CLOSED:
        found.pop()
    if library == "peermetrics":
        return tuple(one for one in found if one[0] == "event")
    if library == "jitsi-empty":
        return tuple((*one[:2], None, *one[3:]) for one in found)
    return tuple(found)


def test_the_library_tells_what_the_recorder_saw(evidence: Evidence) -> None:
    library = evidence.library
    dumped: Counter[Essence] = Counter()
    for dump in evidence.dumps:
        found = traces(imported(dump))
        dumped.update(essences(told(trace, peer), library) for peer, trace in found.items())
    compared = 0
    for name, lines in evidence.recorded.items():
        things = seen(lines, LIBRARIES[library].sees)
        for peer in load(name).peers:
            of_peer = essences((one for one in things if one.peer == peer), library)
            assert dumped[of_peer] or not of_peer, (name, peer, of_peer)
            compared += bool(of_peer)
    assert compared >= len(PROGRAMS)


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
    assert known, "Chromium's negotiationneeded is known to be early here and there"
    dumps = map(imported, evidence.dumps)
    found = {one.split()[1] for dump in dumps for one in departures(dump, checker)}
    assert found <= known
    assert found or evidence.library == "peermetrics"
