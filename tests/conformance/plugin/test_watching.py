"""Watching connections of Python: what they do is recorded, and nothing else is changed by it."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import model_connection
import pytest
from model_connection import Helpful, RTCPeerConnection, Text, following

from negotiation.conformance.checking.judging import TraceVerdict
from negotiation.conformance.errors import UsageError
from negotiation.conformance.mutations import MUTATIONS
from negotiation.conformance.plugin.quiet import settle
from negotiation.conformance.plugin.traces import write_traces
from negotiation.conformance.plugin.verdicts import checker
from negotiation.conformance.plugin.watching import Watcher
from negotiation.conformance.programs.model_stack import AS_STACK
from negotiation.conformance.traces.format import Call, Idle, Mark
from negotiation.conformance.traces.reading import Trace, read_trace

Test = Callable[[Watcher], Awaitable[None]]


def recorded(test: Test, folder: Path) -> list[Path]:
    """What a test records."""

    async def run() -> list[Path]:
        watcher = Watcher()
        try:
            await test(watcher)
            await settle(watcher, quiet=60)
        finally:
            watcher.end()
        return write_traces(watcher.log, watcher.peers, folder, "test")

    return asyncio.run(run())


def judged(test: Test, folder: Path) -> list[TraceVerdict]:
    return [checker().judge(str(file)) for file in recorded(test, folder)]


async def exchanged(a: Any, b: Any) -> None:
    await a.setLocalDescription(await a.createOffer())
    await b.setRemoteDescription(a.localDescription)
    await b.setLocalDescription(await b.createAnswer())
    await a.setRemoteDescription(b.localDescription)


async def turns(watcher: Watcher) -> None:
    await settle(watcher, quiet=210)


def a_long_call(cls: type[RTCPeerConnection]) -> Test:
    """Changes of all kinds, two negotiations, and the end."""

    async def test(watcher: Watcher) -> None:
        a, b = cls(), cls()
        watcher.watch(a)
        watcher.watch(b)
        a.addTransceiver("audio")
        await asyncio.sleep(0.01)
        a.addTransceiver("video", "recvonly")
        a.createDataChannel("x")
        await turns(watcher)
        await exchanged(a, b)
        await turns(watcher)
        first, second = a.getTransceivers()
        first.direction = "sendonly"
        await turns(watcher)
        await exchanged(a, b)
        second.stop()
        await turns(watcher)
        await exchanged(b, a)
        await b.setLocalDescription()
        b.addTransceiver("audio")
        await turns(watcher)
        await a.setRemoteDescription(b.localDescription)
        await a.setLocalDescription()
        await b.setRemoteDescription(a.localDescription)
        await turns(watcher)
        a.close()
        b.close()

    return test


def test_what_the_model_does_conforms(tmp_path: Path) -> None:
    (verdict,) = judged(a_long_call(RTCPeerConnection), tmp_path)
    assert (verdict.verdict, verdict.findings, verdict.undecided) == ("conforms", (), ())


@pytest.mark.parametrize(
    ("mutation", "found"),
    [
        ("set_negotiation_needed_and_fire/fires-without-setting", "NN-DUPLICATE"),
        ("set_negotiation_needed_and_fire/sets-without-firing", "NN-MISSED"),
        ("is_stable_for_the_flag/in-have-local-offer-too", "NN-EARLY"),
    ],
)
def test_what_is_broken_is_found(mutation: str, found: str, tmp_path: Path) -> None:
    broken = following(MUTATIONS[mutation].make(AS_STACK))
    findings = {one.id for one in judged(a_long_call(broken), tmp_path)[0].findings}
    assert findings, mutation
    assert found in findings


def trace_of(test: Test, folder: Path) -> Trace:
    (file,) = recorded(test, folder)
    return read_trace(str(file))


def calls(trace: Trace) -> list[tuple[str, str]]:
    return [(one.peer, one.method) for _, one in trace.observations if isinstance(one, Call)]


def test_both_ends_are_in_one_trace_under_their_names(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        a, b, c = RTCPeerConnection(), RTCPeerConnection(), RTCPeerConnection()
        for one, name in ((a, "caller"), (c, None), (b, "callee")):
            watcher.watch(one, name)
        a.addTransceiver("audio")
        await exchanged(a, b)

    pair, alone = (read_trace(str(file)) for file in recorded(test, tmp_path))
    assert list(pair.header.peers) == ["caller", "callee"]
    assert list(alone.header.peers) == ["A"]
    assert calls(pair)[:2] == [("caller", "addTransceiver"), ("caller", "createOffer")]
    assert pair.header.program == "test"


def test_ends_that_ignore_each_other_s_offers_are_found_by_their_candidates(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        a, b = RTCPeerConnection(), RTCPeerConnection()
        for one in (a, b):
            watcher.watch(one)
            one.addTransceiver("audio")
            await one.setLocalDescription()
        for one, other in ((a, b), (b, a)):
            assert other.localDescription is not None
            (ufrag,) = set(re.findall(r"a=ice-ufrag:(\S+)", other.localDescription.sdp))
            candidate = f"candidate:1 1 udp 1 192.0.2.1 9 typ host ufrag {ufrag}"
            with pytest.raises(Exception, match="the model says so"):
                await one.addIceCandidate({"candidate": candidate, "sdpMid": "0"})

    (verdict,) = judged(test, tmp_path)
    assert "GLARE-DEADLOCK" in {one.id for one in verdict.findings}


def test_what_is_not_watched_is_not_recorded(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        a, b = RTCPeerConnection(), RTCPeerConnection()
        watcher.watch(a)
        b.addTransceiver("audio").direction = "inactive"
        a.addTransceiver("audio").stop()

    assert calls(trace_of(test, tmp_path)) == [("A", "addTransceiver"), ("A", "stop")]


def test_a_method_is_as_it_was_before_and_after(tmp_path: Path) -> None:
    before = dict(vars(RTCPeerConnection)), dict(vars(model_connection.Transceiver))

    async def test(watcher: Watcher) -> None:
        pc = RTCPeerConnection()
        watcher.watch(pc)
        pc.addTransceiver("audio")
        assert inspect.iscoroutinefunction(pc.createOffer)
        assert inspect.signature(pc.setLocalDescription) == inspect.signature(
            before[0]["setLocalDescription"].__get__(pc)
        )
        assert (await pc.createOffer()).type == "offer"
        with pytest.raises(Exception, match="the model says so"):
            await pc.setRemoteDescription(Text("answer", "v=0\r\n"))

    recorded(test, tmp_path)
    assert (dict(vars(RTCPeerConnection)), dict(vars(model_connection.Transceiver))) == before


def test_calls_of_the_stack_itself_are_nobodys(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        pc = Helpful()
        watcher.watch(pc)
        pc.addTransceiver("audio")
        await pc.setLocalDescription()

    assert [method for _, method in calls(trace_of(test, tmp_path))] == [
        "addTransceiver",
        "setLocalDescription",
    ]


def test_an_operation_that_the_application_cancels_cuts_the_recording(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        pc = RTCPeerConnection()
        watcher.watch(pc)
        pc._run = lambda: None  # type: ignore[method-assign]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(pc.createOffer(), 0.01)
        pc.addTransceiver("audio")

    trace = trace_of(test, tmp_path)
    _, last = trace.observations[-1]
    assert isinstance(last, Mark)
    assert (last.trouble, last.text) == ("cut", "createOffer was cancelled by the application")
    assert calls(trace) == [("A", "createOffer")]


def test_a_promise_that_does_not_settle_is_told(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        pc = RTCPeerConnection()
        watcher.watch(pc)
        pc._run = lambda: None  # type: ignore[method-assign]
        offering = asyncio.ensure_future(pc.createOffer())
        await settle(watcher, quiet=210, patience=300)
        offering.cancel()

    (verdict,) = judged(test, tmp_path)
    assert [one.id for one in verdict.findings] == ["OP-PENDING"]


def test_a_connection_that_was_begun_is_not_judged_as_a_fresh_one(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        pc = RTCPeerConnection()
        pc.addTransceiver("audio")
        watcher.watch(pc)
        await pc.setLocalDescription()

    (file,) = recorded(test, tmp_path)
    assert read_trace(str(file)).header.peers["A"].begins == "unknown"
    assert checker().judge(str(file)).findings == ()


@pytest.mark.parametrize("watched", [3, object(), int, "RTCPeerConnection"])
def test_what_is_no_connection_is_refused(watched: Any) -> None:
    with pytest.raises(UsageError, match="is no peer connection"):
        Watcher().watch(watched)


def test_a_connection_is_watched_once() -> None:
    async def test() -> None:
        watcher, pc = Watcher(), RTCPeerConnection()
        watcher.watch(pc)
        try:
            with pytest.raises(UsageError, match="watched already"):
                watcher.watch(pc)
        finally:
            watcher.end()

    asyncio.run(test())


def test_a_connection_that_has_handlers_is_refused() -> None:
    pc = RTCPeerConnection()
    pc.on("negotiationneeded", print)
    with pytest.raises(UsageError, match="watch it when it is made"):
        Watcher().watch(pc)


def test_a_recording_has_its_most_observations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("negotiation.conformance.plugin.peers.MOST_OBSERVATIONS", 5)

    async def test(watcher: Watcher) -> None:
        pc = RTCPeerConnection()
        watcher.watch(pc)
        for _ in range(10):
            pc.createDataChannel("x")

    trace = trace_of(test, tmp_path)
    assert len(trace.observations) == 6
    assert isinstance(trace.observations[-1][1], Mark)


def test_an_error_of_the_recorder_never_reaches_the_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> None:
        raise ZeroDivisionError("the recorder's own")

    async def test(watcher: Watcher) -> None:
        pc = RTCPeerConnection()
        watcher.watch(pc)
        pc.addTransceiver("audio")
        monkeypatch.setattr("negotiation.conformance.plugin.peers.Peer.reading", broken)
        monkeypatch.setattr("negotiation.conformance.plugin.peers.Peer.scan", broken)
        assert (await pc.createOffer()).type == "offer"
        pc.addTransceiver("video")

    (verdict,) = judged(test, tmp_path)
    assert [one.id for one in verdict.findings] == ["RECORDER-FAILED"]
    assert "ZeroDivisionError" in verdict.findings[0].message


def test_what_does_not_become_quiet_is_measured_all_the_same(tmp_path: Path) -> None:
    async def test(watcher: Watcher) -> None:
        pc = RTCPeerConnection()
        watcher.watch(pc)

        async def restless() -> None:
            while True:
                pc.createDataChannel("x")
                await asyncio.sleep(0.01)

        going_on = asyncio.ensure_future(restless())
        assert not await settle(watcher, quiet=100, patience=200)
        going_on.cancel()

    trace = trace_of(test, tmp_path)
    idle = [one for _, one in trace.observations if isinstance(one, Idle)]
    assert idle[0].quiet < 100
    assert not idle[0].canary
