"""The commands that tell what there is: explain, programs, stacks, diagram."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.programs.library import names
from negotiation.conformance.stacks.installed import RECORD, Installed
from negotiation.conformance.stacks.registry import STACKS, StackRow

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run


def test_explain_lists_all(negotiation: Run, golden: Golden) -> None:
    golden("explain.txt", negotiation("explain").out)
    listed = json.loads(negotiation("explain", "--format", "json").out)
    assert [one["id"] for one in listed] == list(FINDINGS)


@pytest.mark.parametrize("id", ["NN-DUPLICATE", "OP-ORDER", "APP-WRONG-STATE", "NETWORK-LOST"])
def test_explain_one(id: str, negotiation: Run, golden: Golden) -> None:
    golden(f"explain-{id.lower()}.txt", negotiation("explain", id.lower()).out)


def test_explain_as_json_has_the_example(negotiation: Run) -> None:
    told = json.loads(negotiation("explain", "NN-MISSED", "--format", "json").out)
    assert told["class"] == "departure"
    assert told["example"]["finding"]["id"] == "NN-MISSED"
    assert told["example"]["lines"][0]["kind"] == "header"


def test_explain_what_is_not_there(negotiation: Run) -> None:
    ran = negotiation("explain", "NN-MISED")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "negotiation: there is no finding 'NN-MISED'; did you mean NN-MISSED?\n"


def test_programs(negotiation: Run, golden: Golden) -> None:
    listed = json.loads(negotiation("programs", "--format", "json").out)
    assert [one["name"] for one in listed] == list(names())
    assert "first-change: " in negotiation("programs").out
    golden("program.txt", negotiation("programs", "first-change").out)
    assert "did you mean first-change?" in negotiation("programs", "first-chang").err


def test_stacks(negotiation: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StackRow, "executable", lambda row: None)
    listed = json.loads(negotiation("stacks", "--format", "json").out)
    assert [one["name"] for one in listed] == ["model", "page", *(row.name for row in STACKS)]
    assert all(set(one) >= {"name", "version", "available", "install"} for one in listed)
    assert [one["available"] for one in listed] == [True, True, *(False for _ in STACKS)]
    assert listed[2]["install"] == STACKS[0].install
    text = negotiation("stacks").out
    assert f"not here; to get it: {STACKS[0].install}" in " ".join(text.split())


def test_diagram(negotiation: Run) -> None:
    assert negotiation("diagram", "signaling", "--format", "dot").out.startswith("digraph")
    assert negotiation("diagram", "signaling", "--output", "s.dot").code == 0
    assert Path("s.dot").read_text().startswith("digraph")
    ran = negotiation("diagram", "signal")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("negotiation: no diagram named 'signal'; use one of signaling")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with one release of Chromium."""
    monkeypatch.setenv("NEGOTIATION_CACHE", str(tmp_path / "cache"))
    release = Installed("chromium", "131.0.6778.0", "npm x", "chromium")
    release.folder.mkdir(parents=True)
    (release.folder / RECORD).write_bytes(msgspec.json.encode(release))
    return tmp_path / "cache"


def test_stacks_tells_versions(negotiation: Run, cache: Path) -> None:
    (chromium,) = (
        one
        for one in json.loads(negotiation("stacks", "--format", "json").out)
        if one["name"] == "chromium"
    )
    assert chromium["installed"] == ["131.0.6778.0"]
    assert "chromium@153" in chromium["releases"]
    text = " ".join(negotiation("stacks").out.split())
    assert "in the cache: chromium@131.0.6778.0 versions: negotiation stacks install chro" in text


def test_removing_a_release(negotiation: Run, cache: Path) -> None:
    ran = negotiation("stacks", "remove", "chromium@130")
    assert (ran.code, ran.out) == (2, "")
    assert "chromium@130 is not in the cache; there are chromium@131.0.6778.0" in ran.err
    assert "names no version" in negotiation("stacks", "remove", "chromium").err
    assert "there is no firefox at all" in negotiation("stacks", "remove", "firefox@1").err
    assert negotiation("stacks", "remove", "chromium@131").out == "removed chromium@131.0.6778.0\n"
    assert list((cache / "chromium").iterdir()) == []


def test_installing_a_release(
    negotiation: Run, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = cache / "chromium" / "131.0.6778.0"
    ran = negotiation("stacks", "install", "chromium@131")  # it is here already
    assert ran.out == f"chromium@131.0.6778.0 is in {folder}\n"
    for name in ("chromium@1", "netscape@4"):
        ran = negotiation("stacks", "install", name)
        assert (ran.code, ran.out) == (2, "")
        assert len(ran.err.splitlines()) == 1
    monkeypatch.setenv("PATH", str(cache))
    ran = negotiation("stacks", "install", "chromium@106")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("negotiation: chromium@106 is not installed: npm is not on the PATH")


def test_a_version_that_is_not_here(negotiation: Run, cache: Path) -> None:
    ran = negotiation("record", "--stack", "chromium@80", "first-change", "--output", "t")
    assert (ran.code, ran.out) == (2, "")
    assert "`negotiation stacks install chromium@80`" in ran.err
