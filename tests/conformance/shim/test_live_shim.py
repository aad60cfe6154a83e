"""The shim in Chromium: it records what the page recorder does, and the page is as without it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from scripted_pages import closed_at, evaluated, kept_in
from shimmed import Shimmed, recorded, written

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.reports.comparing import compared, told_by_peers
from negotiation.conformance.shim.script import ShimOptions, shim
from negotiation.conformance.traces.format import Call, Header
from negotiation.conformance.traces.reading import Trace, read_trace

pytest.importorskip("playwright", reason="Playwright is not installed (pip install playwright)")

pytestmark = pytest.mark.live

SAMPLE = (
    "two-peers-glare",
    "perfect-negotiation-glare-seen-by-the-polite-end-first",
    "stop-and-renegotiate",
    "replace-track",
    "rollback-of-a-local-offer",
)
TRIES = 6
FIRST = 2
"""The page recorder's first connection is that in which it looks for features."""


@pytest.fixture(scope="module")
def programs() -> list[Any]:
    from negotiation.conformance.programs.library import names

    return [load(name) for name in dict.fromkeys([*SAMPLE, *list(names())[7::40]])]


@pytest.fixture(scope="module")
def shimmed(programs: list[Any]) -> list[Shimmed]:
    return recorded(programs, shimmed=True)


def test_the_page_recorder_sees_the_same(shimmed: list[Shimmed], tmp_path: Path) -> None:
    """What depends on chance, without the shim, too, has to be the same once in some tries."""
    for one in shimmed:
        if not one.recording.lines:
            continue
        ours = written(one.recording, tmp_path / "with.jsonl")
        told = None
        for _ in range(TRIES):
            (bare,) = recorded([one.recording.program], shimmed=False)
            theirs = written(bare.recording, tmp_path / "without.jsonl")
            told = compared(one.recording.program.name, theirs, ours).differences
            if not told:
                break
        assert not told, one.recording.program.name


def test_the_shim_tells_what_the_page_recorder_tells(
    shimmed: list[Shimmed], tmp_path: Path
) -> None:
    for one in shimmed:
        if not one.recording.lines:
            continue
        page = read_trace(written(one.recording, tmp_path / "page.jsonl"))
        for index, peer in enumerate(page.header.peers):
            expected = _said(page, peer)
            told = _told(one, index + FIRST)
            assert told[: len(expected)] == expected, (one.recording.program.name, peer)
            rest = [(kind, name) for kind, name, *_ in told[len(expected) :]]
            assert rest in ([], [("call", "close"), ("return", "close")])


def _told(one: Shimmed, number: int) -> list[tuple[Any, ...]]:
    """What the shim tells of the page's connection with this number."""
    for each in one.traces:
        numbers = each["name"].split("-")[1:]
        if str(number) in numbers:
            trace = read_trace(io.BytesIO(each["text"].encode()))
            return _said(trace, "AB"[numbers.index(str(number))])
    raise AssertionError(f"there is no connection {number}")


def _said(trace: Trace, peer: str) -> list[tuple[Any, ...]]:
    """What both recorders can see, without the names that each has for things."""
    methods = {one.id: one.method for _, one in trace.observations if isinstance(one, Call)}
    told = []
    for each in told_by_peers(trace)[peer]:
        (one,) = (one for line, one in trace.observations if line == each.line)
        kind = each.compared["kind"]
        if kind in ("send", "receive", "mark", "idle"):
            continue
        named = getattr(one, "id", None) or getattr(one, "call", None)
        name = each.compared.get("name") or methods[int(named or 0)]
        description = getattr(one, "description", None) or getattr(
            getattr(one, "args", None), "description", None
        )
        told.append(
            (
                kind,
                name,
                each.compared.get("error"),
                description and description.type,
                each.compared.get("state"),
                each.compared.get("value"),
            )
        )
    return told


def test_nothing_is_found_that_the_page_recorder_would_not_show(
    shimmed: list[Shimmed], tmp_path: Path
) -> None:
    checker = Checker()
    for one in shimmed:
        if not one.recording.lines:
            continue
        page = checker.judge(written(one.recording, tmp_path / "page.jsonl"))
        known = {found.id for found in page.findings}
        for each in one.traces:
            told = checker.judge(kept_in(each, tmp_path))
            assert told.error is None
            closed = closed_at(each["text"])
            departures = {
                found.id
                for found in told.findings
                if found.class_ == "departure" and found.line < closed
            }
            assert departures <= known, (one.recording.program.name, each["name"])


SAME = {
    "the constructor": """
        const own = Object.getOwnPropertyDescriptor(window, "RTCPeerConnection");
        const pc = new RTCPeerConnection();
        return [RTCPeerConnection.name, RTCPeerConnection.length, own.writable, own.enumerable,
          own.configurable, window.webkitRTCPeerConnection === RTCPeerConnection,
          pc.constructor === RTCPeerConnection, pc instanceof RTCPeerConnection,
          Object.getPrototypeOf(pc) === RTCPeerConnection.prototype, String(pc),
          Object.getOwnPropertyNames(RTCPeerConnection).sort(),
          Object.keys(window).includes("negotiationShim")];""",
    "a subclass": """
        class Mine extends RTCPeerConnection { constructor(...a) { super(...a); this.x = 1; } }
        const pc = new Mine({iceServers: []});
        return [pc instanceof Mine, pc instanceof RTCPeerConnection, pc.x, pc.constructor === Mine,
          pc.signalingState, (await pc.createOffer()).type];""",
    "new.target": """
        function Other() {}
        const pc = Reflect.construct(RTCPeerConnection, [], Other);
        return [Object.getPrototypeOf(pc) === Other.prototype];""",
    "without new": "try { RTCPeerConnection() } catch (e) { return [e.name, e.message] }",
    "generateCertificate": """
        const how = {name: "ECDSA", namedCurve: "P-256"};
        return String(await RTCPeerConnection.generateCertificate(how));""",
    "every member": """
        const told = {};
        for (const owner of [RTCPeerConnection, RTCRtpTransceiver, RTCRtpSender]) {
          for (const name of Object.getOwnPropertyNames(owner.prototype)) {
            const found = Object.getOwnPropertyDescriptor(owner.prototype, name);
            const shape = (f) => f && [f.name, f.length, "prototype" in f];
            told[owner.name + "." + name] = [shape(found.get), shape(found.set), found.enumerable,
              found.configurable, found.writable, typeof found.value === "function"
              && name !== "constructor" ? shape(found.value) : null];
          }
        }
        return told;""",
    "errors": """
        const pc = new RTCPeerConnection(), told = [];
        const tries = [() => pc.addTransceiver(), () => pc.addTransceiver("x"), () => pc.addTrack(),
          () => pc.removeTrack({}), () => pc.createDataChannel(), () => pc.setConfiguration(1),
          () => pc.setRemoteDescription(), () => pc.setRemoteDescription({type: "x"}),
          () => pc.addIceCandidate(), () => pc.addIceCandidate({}), () => pc.setLocalDescription(1),
          () => pc.createOffer(1), () => pc.createOffer(() => 0, 1),
          () => RTCPeerConnection.prototype.createOffer.call({}),
          () => RTCPeerConnection.prototype.close.call(undefined),
          () => { pc.addTransceiver("audio").direction = "x"; },
          () => { pc.addTransceiver("audio").direction = Symbol("x"); }];
        for (const body of tries) {
          try { await body(); told.push(null); } catch (e) { told.push([e.name, e.message]); }
        }
        return told;""",
    "legacy callbacks": """
        const pc = new RTCPeerConnection(), told = [];
        pc.addTransceiver("audio");
        const self = function (...a) { told.push([this === window, a.length]); return a[0]; };
        const offer = await new Promise((ok, no) => {
          const p = pc.createOffer(function (d) { self.call(this, ...arguments); ok(d); }, no,
            {offerToReceiveVideo: true});
          told.push(p instanceof Promise);
          p.then((v) => told.push([typeof v]));
        });
        await new Promise((ok, no) => pc.setLocalDescription(offer, ok, no));
        await new Promise((ok) => pc.setRemoteDescription({type: "answer", sdp: ""}, ok,
          (e) => { told.push(e.name); ok(); }));
        return [told, pc.signalingState];""",
    "the order of reactions": """
        const pc = new RTCPeerConnection(), told = [];
        pc.onnegotiationneeded = () => told.push("nn");
        pc.onsignalingstatechange = () => told.push(pc.signalingState);
        pc.addTransceiver("audio");
        const p = pc.createOffer();
        p.then(() => { told.push("offer"); Promise.resolve().then(() => told.push("next")); });
        p.then(() => told.push("again"));
        const q = pc.setLocalDescription();
        q.then(() => told.push("set"));
        await q; await new Promise((r) => setTimeout(r, 100));
        return told;""",
    "setters and senders": """
        const pc = new RTCPeerConnection();
        const t = pc.addTransceiver("video");
        t.direction = "recvonly";
        const before = t.direction;
        t.sender.setStreams(new MediaStream(), new MediaStream());
        const p = t.sender.getParameters();
        await t.sender.setParameters(p); await t.sender.replaceTrack(null);
        t.stop();
        return [before, t.direction, t.currentDirection];""",
    "an unheard rejection that somebody hears": """
        let told = 0;
        window.onunhandledrejection = () => { told += 1; };
        const pc = new RTCPeerConnection();
        const heard = await pc.createAnswer().catch((e) => e.name);
        await new Promise((r) => setTimeout(r, 100));
        return [told, heard];""",
}


@pytest.mark.parametrize("what", SAME)
def test_the_page_cannot_tell(what: str, browser: Any) -> None:
    bare = evaluated(browser, SAME[what], None)
    assert evaluated(browser, SAME[what], shim()) == bare


UNAVOIDED = {
    "unhandledrejection does not come": (
        """let told = 0; window.onunhandledrejection = () => { told += 1; };
        new RTCPeerConnection().createAnswer();
        await new Promise((r) => setTimeout(r, 100)); return told;""",
        1,
        0,
    ),
    "the text of a function has no name": (
        "return String(RTCPeerConnection.prototype.createOffer).includes('createOffer')",
        True,
        False,
    ),
    "stacks of errors have the shim's lines": (
        """try { new RTCPeerConnection().addTransceiver("x") } catch (e) {
        return /at recorded/.test(e.stack) }""",
        False,
        True,
    ),
    "a description's attributes are read once more": (
        """let told = 0; const pc = new RTCPeerConnection();
        const given = {type: "rollback", get sdp() { told += 1; return ""; }};
        await pc.setLocalDescription(given).catch(() => 0); return told;""",
        1,
        2,
    ),
    "there is a global": ("return 'negotiationShim' in window", False, True),
}


@pytest.mark.parametrize("what", UNAVOIDED)
def test_what_cannot_be_avoided(what: str, browser: Any) -> None:
    """As docs/shim.md lists it; what is mended must be taken off the list."""
    script, without, with_shim = UNAVOIDED[what]
    assert evaluated(browser, script, None) == without
    assert evaluated(browser, script, shim()) == with_shim


CALL = """
    const a = new RTCPeerConnection(), b = new RTCPeerConnection();
    new RTCPeerConnection().createDataChannel("alone");
    a.addTransceiver("audio");
    await a.setLocalDescription();
    negotiationShim.sent(a, "m1", a.localDescription);
    negotiationShim.received(b, "m1");
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
    negotiationShim.mark(a, "half a pair: \\ud800");
"""


def _traces(browser: Any, script: str, text: str) -> list[Trace]:
    told = evaluated(browser, script + " return negotiationShim.traces();", text)
    return [read_trace(io.BytesIO(each["text"].encode())) for each in told]


KEEPING = """
    window.kept = [];
    for (const name of ["createOffer", "setLocalDescription", "addIceCandidate"]) {
      const native = RTCPeerConnection.prototype[name];
      RTCPeerConnection.prototype[name] = function (...given) {
        const promise = native.apply(this, given);
        kept.push(promise);
        return promise;
      };
    }
"""
"""Keeps what the methods that the shim meets return."""


def test_the_promise_that_a_method_returns_is_returned_itself(browser: Any) -> None:
    script = """
        const pc = new RTCPeerConnection();
        const given = [pc.createOffer(), pc.setLocalDescription(), pc.addIceCandidate()];
        given.forEach((one) => one.catch(() => {}));
        return given.map((one, n) => one === kept[n]);"""
    assert evaluated(browser, script, KEEPING + shim()) == [True, True, True]


def test_two_ends_in_a_page_are_one_trace(browser: Any) -> None:
    pair, alone = _traces(browser, CALL + "await negotiationShim.settle();", shim())
    assert (list(pair.header.peers), list(alone.header.peers)) == (["A", "B"], ["A"])
    assert pair.error is None
    assert all(each.summary.sections for each in pair.sdps.values())


def test_ends_that_ignore_each_other_s_offers_are_one_trace(browser: Any, tmp_path: Path) -> None:
    script = """
        const pair = [new RTCPeerConnection(), new RTCPeerConnection()];
        for (const one of pair) { one.addTransceiver("audio"); await one.setLocalDescription(); }
        for (const [one, other] of [pair, pair.slice().reverse()]) {
          const usernameFragment = /a=ice-ufrag:(\\S+)/.exec(other.localDescription.sdp)[1];
          const candidate = "candidate:1 1 udp 1 192.0.2.1 9 typ host";
          await one.addIceCandidate({candidate, sdpMid: "0", usernameFragment}).catch(() => 0);
        }
        await negotiationShim.settle();
        return negotiationShim.traces();
    """
    (trace,) = evaluated(browser, script, shim())
    verdict = Checker().judge(kept_in(trace, tmp_path))
    assert "GLARE-DEADLOCK" in {one.id for one in verdict.findings}


def test_a_recorded_call_conforms(browser: Any, tmp_path: Path) -> None:
    told = evaluated(
        browser, CALL + "await negotiationShim.settle(); return negotiationShim.traces();", shim()
    )
    for each in told:
        verdict = Checker().judge(kept_in(each, tmp_path))
        assert (verdict.verdict, verdict.findings) == ("conforms", ())


def test_memory_is_bounded(browser: Any) -> None:
    script = """const pc = new RTCPeerConnection();
        for (let i = 0; i < 1000; i += 1) pc.restartIce();"""
    (trace,) = _traces(browser, script, shim(ShimOptions(observations=100)))
    *before, (_, last) = trace.observations
    assert len(before) == 100
    assert getattr(last, "trouble", None) == "cut"
    script = """const pc = new RTCPeerConnection(); pc.addTransceiver("audio");
        await pc.createOffer();"""
    (trace,) = _traces(browser, script, shim(ShimOptions(characters=10)))
    assert getattr(trace.observations[-1][1], "trouble", None) == "cut"


def test_reads_can_be_left_out(browser: Any) -> None:
    options = ShimOptions(transceivers=False, descriptions=False)
    for trace in _traces(browser, CALL, shim(options)):
        read = [one.state for _, one in trace.observations if one.state is not None]
        assert read
        assert all(one.transceivers is None and one.descriptions is None for one in read)


def test_secrets_of_servers_are_left_out(browser: Any) -> None:
    script = """new RTCPeerConnection({iceServers:
        [{urls: "turn:a.test", username: "me", credential: "secret"}]}).close();"""
    (trace,) = _traces(browser, script, shim())
    assert isinstance(trace.header, Header)
    (peer,) = trace.header.peers.values()
    told = json.dumps(peer.configuration)
    assert "turn:a.test" in told
    assert "secret" not in told
    assert "me" not in told.replace("username", "")


def test_lines_are_told_as_they_come(browser: Any) -> None:
    script = (
        "const told = []; negotiationShim.subscribe((each) => told.push(each));"
        + CALL
        + "await new Promise((r) => setTimeout(r, 400)); return told;"
    )
    told = evaluated(browser, script, shim())
    lines: dict[int, list[str]] = {}
    for each in told:
        lines.setdefault(each["connection"], []).append(each["line"])
    assert sorted(lines) == [1, 2, 3]
    for each in lines.values():
        trace = read_trace(io.BytesIO("\n".join([*each, ""]).encode()))
        assert trace.error is None
        assert trace.observations


def test_a_page_without_room_for_another_connection_is_recorded(browser: Any) -> None:
    script = """
        const every = [];
        try {
          while (every.length < 2000) every.push(new RTCPeerConnection());
        } catch (error) { /* as many as there can be */ }
        const found = await negotiationShim.settle({quiet: 20, patience: 200});
        const canaries = negotiationShim.traces().map(({text}) => /"canary":(\\w+)/.exec(text));
        for (const one of every) one.close();
        return [every.length, found, canaries[0] && canaries[0][1], negotiationShim.ended];
    """
    many, found, canary, ended = evaluated(browser, script, shim())
    assert many < 2000
    assert (found, canary, ended) == (True, "false", None)
