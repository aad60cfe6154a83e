"""The commands that tell what there is: explain, programs, stacks, diagram."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.programs.library import names
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
