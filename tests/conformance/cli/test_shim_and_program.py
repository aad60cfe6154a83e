"""`negotiation shim` and `negotiation program`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.programs.library import load, read_program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.shim.script import ShimOptions, shim
from negotiation.conformance.traces.writing import write_trace

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run


def test_the_shim_is_written(negotiation: Run, tmp_path: Path) -> None:
    file = tmp_path / "shim.js"
    assert negotiation("shim", "--output", str(file)).code == 0
    assert file.read_text() == shim(ShimOptions())
    assert shim(ShimOptions()) == shim()


def test_options_stand_before_it(negotiation: Run) -> None:
    ran = negotiation("shim", "--observations", "7", "--without", "transceivers")
    first = ran.out.splitlines()[0]
    assert '{"observations":7,"transceivers":false}' in first


def test_an_option_does_not_end_a_script_element() -> None:
    assert "</script" not in shim(ShimOptions(socket="ws://a/</script>"))


def test_a_userscript_has_its_head(negotiation: Run) -> None:
    out = negotiation("shim", "--userscript", "https://meet.example/*").out
    assert out.startswith("// ==UserScript==\n")
    assert "// @match        https://meet.example/*\n" in out
    assert "@run-at       document-start" in out


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_shim_is_javascript(tmp_path: Path) -> None:
    file = tmp_path / "shim.js"
    file.write_text(shim(ShimOptions(observations=5)))
    subprocess.run(["node", "--check", str(file)], check=True)


@pytest.fixture
def recorded(tmp_path: Path) -> str:
    program = load("two-peers-glare")
    file = tmp_path / "glare.jsonl"
    write_trace(str(file), trace_of(program, run_program(program), profile="page"))
    return str(file)


def test_a_program_can_be_read_again(negotiation: Run, recorded: str, tmp_path: Path) -> None:
    file = tmp_path / "again.json"
    assert negotiation("program", recorded, "--output", str(file)).code == 0
    program = read_program(file)
    assert (program.name, program.peers) == ("two-peers-glare-again", ("A", "B"))


def test_a_program_can_be_named(negotiation: Run, recorded: str) -> None:
    told = json.loads(negotiation("program", recorded, "--name", "../odd name").out)
    assert told["name"] == "odd-name-again"


def test_many_recordings_are_no_program(negotiation: Run, recorded: str, tmp_path: Path) -> None:
    shutil.copy(recorded, tmp_path / "other.jsonl")
    ran = negotiation("program", str(tmp_path))
    assert ran.code == 2
    assert "name one of them" in ran.err
