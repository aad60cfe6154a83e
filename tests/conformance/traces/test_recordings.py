"""A folder of recordings: on the disk at once, small in the end, and pruned with care."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces.format import Line
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.recordings import Recordings, prune
from negotiation.conformance.traces.writing import write_trace


def lines_of(program: str = "two-peers-glare") -> list[Line]:
    ran = load(program)
    return trace_of(ran, run_program(ran), date="2026-01-01")


@pytest.mark.parametrize("packed", [False, True])
def test_each_line_is_there_at_once(tmp_path: Path, packed: bool) -> None:
    lines = lines_of("first-change")
    with Recordings(tmp_path, gzip=packed) as recordings:
        for done, line in enumerate(lines, start=1):
            recordings.take("first-change", line)
            trace = read_trace(recordings.path("first-change"))
            assert len(trace.observations) == done - 1
            assert trace.truncated == packed
        recordings.finish()
    assert not read_trace(recordings.path("first-change")).truncated


def test_compressed_traces_are_the_same_bytes_and_small(tmp_path: Path) -> None:
    lines = lines_of()
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        with Recordings(folder, gzip=True) as recordings:
            for line in lines:
                recordings.take("p", line)
            flushed = recordings.path("p").stat().st_size
            recordings.finish()
        assert [path.name for path in folder.iterdir()] == ["p.jsonl.gz"]
        made.append(recordings.path("p").read_bytes())
    assert made[0] == made[1]
    assert len(made[0]) < flushed
    write_trace(tmp_path / "plain.jsonl", lines)
    assert gzip.decompress(made[0]) == (tmp_path / "plain.jsonl").read_bytes()


def test_a_trace_that_was_cut_short_is_closed(tmp_path: Path) -> None:
    with Recordings(tmp_path, gzip=True) as recordings:
        for line in lines_of("first-change")[:3]:
            recordings.take("p", line)
    trace = read_trace(tmp_path / "p.jsonl.gz")
    assert (len(trace.observations), trace.truncated) == (2, False)


def test_programs_one_after_another(tmp_path: Path) -> None:
    with Recordings(tmp_path, mark=".second") as recordings:
        recordings.finish()  # a program that is not supported has no lines
        for name in ("a", "b"):
            for line in lines_of("first-change"):
                recordings.take(name, line)
            recordings.finish()
    assert recordings.written == ["a", "b"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.second.jsonl",
        "b.second.jsonl",
    ]


def test_only_recordings_are_pruned(tmp_path: Path) -> None:
    lines = lines_of("first-change")
    for name in ("kept.jsonl", "gone.jsonl", "gone.jsonl.gz", "below/kept.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write_trace(tmp_path / name, lines)
    (tmp_path / "notes.jsonl").write_text('{"kind": "note"}\n')
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "link.jsonl").symlink_to("kept.jsonl")
    gone = prune(tmp_path, [tmp_path / "kept.jsonl"])
    assert [path.name for path in gone] == ["gone.jsonl", "gone.jsonl.gz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("README.md", "below", "empty.jsonl", "folder.jsonl"),
        *("kept.jsonl", "link.jsonl", "notes.jsonl"),
    ]
