"""`negotiation import`, and dumps wherever a trace can be named."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.importing.entries import MOST_CONNECTIONS
from negotiation.conformance.importing.formats import FORMATS
from negotiation.conformance.traces import format
from negotiation.conformance.traces.reading import read_trace

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write

SDP = "v=0\r\no=- {} 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:{}\r\n"


def description(type: str, end: str) -> str:
    return f"type: {type}, sdp: {SDP.format(ord(end), end * 4)}"


def record(*entries: tuple[str, str]) -> dict[str, Any]:
    log = [
        {"time": "2026-01-01T10:00:00.000Z", "type": type, "value": value}
        for type, value in entries
    ]
    return {"rtcConfiguration": "{}", "constraints": "", "url": "", "stats": {}, "updateLog": log}


def offering(offer: str, answer: str) -> dict[str, Any]:
    return record(
        ("setLocalDescription", description("offer", offer)),
        ("signalingstatechange", "have-local-offer"),
        ("setLocalDescriptionOnSuccess", ""),
        ("setRemoteDescription", description("answer", answer)),
        ("signalingstatechange", "stable"),
        ("setRemoteDescriptionOnSuccess", ""),
    )


def answering(offer: str, answer: str) -> dict[str, Any]:
    return record(
        ("setRemoteDescription", description("offer", offer)),
        ("signalingstatechange", "have-remote-offer"),
        ("setRemoteDescriptionOnSuccess", ""),
        ("setLocalDescription", description("answer", answer)),
        ("signalingstatechange", "stable"),
        ("setLocalDescriptionOnSuccess", ""),
    )


def dump(**connections: dict[str, Any]) -> bytes:
    told = {name.replace("_", "-"): one for name, one in connections.items()}
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"
    return json.dumps(
        {"getUserMedia": [], "PeerConnections": told, "UserAgent": agent}, indent=1
    ).encode()


CALL = dump(_1=offering("a", "b"), _2=answering("a", "b"), _3=offering("c", "d"))


@pytest.fixture
def dumped() -> str:
    Path("dump.txt").write_bytes(CALL)
    return "dump.txt"


def test_a_dump_is_checked_as_it_is(negotiation: Run, dumped: str) -> None:
    ran = negotiation("check", dumped, "--format", "json")
    told = json.loads(ran.out)
    assert (ran.code, told["verdict"]) == (0, "conforms")
    assert [one["trace"] for one in told["verdicts"]] == ["dump.txt#-1+-2", "dump.txt#-3"]
    assert all("calls" in one["limits"][0] for one in told["verdicts"])


@pytest.mark.parametrize("name", ["dump.json", "dump.txt", "dump.gz", "dump"])
def test_a_dump_is_known_by_its_content(negotiation: Run, name: str) -> None:
    Path(name).write_bytes(gzip.compress(CALL) if name.endswith(".gz") else CALL)
    assert negotiation("check", name).code == 0


def test_dumps_in_a_folder_are_found_beside_other_files(negotiation: Run) -> None:
    Path("in").mkdir()
    Path("in/one.json").write_bytes(CALL)
    Path("in/package.json").write_text('{"name": "no dump"}')
    ran = negotiation("check", "in", "--format", "json")
    assert ran.code == 0
    assert len(json.loads(ran.out)["verdicts"]) == 2


def test_a_dump_on_standard_input(negotiation: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BufferedReader(io.BytesIO(CALL)))
    monkeypatch.setattr(sys, "stdin", piped)
    ran = negotiation("check", "-", "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["verdicts"][1]["trace"] == "-#-3"


def test_a_call_of_a_dump_is_a_trace_for_every_command(negotiation: Run, dumped: str) -> None:
    one = f"{dumped}#-3"
    assert "signalingstatechange" in negotiation("replay", one).out
    assert negotiation("check", one).code == 0
    assert negotiation("why", f"{one}:4").code == 0
    assert negotiation("matrix", dumped).code == 0
    ran = negotiation("replay", dumped)
    assert ran.code == 2
    assert "2 traces" in ran.err
    ran = negotiation("check", f"{dumped}#nothing")
    assert ran.code == 2
    assert "name one of them after a #: -1+-2, -3" in ran.err


def test_what_is_imported_is_judged_the_same(negotiation: Run, dumped: str) -> None:
    ran = negotiation("import", dumped, "--into", "out", "--format", "json")
    assert ran.code == 0
    written = [one["written"] for one in json.loads(ran.out)[0]["calls"]]
    assert written == ["out/dump--1+-2.jsonl", "out/dump--3.jsonl"]
    assert all(read_trace(file).error is None for file in written)
    assert negotiation("check", *written).code == 0


def test_import_tells_what_is_in_a_dump(negotiation: Run, dumped: str) -> None:
    ran = negotiation("import", dumped)
    assert ran.code == 0
    assert "dump.txt: webrtc-internals, 2 calls." in ran.out
    assert "-1 (chrome 120.0.0.0) and -2 (chrome 120.0.0.0): 12 observations" in ran.out


def test_one_call_is_written_where_it_is_wanted(negotiation: Run, dumped: str) -> None:
    ran = negotiation("import", dumped, "--call=-3", "--output", "-")
    assert ran.code == 0
    assert len(read_trace(io.BytesIO(ran.out.encode())).observations) == 6


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("no.txt",), 2, "there is no such file"),
        (("other.json",), 3, "is no dump that can be read"),
        (("dump.txt", "--call", "x"), 2, "there is no call 'x' in it; there are -1+-2, -3"),
        (("dump.txt", "--output", "x"), 2, "these are 2 calls"),
        (("dump.txt", "--output", "x", "--into", "y"), 2, "exclude each other"),
        ((), 2, "no dump was named"),
    ],
)
def test_wrong_usage(
    negotiation: Run, dumped: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    Path("other.json").write_text("{}")
    # What is asked for without --into is looked at when there is something to write.
    ran = negotiation("import", *arguments, *(["--output=z"] if "--call" in arguments else []))
    assert ran.code == code
    assert told in ran.err


def test_the_formats_are_listed_with_their_limits(negotiation: Run) -> None:
    told = negotiation("import", "--formats").out
    assert all(one.name in told for one in FORMATS)
    rows = json.loads(negotiation("import", "--formats", "--format", "json").out)
    assert [one["name"] for one in rows] == [one.name for one in FORMATS]


def test_a_dump_without_connections_is_nothing_to_check(negotiation: Run) -> None:
    Path("empty.txt").write_bytes(dump())
    ran = negotiation("check", "empty.txt")
    assert ran.code == 2
    assert "no peer connection that negotiated in this dump" in ran.err
    assert "no peer connection" in negotiation("import", "empty.txt").out


def test_connections_that_were_there_before_the_recording_are_told(negotiation: Run) -> None:
    Path("late.txt").write_bytes(dump(_1=record(), _2=record()))
    ran = negotiation("check", "late.txt")
    assert ran.code == 2
    assert "of 2 peer connections in this dump nothing is told" in ran.err
    assert ran.err.rstrip().endswith("the recording has to begin before the call does")


def test_a_connection_of_which_nothing_was_told_is_no_call(negotiation: Run) -> None:
    Path("idle.txt").write_bytes(dump(_1=record(), _2=offering("a", "b")))
    ran = negotiation("check", "idle.txt", "--format", "json")
    assert ran.code == 0
    assert [one["trace"] for one in json.loads(ran.out)["verdicts"]] == ["idle.txt#-2"]
    assert "and a connection of which nothing was told" in negotiation("import", "idle.txt").out


def stands(*sets: tuple[str, str]) -> dict[str, Any]:
    """How a connection stands when the page is opened late."""
    states = ("signalingstatechange", "stable"), ("iceconnectionstatechange", "connected")
    return record(*sets, *states, ("connectionstatechange", "connected"))


def test_ends_are_found_by_what_was_in_force_when_the_page_was_opened(negotiation: Run) -> None:
    offer, answer = description("offer", "a"), description("answer", "b")
    one = stands(("setLocalDescription", offer), ("setRemoteDescription", answer))
    other = stands(("setRemoteDescription", offer), ("setLocalDescription", answer))
    Path("late.txt").write_bytes(dump(_1=one, _2=other))
    told = json.loads(negotiation("import", "late.txt", "--format", "json").out)
    assert [call["name"] for call in told[0]["calls"]] == ["late.txt#-1+-2"]
    drawn = negotiation("diagram", "sequence", "late.txt")
    assert drawn.code == 2
    assert "nothing to draw: it tells of states at rest alone" in drawn.err


def test_a_torn_dump_is_judged_as_far_as_it_goes(negotiation: Run) -> None:
    Path("torn.txt").write_bytes(CALL[: len(CALL) * 3 // 4])
    ran = negotiation("check", "torn.txt", "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert all(one["truncated"] for one in told["verdicts"])
    assert told["observations"] >= 12


def test_an_early_event_of_chromium_is_known_in_dumps_only(negotiation: Run) -> None:
    early = record(("createOffer", "options: {}"), ("negotiationneeded", ""))
    Path("early.txt").write_bytes(dump(_1=early))
    ran = negotiation("check", "early.txt", "--format", "json")
    (found,) = json.loads(ran.out)["findings"]
    assert (ran.code, found["id"]) == (0, "NN-EARLY")
    assert "Chromium" in found["expected_by"]["reason"]
    negotiation("import", "early.txt", "--into", "out")
    assert negotiation("check", "out", "--format", "json").code == 0
    proposed = negotiation("expectations", "update", "early.txt")
    assert (proposed.code, "Nothing to change" in proposed.out) == (0, True)
    matrix = json.loads(negotiation("matrix", "early.txt", "--format", "json").out)
    assert [one["known"] for one in matrix["sightings"]] == [0]


def test_no_call_is_written_over_another(negotiation: Run) -> None:
    for name in ("a/dump.txt", "b/dump.txt", "2026.01.01.json", "2026.01.02.json"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(dump(_1=offering("a", "b")))
    ran = negotiation("import", "a/dump.txt", "b/dump.txt", "--into", "out")
    assert ran.code == 2
    assert "two calls would be out/dump--1.jsonl; import their dumps one by one" in ran.err
    assert not list(Path("out").iterdir())
    assert negotiation("import", "*.json", "--into", "out").code == 0
    assert sorted(one.name for one in Path("out").iterdir()) == [
        *("2026.01.01--1.jsonl", "2026.01.02--1.jsonl")
    ]


def test_an_answer_in_stable_is_a_fault_in_a_dump(negotiation: Run) -> None:
    wrong = record(
        ("setRemoteDescription", description("answer", "b")),
        (
            "setRemoteDescriptionOnFailure",
            "Failed to set remote answer sdp: Called in wrong state: stable",
        ),
    )
    Path("wrong.txt").write_bytes(dump(_1=wrong))
    ran = negotiation("check", "wrong.txt", "--format", "json")
    assert ran.code == 1
    assert [one["class"] for one in json.loads(ran.out)["findings"]] == ["fault"]


def test_many_connections_are_no_trouble(negotiation: Run) -> None:
    many = {f"_{n}": record(("createOffer", "options: {}")) for n in range(1000)}
    Path("many.txt").write_bytes(dump(**many))
    ran = negotiation("check", "many.txt", "--format", "json")
    assert ran.code == 0
    assert len(json.loads(ran.out)["verdicts"]) == 1000 < MOST_CONNECTIONS


def test_why_tells_as_if_nothing_had_been_missed(negotiation: Run, trace: Write) -> None:
    file = trace("call.jsonl", profile="hidden-calls")
    event = next(n for n, one in read_trace(file).observations if isinstance(one, format.Event))
    ran = negotiation("why", f"{file}:{event}")
    assert ran.code == 0
    assert "negotiationneeded fired, because something is to be negotiated" in ran.out
    assert "as if nothing had been missed" in ran.out
