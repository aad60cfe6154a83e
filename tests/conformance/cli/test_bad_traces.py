"""Whatever a file holds: one clear line with file, line and field; what came before is judged."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.reports.falsifying import dropped
from negotiation.conformance.traces.format import LONGEST_LINE

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write

BEFORE = 8
"""Lines of the good part, which holds one departure (in line 4)."""

CALL = {"kind": "call", "n": 90, "t": 90, "peer": "A", "id": 9, "method": "createOffer"}

BAD_LINES = {
    "not JSON": (b"{kind: call}", "not JSON"),
    "no object": (b"[1]", "expected object"),
    "wrong type": ({**CALL, "t": "now"}, "field `t`: expected float"),
    "integer with a fraction": ({**CALL, "n": 90.5}, "field `n`: expected int"),
    "missing field": ({"kind": "call", "n": 90, "t": 90, "peer": "A"}, "field `id`: is missing"),
    "nested field": ({**CALL, "args": {"streams": [1]}}, "field `args.streams[0]`: expected str"),
    "unknown kind": ({**CALL, "kind": "guess"}, "field `kind`: is 'guess', an unknown kind"),
    "unknown peer": ({**CALL, "peer": "C"}, "field `peer`:"),
    "settlement without call": (
        {"kind": "resolve", "n": 90, "t": 90, "peer": "A", "call": 77},
        "field `call`:",
    ),
    "clock backwards": ({**CALL, "t": 0.5}, "field `t`:"),
    "number backwards": ({**CALL, "n": 1}, "field `n`:"),
    "unknown text": (
        {**CALL, "args": {"description": {"type": "offer", "sdp": "s9"}}},
        "field `args.description.sdp`:",
    ),
    "over-long line": (b" " * (LONGEST_LINE + 1), f"is longer than {LONGEST_LINE} bytes"),
    "binary": (b"\x00\x01\xff\xfe", "binary file?"),
    "another name of a transceiver": (
        {
            **CALL,
            "kind": "idle",
            "state": {"transceivers": [{"id": "{3b1f}", "kind": "audio", "direction": "sendrecv"}]},
        },
        "field `state.transceivers[0].id`: expected str matching regex '^t[1-9][0-9]*$'",
    ),
    "a name twice": (b'{"kind":"mark","kind":"mark"}', "is there twice in one object"),
    "second header": (b"HEADER", "header"),
    "hostile": (b'{"kind":"\x1b[2J\\u001b[2J"}', "not JSON"),
}


@pytest.mark.parametrize("what", BAD_LINES)
def test_a_bad_line_ends_the_reading(what: str, negotiation: Run, trace: Write) -> None:
    line, says = BAD_LINES[what]
    path = Path(trace("a.jsonl", edit=dropped(kind="event")))
    good = path.read_bytes()
    if line == b"HEADER":
        line = good.splitlines()[0]
    bad = line if isinstance(line, bytes) else json.dumps(line).encode()
    path.write_bytes(good + bad + b"\n")
    ran = negotiation("check", "a.jsonl", "--format", "json")
    told = json.loads(ran.out)
    (unreadable,) = told["unreadable"]
    assert unreadable["error"].startswith(f"a.jsonl:{BEFORE}: ")
    assert says in unreadable["error"]
    assert unreadable["error"].isprintable()
    # The departure in the part before it is found.
    assert ran.code == 1
    assert [one["id"] for one in told["findings"]] == ["NN-MISSED"]
    assert told["observations"] == BEFORE - 2


def header(**changes: object) -> bytes:
    told = {
        "kind": "header",
        "format": "negotiation-trace",
        "version": 1,
        "date": "2026-01-01",
        "peers": {"A": {"stack": {"name": "x"}, "recorder": "y"}},
    }
    return json.dumps({**told, **changes}).encode() + b"\n"


BAD_FILES = {
    "empty": (b"", "a.jsonl:1: the file is empty"),
    "blank": (b"\n\n", "the file is empty"),
    "no header": (json.dumps(CALL).encode() + b"\n", "a.jsonl:1: field `kind`: the first line"),
    "unknown version": (header(version=2), "a.jsonl:1: field `version`: is 2, and only version 1"),
    "another format": (header(format="har"), "a.jsonl:1: field `format`: is 'har'"),
    "no peers": (header(peers={}), "a.jsonl:1: field `peers`: names no peer"),
    "wrong type": (header(date=3), "a.jsonl:1: field `date`: expected str"),
    "binary": (bytes(range(256)), "a.jsonl:1: "),
    "gzip-twice": (
        gzip.compress(gzip.compress(b'{"kind":"header"}', mtime=0), mtime=0),
        "is gzip data within gzip data; unpack it",
    ),
    "zip": (b"PK\x03\x04\x14\0\0\xff", "is a zip archive; unpack it"),
    "UTF-16": (header().decode().encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
    "a dump of nothing known": (b'{"log": {}}', "`negotiation import --formats` lists"),
    "damaged gzip": (gzip.compress(header() * 99)[:-30] + b"\xff" * 99, "a.jsonl"),
}


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("what", BAD_FILES)
def test_a_file_that_is_no_trace(what: str, format: str, negotiation: Run) -> None:
    content, says = BAD_FILES[what]
    Path("a.jsonl").write_bytes(content)
    ran = negotiation("check", "a.jsonl", "--format", format)
    assert (ran.code, ran.err) == (3, "")
    assert says in " ".join(ran.out.split())


@pytest.mark.parametrize("command", ["replay", "why"])
@pytest.mark.parametrize("what", BAD_FILES)
def test_no_other_command_takes_it(what: str, command: str, negotiation: Run) -> None:
    content, _ = BAD_FILES[what]
    Path("a.jsonl").write_bytes(content)
    ran = negotiation(command, "a.jsonl:2")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("negotiation: a.jsonl")
    assert len(ran.err.splitlines()) == 1


def test_a_configuration_that_is_none_leaves_the_peer_undecided(negotiation: Run) -> None:
    peer = {"stack": {"name": "x"}, "recorder": "y", "configuration": {"iceServers": ["x"]}}
    opening = {"kind": "header", "format": "negotiation-trace", "version": 1, "date": "2026-01-20"}
    mark = {"kind": "mark", "n": 1, "t": 1, "peer": "A", "text": "m"}
    lines = [{**opening, "peers": {"A": peer}}, mark]
    Path("odd.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    done = negotiation("check", "odd.jsonl")
    assert done.code == 4
    assert "its configuration in the header" in done.out


def test_an_unknown_profile_is_told(negotiation: Run) -> None:
    peer = {"stack": {"name": "x"}, "recorder": "y", "profile": "telepathy"}
    Path("a.jsonl").write_bytes(header(peers={"A": peer}))
    ran = negotiation("check", "a.jsonl")
    assert ran.code == 3
    told = " ".join(ran.out.split())
    assert "a.jsonl:1: field `peers.'A'.profile`: there is no" in told
    assert "there is no observability profile 'telepathy'" in told


def test_an_unknown_profile_is_no_end_of_the_others(negotiation: Run, trace: Write) -> None:
    peer = {"stack": {"name": "x"}, "recorder": "y", "profile": "telepathy"}
    Path("a.jsonl").write_bytes(header(peers={"A": peer}))
    trace("b.jsonl")
    told = json.loads(negotiation("check", "a.jsonl", "b.jsonl", "--format", "json").out)
    assert [one["trace"] for one in told["unreadable"]] == ["a.jsonl"]
    assert "b.jsonl" in [one["trace"] for one in told["verdicts"]]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.jsonl", "nowhere.jsonl: there is no such file or folder"),
        ("empty", "empty: there is no trace in this folder or below it"),
        ("*.jsonl", "*.jsonl: no file matches this pattern"),
        ("a\0b", "a\\x00b: there is no such file or folder"),
    ],
)
def test_a_name_that_stands_for_nothing(name: str, says: str, negotiation: Run) -> None:
    Path("empty").mkdir()
    ran = negotiation("check", name)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_torn_last_line_is_no_error(negotiation: Run, trace: Write) -> None:
    path = Path(trace("a.jsonl"))
    path.write_bytes(path.read_bytes()[:-9])
    told = json.loads(negotiation("check", "a.jsonl", "--format", "json").out)
    assert told["passed"]
    assert told["verdicts"][0]["truncated"]
    assert "Cut off in the last line" in negotiation("check", "a.jsonl").out
