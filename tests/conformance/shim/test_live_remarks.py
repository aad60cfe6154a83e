"""The shim in Chromium: what no trace can tell is a remark, and nobody is accused of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scripted_pages import closed_at, evaluated, kept_in

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.shim.script import shim
from negotiation.conformance.traces.format import Call, Mark
from negotiation.conformance.traces.reading import read_trace

pytest.importorskip("playwright", reason="Playwright is not installed (pip install playwright)")

pytestmark = pytest.mark.live

REFUSED = """
    const pc = new RTCPeerConnection(); const other = new RTCPeerConnection();
    const {sender} = other.addTransceiver("audio");
    const sendEncodings = [{rid: "no rid!"}];
    const named = {name: "ECDSA", namedCurve: "P-256"};
    const certificate = await RTCPeerConnection.generateCertificate(named);
    const refused = [];
    for (const call of [
      () => pc.createDataChannel(),
      () => pc.createDataChannel("", {protocol: "x".repeat(65536)}),
      () => pc.addTransceiver("audio", {sendEncodings}),
      () => pc.addTrack(),
      () => pc.removeTrack(sender),
      () => pc.removeTrack(null),
      () => pc.setConfiguration({iceServers: null}),
      () => pc.setConfiguration({certificates: [certificate]}),
    ]) {
      try { call(); } catch (error) { refused.push(error.name); }
    }
    pc.addTransceiver("audio", {sendEncodings: [{rid: "a"}]});
    pc.createDataChannel("told", {protocol: "known"});
    await negotiationShim.settle();
    return [refused, negotiationShim.traces()];
"""
"""Calls that are refused for what a trace does not tell, and two that are not."""


def test_calls_refused_for_what_is_not_told_are_remarks(browser: Any, tmp_path: Path) -> None:
    refused, traces = evaluated(browser, REFUSED, shim())
    foreign = "InvalidAccessError"
    changed = "InvalidModificationError"
    assert refused == [*["TypeError"] * 4, foreign, *["TypeError"] * 2, changed]
    first, _ = (kept_in(each, tmp_path) for each in traces)
    called = [one for _, one in read_trace(first).observations if isinstance(one, Call)]
    assert [one.method for one in called] == ["addTransceiver", "createDataChannel"]
    verdict = Checker().judge(first)
    assert (verdict.verdict, verdict.findings) == ("conforms", ())


SERVERS = """
    const pc = new RTCPeerConnection();
    let error = null;
    try { pc.setConfiguration({iceServers: [{}]}); } catch (thrown) { error = thrown.name; }
    pc.setConfiguration({iceServers: [{url: "stun:example.org"}]});
    await negotiationShim.settle();
    return [error, negotiationShim.traces()];
"""


def test_a_server_without_urls_is_told_so(browser: Any, tmp_path: Path) -> None:
    """The member is required: Chromium takes the old name of it, against WebIDL."""
    error, (trace,) = evaluated(browser, SERVERS, shim())
    assert error == "TypeError"
    found = [one for one in Checker().judge(kept_in(trace, tmp_path)).findings if one.line < 6]
    told = [(one.id, one.about) for one in found]
    assert told == [("CALL-ACCEPTED", "setConfiguration: accepted, not TypeError")]


NO_VALUES = """
    const pc = new RTCPeerConnection();
    const told = [];
    const fails = async (call) => {
      try { await call(); told.push("done"); } catch (error) { told.push(error.name); }
    };
    const transceiver = pc.addTransceiver("audio");
    await new Promise((fired) => { pc.onnegotiationneeded = fired; });
    await fails(() => pc.addTransceiver("audio", {direction: "sideways"}));
    await fails(() => pc.addTransceiver("audio", {direction: 1}));
    await fails(() => { transceiver.direction = "sideways"; });
    await fails(() => pc.setRemoteDescription({type: "question", sdp: ""}));
    await fails(() => pc.setLocalDescription({type: null}));
    await fails(() => pc.addIceCandidate({candidate: "x", sdpMLineIndex: -1}));
    await negotiationShim.settle();
    return [told, negotiationShim.traces()];
"""
"""Calls with a direction, or a type of a description, that is none; and an index that is one."""


def test_what_is_no_value_of_its_type_is_a_remark(browser: Any, tmp_path: Path) -> None:
    """WebIDL refuses such a call, or lets it do nothing, before any step of its method."""
    ended, (trace,) = evaluated(browser, NO_VALUES, shim())
    assert ended == ["TypeError", "TypeError", "done", *["TypeError"] * 2, "InvalidStateError"]
    kept = kept_in(trace, tmp_path)
    told = [one for _, one in read_trace(kept).observations]
    assert [one.method for one in told if isinstance(one, Call)] == [
        "addTransceiver",
        "addIceCandidate",
    ]
    remarks = [str(one.text) for one in told if isinstance(one, Mark)]
    assert remarks == [
        "addTransceiver was given 'sideways', which is no direction",
        "addTransceiver was given '1', which is no direction",
        "direction was given 'sideways', which is no direction",
        "setRemoteDescription was given 'question', which is no type of a description",
        "setLocalDescription was given 'null', which is no type of a description",
    ]
    verdict = Checker().judge(kept)
    found = [one.id for one in verdict.findings]
    assert (verdict.verdict, found) == ("conforms", ["APP-EARLY-CANDIDATE"])


STREAMS = """
    const [pc, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
    const canvas = document.createElement("canvas");
    canvas.getContext("2d");
    const [video] = canvas.captureStream(1).getTracks();
    const audio = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
    const stream = new MediaStream([video, audio]);
    pc.addStream(stream);
    pc.addStream(stream);
    await pc.setLocalDescription();
    await other.setRemoteDescription(pc.localDescription);
    await other.setLocalDescription();
    await pc.setRemoteDescription(other.localDescription);
    pc.removeStream(stream);
    await negotiationShim.settle();
    pc.close();
    try { pc.addStream(stream); } catch (error) { return negotiationShim.traces(); }
"""


def test_methods_of_streams_are_told_as_what_they_stand_for(browser: Any, tmp_path: Path) -> None:
    (trace,) = evaluated(browser, STREAMS, shim())
    kept = kept_in(trace, tmp_path)
    told = [one for _, one in read_trace(kept).observations]
    calls = [one.method for one in told if isinstance(one, Call)]
    assert calls[:3] == ["addTrack", "addTrack", "setLocalDescription"]
    assert calls[-3:] == ["removeTrack", "removeTrack", "close"]
    remarks = [one.text for one in told if isinstance(one, Mark)]
    assert remarks == ["addStream was refused with InvalidStateError"]
    found = [one for one in Checker().judge(kept).findings if one.line < closed_at(trace["text"])]
    assert found == []


PARAMETERS = """
    const pc = new RTCPeerConnection();
    const {sender} = pc.addTransceiver("video");
    const refused = [];
    const set = async (change) => {
      const given = sender.getParameters();
      change(given);
      await sender.setParameters(given).catch((error) => refused.push(error.name));
    };
    await set(() => {});
    await set((given) => { given.transactionId = "another"; });
    await set((given) => { given.encodings.push({}); });
    await set((given) => { given.encodings[0].scaleResolutionDownBy = 0.5; });
    await set((given) => { given.encodings[0].maxBitrate = 100000; });
    const late = sender.getParameters();
    await new Promise((done) => setTimeout(done, 50));
    await sender.setParameters(late).catch((error) => refused.push(error.name));
    await negotiationShim.settle();
    return [refused, negotiationShim.traces()];
"""


def test_parameters_that_are_not_as_they_were_returned_are_a_remark(
    browser: Any, tmp_path: Path
) -> None:
    """What they are is not told, so that nobody could tell why they are refused."""
    refused, (trace,) = evaluated(browser, PARAMETERS, shim())
    invalid = "InvalidModificationError"
    assert refused[:3] == [invalid, invalid, "RangeError"]  # Chromium may take late ones
    kept = kept_in(trace, tmp_path)
    told = [one for _, one in read_trace(kept).observations]
    assert [one.method for one in told if isinstance(one, Call)] == [
        "addTransceiver",
        "setParameters",
    ]
    remarks = [one for one in told if isinstance(one, Mark) and "setParameters" in str(one.text)]
    assert len(remarks) == 5
    verdict = Checker().judge(kept)
    assert (verdict.verdict, verdict.findings) == ("conforms", ())
