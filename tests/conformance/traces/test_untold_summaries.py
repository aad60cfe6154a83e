"""Traces whose recorder summarises no texts: the reader does, and names credentials by ufrags."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.traces.reading import Trace, read_trace
from negotiation.conformance.traces.summaries import Ufrags

TRACES = Path(__file__).parents[3] / "traces"
STACKS = ("chromium/156*", "firefox/153*")
FILES = [file for stack in STACKS for file in sorted(TRACES.glob(f"{stack}/*.gz"))[::9]]


def without_summaries(file: Path) -> bytes:
    lines = []
    for line in gzip.decompress(file.read_bytes()).splitlines():
        told = json.loads(line)
        if told["kind"] == "sdp":
            del told["summary"]
        lines.append(json.dumps(told, separators=(",", ":")))
    return "\n".join([*lines, ""]).encode()


def relational(trace: Trace) -> list[object]:
    """The summaries, with credentials numbered and streams as they are in the text."""
    names: dict[str | None, int] = {None: 0}
    return [
        [
            (
                one.index,
                one.kind,
                one.mid,
                one.rejected,
                one.direction,
                one.rids,
                len(one.msids),
                names.setdefault(one.ice, len(names)),
            )
            for one in sdp.summary.sections
        ]
        + [sdp.summary.bundle, sdp.summary.problem]
        for sdp in trace.sdps.values()
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.partition(".")[0])
def test_the_reader_makes_the_same_summaries(file: Path) -> None:
    bare = read_trace(io.BytesIO(without_summaries(file)))
    assert bare.error is None
    assert relational(bare) == relational(read_trace(str(file)))


def names_streams(file: Path) -> bool:
    """Whether the recorder has names of its own for streams, which the texts do not have."""
    return b'"streams":["' in gzip.decompress(file.read_bytes())


WITHOUT_STREAMS = [file for file in FILES if not names_streams(file)]


@pytest.mark.parametrize("file", WITHOUT_STREAMS, ids=lambda file: file.name.partition(".")[0])
def test_the_same_is_found(file: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.jsonl"
    bare.write_bytes(without_summaries(file))
    ours, theirs = Checker().judge(str(file)), Checker().judge(str(bare))
    assert [one.id for one in ours.findings] == [one.id for one in theirs.findings]


def test_an_empty_summary_stays_empty() -> None:
    header = {
        "kind": "header",
        "format": "negotiation-trace",
        "version": 1,
        "date": "2026-01-01",
        "peers": {"A": {"stack": {"name": "x"}, "recorder": "r"}},
    }
    text = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
    told = [
        header,
        {"kind": "sdp", "id": "s1", "text": text, "summary": {}},
        {"kind": "sdp", "id": "s2", "text": text},
    ]
    lines = "\n".join([*map(json.dumps, told), ""]).encode()
    trace = read_trace(io.BytesIO(lines))
    assert len(trace.sdps["s1"].summary.sections) == 0
    assert len(trace.sdps["s2"].summary.sections) == 1


def test_two_pairs_with_one_ufrag_are_told_apart() -> None:
    names = Ufrags()
    first, second = (("u", "p"), ("u", "q"))
    assert names.credentials(first) == "u"
    assert names.credentials(second) != "u"
    assert names.credentials(first) == "u"
