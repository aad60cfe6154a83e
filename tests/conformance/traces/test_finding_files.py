from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path

import pytest

from negotiation.conformance.errors import TraceError, UsageError
from negotiation.conformance.traces.finding_files import find_traces, opened_trace


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    names = ["b.jsonl", "a.jsonl.gz", "other.txt", "deep/er/c.jsonl", "deep/d.jsonl", "[x].jsonl"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["b.jsonl", "a.jsonl.gz"], ["b.jsonl", "a.jsonl.gz"]),
        (["other.txt"], ["other.txt"]),
        (["-"], ["-"]),
        (["-", "b.jsonl", "-"], ["-", "b.jsonl"]),
        (["deep"], ["deep/d.jsonl", "deep/er/c.jsonl"]),
        (["."], ["[x].jsonl", "a.jsonl.gz", "b.jsonl", "deep/d.jsonl", "deep/er/c.jsonl"]),
        (["*.jsonl"], ["[x].jsonl", "b.jsonl"]),
        (["**/*.jsonl"], ["[x].jsonl", "b.jsonl", "deep/d.jsonl", "deep/er/c.jsonl"]),
        (["d*"], ["deep/d.jsonl", "deep/er/c.jsonl"]),
        (["[x].jsonl"], ["[x].jsonl"]),
        (["deep/d.jsonl", "deep", "./deep/../b.jsonl", "b.jsonl"],
         ["deep/d.jsonl", "deep/er/c.jsonl", "./deep/../b.jsonl"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_what_names_stand_for(names: list[str], found: list[str]) -> None:
    assert find_traces(names) == found


def test_paths_and_a_single_name_are_taken_too(here: Path) -> None:
    assert find_traces([here / "b.jsonl"]) == [str(here / "b.jsonl")]
    assert find_traces("b.jsonl") == ["b.jsonl"]


@pytest.mark.usefixtures("here")
def test_other_suffixes_can_be_looked_for() -> None:
    assert find_traces(["."], [".txt"]) == ["other.txt"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "no trace was named; name files, folders or patterns"),
        (["none.jsonl"], "none.jsonl: there is no such file or folder;"),
        (["b.jsonl", "none"], "none: there is no such file or folder;"),
        (["x*"], "x*: no file matches this pattern;"),
        (["empt*"], "empt*: no file matches this pattern;"),
        (["empty"], "looked for files that end with .jsonl or .jsonl.gz"),
        (["a\0b"], "there is no such file"),
        ([""], "there is no such file"),
    ],
)
@pytest.mark.usefixtures("here")
def test_names_that_stand_for_nothing(names: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as raised:
        find_traces(names)
    assert str(raised.value).isprintable()


def test_a_folder_that_cannot_be_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UsageError, match=r"cannot be read \(Permission denied\);"):
        find_traces([here])


def test_a_folder_that_links_to_itself_ends(here: Path) -> None:
    (here / "empty" / "loop").symlink_to(here)
    assert len(find_traces([here])) == 5


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with contextlib.ExitStack() as opened:
        for missing in (tmp_path / "none.jsonl", "a\0b", ""):
            with pytest.raises(UsageError, match="no such file"):
                opened_trace(missing, opened)
        with pytest.raises(TraceError, match=re.escape(f"{tmp_path}: cannot be opened")):
            opened_trace(tmp_path, opened)
        with pytest.raises(UsageError, match="binary mode"):
            opened_trace(io.StringIO("{}"), opened)  # type: ignore[arg-type]
