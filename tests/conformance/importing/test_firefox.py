"""Firefox's about:webrtc: what was recorded of the model comes back, as far as it is told."""

from __future__ import annotations

import datetime
import html
import io
import json
import random
from typing import Any

import msgspec
import pytest
from dump_writers import firefox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.dumps import ImportedDump, import_dump
from negotiation.conformance.importing.firefox import SetEntry, concluded
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces.format import Call, Line, Mark
from negotiation.conformance.traces.reading import open_trace, read_trace

WRITERS = {"firefox-report": firefox.report, "firefox-page": firefox.page}
RELAXED = list(HealthCheck)
HEALTHY = (
    "offer-and-answer-of-two-peers",
    "data-channels-of-two-peers",
    "rollback-of-a-local-offer",
    "glare-ended-by-an-explicit-rollback",
    "perfect-negotiation-glare-seen-by-the-polite-end-first",
    "restart-ice-after-negotiation",
    "two-peers-stop-and-recycle",
)


def lines_of(program: Program, seed: int = 0) -> list[Line]:
    return trace_of(program, run_program(program, seed=seed), profile="page")


def imported(dump: bytes) -> ImportedDump:
    found = import_dump(io.BytesIO(dump))
    assert found is not None
    return found


Sets = dict[str, list[tuple[str, str | None, str | None]]]


def told(dump: ImportedDump) -> Sets:
    """Of each connection: method, type and text of each call."""
    found: Sets = {}
    for one in dump.calls:
        trace = read_trace(io.BytesIO(one.trace))
        assert trace.error is None
        for _, line in trace.observations:
            if isinstance(line, Call) and (given := line.args.description):
                text = None if given.sdp is None else trace.sdps[given.sdp].text
                found.setdefault(line.peer, []).append((line.method, given.type, text))
    return found


def expected(lines: list[Line]) -> Sets:
    methods = {True: "setLocalDescription", False: "setRemoteDescription"}
    return {
        f"{peer}-1": [(methods[one.is_local], one.type, one.sdp or None) for one in sets]
        for peer, sets in firefox.sets_of(lines).items()
        if sets
    }


@pytest.mark.parametrize("format", WRITERS)
@pytest.mark.parametrize("name", HEALTHY)
def test_what_was_set_comes_back_with_its_type(name: str, format: str) -> None:
    lines = lines_of(load(name))
    dump = imported(WRITERS[format](lines))
    assert dump.format.name == format
    assert dump.broken_off is None
    assert told(dump) == expected(lines)
    assert any(told(dump).values())


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=60, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_nothing_is_lost_and_nothing_invented(format: str, program: Program, seed: int) -> None:
    lines = lines_of(program, seed)
    wanted = expected(lines)
    if not wanted:
        return
    found = told(imported(WRITERS[format](lines)))
    assert untyped(found) == untyped(wanted)


def untyped(sets: Sets) -> dict[str, list[tuple[str, str | None]]]:
    return {peer: [(one[0], one[2]) for one in entries] for peer, entries in sets.items()}


CHECKER = Checker()


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=80, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_no_run_of_the_model_is_accused(format: str, program: Program, seed: int) -> None:
    lines = lines_of(program, seed)
    dump = import_dump(io.BytesIO(WRITERS[format](lines)))
    for one in dump.calls if dump else ():
        with open_trace(io.BytesIO(one.trace)) as reader:
            told_lines = [reader.header, *(line for _, line in reader)]
        verdict = CHECKER.judge_lines("dump", told_lines)
        assert not [each for each in verdict.findings if each.class_ == "departure"]
        assert not [each for each in verdict.findings if each.blame == "recording"]


def test_both_ends_of_a_call_are_found() -> None:
    dump = imported(firefox.report(lines_of(load("offer-and-answer-of-two-peers"))))
    assert [one.name for one in dump.calls] == ["A-1+B-1"]


def test_one_report_a_list_and_a_history_are_read_alike() -> None:
    whole = json.loads(firefox.report(lines_of(load("local-offer-and-remote-answer"))))
    [one] = whole["reports"]
    history = {"pcid": one["pcid"], "sdpHistory": one["sdpHistory"]}
    rest = {**one, "sdpHistory": []}
    alike: list[Any] = [one, [one], whole, {"reports": [one, one], "sdpHistories": [history]}]
    alike.append({"reports": [rest], "sdpHistories": [history]})
    sets = [told(imported(json.dumps(each, indent=2).encode())) for each in alike]
    assert all(each == sets[0] for each in sets)
    assert len(sets[0]["A-1"]) == 2


def test_many_statistics_may_come_first() -> None:
    whole = json.loads(firefox.report(lines_of(load("local-offer-and-remote-answer"))))
    [report] = whole["reports"]
    pairs = [{"id": f"pair {at}", "type": "candidate-pair"} for at in range(3000)]
    for start in ("bandwidthEstimations", "codecStats"):
        long = {start: [], "iceCandidatePairStats": pairs, **report}
        for each in (long, [long], {"reports": [long]}):
            assert told(imported(json.dumps(each, indent=2).encode()))["A-1"]


def test_what_is_told_besides_is_a_remark() -> None:
    entry = {"timestamp": 1e12, "isLocal": True, "sdp": "v=0", "errors": [{"error": "\x1b[1mbad"}]}
    report = {"pcid": "x (id=1)", "browserId": 1, "sdpHistory": [entry], "closed": True}
    [one] = imported(json.dumps({**report, "timestamp": 1e12 + 5}).encode()).calls
    trace = read_trace(io.BytesIO(one.trace))
    marks = [line for _, line in trace.observations if isinstance(line, Mark)]
    assert [mark.text[:10] for mark in marks] == ["the SDP pa", "closed, by"]


OFFER, ANSWER = "v=0\r\na=setup:actpass\r\n", "v=0\r\na=setup:active\r\n"


@pytest.mark.parametrize(
    ("entries", "types"),
    [
        ([(True, OFFER), (False, ANSWER), (False, ANSWER)], ["offer", "answer", "answer"]),
        ([(True, "v=0"), (False, "v=0"), (False, "v=0")], ["offer", "answer", "offer"]),
        ([(False, "v=0"), (True, "v=0")], ["offer", "answer"]),
        ([(False, ANSWER), (True, ANSWER)], ["offer", "answer"]),
        ([(False, ANSWER), (True, OFFER)], ["answer", "offer"]),
        ([(True, OFFER), (True, ""), (False, OFFER)], ["offer", "rollback", "offer"]),
        ([(True, ""), (False, "")], ["rollback", "rollback"]),
    ],
)
def test_types_are_concluded(entries: list[tuple[bool, str]], types: list[str]) -> None:
    told = [SetEntry(float(at), *each) for at, each in enumerate(entries)]
    assert [type for type, _ in concluded(told)] == types


def test_what_the_state_refuses_has_a_remark() -> None:
    history = [(True, OFFER), (False, ANSWER), (False, ANSWER), (True, ""), (True, OFFER)]
    told = [SetEntry(float(at), *each) for at, each in enumerate(history)]
    assert [state for _, state in concluded(told)] == [None, None, "stable", "stable", None]
    entries = [{"timestamp": 1e12, "isLocal": one, "sdp": text} for one, text in history[:3]]
    [one] = imported(
        json.dumps({"pcid": "x", "browserId": 1, "sdpHistory": entries}).encode()
    ).calls
    trace = read_trace(io.BytesIO(one.trace))
    marks = [line.text for _, line in trace.observations if isinstance(line, Mark)]
    assert marks == ["refused, if all before was applied: answer in stable"]


def test_an_older_page_without_names_of_its_texts_is_read_by_its_structure() -> None:
    page = (
        '<html><body><div id="content"><div class="peer-connection"><div class="sdp-history">'
        "<div><h4>Lokal</h4><h5>Zeit 1700000000001.5 (+ 0 ms)</h5>"
        "<pre>v=0\nm=a &amp; b\n</pre></div>"
        "<div><h4>Fern</h4><h5>Zeit 1700000000002 (+ 1 ms)</h5><pre></pre></div></div></div></div>"
    )
    sets = told(imported(page.encode()))
    assert sets == {
        "connection-1": [
            ("setLocalDescription", "offer", "v=0\r\nm=a & b\r\n"),
            ("setRemoteDescription", "rollback", None),
        ]
    }


NO_REPORT = (b"", b"{}", b"[]", b'{"pcid": 1}', b"<html></html>", b'{"sdpHistory": []}', b"v=0")


@pytest.mark.parametrize("other", NO_REPORT)
def test_what_is_none_is_not_recognised(other: bytes) -> None:
    found = import_dump(io.BytesIO(other))
    assert found is None or not found.format.name.startswith("firefox")


WHOLE = {format: write(lines_of(load(HEALTHY[3]))) for format, write in WRITERS.items()}


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 1 << 16))
def test_a_torn_dump_keeps_what_came_before(format: str, at: int) -> None:
    whole = WHOLE[format]
    torn = import_dump(io.BytesIO(whole[: at % len(whole)]))
    if torn is None:
        return
    for peer, entries in untyped(told(torn)).items():
        whole_entries = untyped(told(imported(whole)))[peer]
        if format == "firefox-report":
            assert entries == whole_entries[: len(entries)]
        else:  # the local column comes first, as a whole
            assert set(entries) <= set(whole_entries)


def mutated(whole: bytes, rng: random.Random) -> bytes:
    """The dump with a few bytes, values or parts changed."""
    data = bytearray(whole)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data))
        piece = rng.choice(ODD) if rng.random() < 0.7 else rng.randbytes(3)
        data[at : at + rng.choice((0, 1, len(piece), 200))] = piece
    return bytes(data)


ODD = [
    b"1e400",
    b"NaN",
    b"null",
    b"[[[[[[",
    b'{"a":',
    b'"\\ud800"',
    b"-1",
    b"<b>\x1b[31m",
    b"\xff\xfe",
]
ODD += [b"true", b'"', b"\\", b"</div>", b"<pre>", b"<!--", b"<![CDATA[", b"&#x110000;", b"9" * 400]


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_whatever_is_broken_is_read_without_harm(format: str, seed: int) -> None:
    assert_harmless(mutated(WHOLE[format], random.Random(seed)))


@pytest.mark.slow
@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=1000, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_much_that_is_broken_is_read_without_harm(format: str, seed: int) -> None:
    assert_harmless(mutated(WHOLE[format], random.Random(seed)))


def assert_harmless(dump: bytes) -> None:
    found = import_dump(io.BytesIO(dump))
    for one in found.calls if found else ():
        assert read_trace(io.BytesIO(one.trace)).error is None


HOSTILE = [
    b'{"browserId":1,"pcid":"' + b"x" * 20_000_000 + b'"}',
    b'{"browserId":1,"pcid":"x","a":' + b"[" * 100_000,
    b'{"browserId":1,"pcid":"x","a":' + b"1" * 20_000_000 + b"}",
    b'<div class="about-webrtc-x"><div a="' + b"x" * 5_000_000,
    b"<about-webrtc->" + b"<!--" * 300_000,
    b"<about-webrtc->" + b"<div>" * 200_000,
    b"<about-webrtc-><script>" + b"</" * 400_000,
    b"<about-webrtc->" + b"&" * 2_000_000,
]


@pytest.mark.parametrize("dump", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_dumps_end_soon(dump: bytes) -> None:
    found = imported(dump)
    assert not found.calls


def test_many_connections_are_read() -> None:
    entry = {"timestamp": 1e12, "isLocal": True, "sdp": OFFER}
    reports = [
        {"pcid": f"{{{at}}} 1 (id=1)", "browserId": 1, "sdpHistory": [entry]}
        for at in range(12_000)
    ]
    assert len(imported(msgspec.json.encode({"reports": reports})).calls) == 12_000


def of_their_times(page: bool) -> bytes:
    """Two connections that offered: one closed two seconds later, the other told of an hour on."""
    sdp = "v=0\no=- 1 0 IN IP4 0.0.0.0\nm=audio 9 X 0\na=setup:actpass\n"
    told = [("{a} 1 (id=1)", True, 3_000), ("{b} 2 (id=1)", False, 3_600_000)]
    if not page:
        reports = [
            {"pcid": pcid, "closed": is_closed, "timestamp": firefox.BEGUN + until}
            | {"sdpHistory": [{"timestamp": firefox.BEGUN + 1000, "isLocal": True, "sdp": sdp}]}
            for pcid, is_closed, until in told
        ]
        return json.dumps({"reports": reports}).encode()
    found = ""
    for pcid, is_closed, until in told:
        at = datetime.datetime.fromtimestamp((firefox.BEGUN + until) / 1000, datetime.UTC)
        now = html.escape(json.dumps({"now": at.isoformat()}))
        kind = "closed" if is_closed else "open"
        found += (
            f'<div class="peer-connection"><h3 data-l10n-id="about-webrtc-connection-{kind}"'
            f' data-l10n-args="{now}">X</h3><div id="tab_pane_history_{pcid}">'
            '<div class="sdp-history"><div><h5 data-l10n-args="'
            + html.escape(json.dumps({"timestamp": firefox.BEGUN + 1000}))
            + f'">X</h5><pre>{sdp}</pre></div><div></div></div></div></div>'
        )
    return f'<div id="content">{found}</div>'.encode()


@pytest.mark.parametrize("page", [False, True])
def test_each_connection_is_told_of_until_a_time_of_its_own(page: bool) -> None:
    found = {one.name: one for one in imported(of_their_times(page)).calls}
    ends = {}
    for name, one in found.items():
        *_, (_, last) = read_trace(io.BytesIO(one.trace)).observations
        ends[name] = type(last).__name__, last.t
    assert ends == {"a": ("Mark", 2_000), "b": ("Idle", 3_599_000)}
