"""What all commands have in common: help, errors, interruptions, and a quick start."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance import cli
from negotiation.conformance.cli import COMMANDS, check
from negotiation.conformance.cli.parsing import parser_of

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / ".src")}
HEAVY = (
    "msgspec",
    "hypothesis",
    "negotiation.model",
    "dataclasses",
    "asyncio",
    "importlib.metadata",
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str, negotiation: Run) -> None:
    ran = negotiation(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "examples:\n  negotiation " + name in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_can_be_parsed(name: str) -> None:
    command = importlib.import_module(f"negotiation.conformance.cli.{name}")
    parser = parser_of(name, command)
    for example in command.EXAMPLES:
        _, found, rest = example.partition(f"negotiation {name}")
        if found:
            words = [one.strip("'") for one in rest.partition(">")[0].split()]
            assert isinstance(parser.parse_args(words), argparse.Namespace)


def test_help_lists_all_commands(negotiation: Run, golden: Golden) -> None:
    ran = negotiation("--help")
    assert ran.code == 0
    golden("help.txt", ran.out)


def test_version(negotiation: Run) -> None:
    ran = negotiation("--version")
    assert ran.code == 0
    assert ran.out.startswith("negotiation ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "no command was given; see negotiation --help"),
        (["chek"], "there is no command 'chek'; did you mean check?"),
        (["frobnicate"], "there is no command 'frobnicate'; there are check, replay"),
        (["--frobnicate"], "unrecognized arguments: --frobnicate; see negotiation --help"),
        (["check"], "are required: TRACE; see negotiation check --help"),
        (["record", "--stack", "model"], "arguments --output --into is required; see negotiation"),
    ],
)
def test_wrong_usage_is_one_line(arguments: list[str], says: str, negotiation: Run) -> None:
    ran = negotiation(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert says in ran.err


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (KeyboardInterrupt(), 130, "negotiation: interrupted"),
        (OSError(28, "No space left on device", "x"), 2, "x: No space left on device; check"),
        (SystemExit(143), 143, ""),
        (ZeroDivisionError("by\nzero"), 70, "a mistake of negotiation itself"),
    ],
)
def test_no_traceback(
    error: BaseException, code: int, says: str, negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(arguments: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(check, "run", run)
    ran = negotiation("check", "x")
    assert ran.code == code
    assert says in ran.err
    assert len(ran.err.splitlines()) <= 1


def test_a_traceback_where_it_is_asked_for(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(arguments: argparse.Namespace) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "run", run)
    monkeypatch.setenv("NEGOTIATION_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        negotiation("check", "x")


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_a_broken_pipe_is_quiet() -> None:
    command = f"'{sys.executable}' -m negotiation.conformance.cli programs --format json"
    ran = subprocess.run(
        f"({command}; echo $? >&2) | head -c 1",
        shell=True,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ran.stderr.split() in (["141"], ["0"])  # 0: the pipe took it all before it broke


def test_help_imports_almost_nothing() -> None:
    program = (
        "import sys; from negotiation.conformance.cli import main; main(['--help']);"
        f"print([one for one in {HEAVY} if one in sys.modules], file=sys.stderr)"
    )
    ran = run_python("-c", program)
    assert ran.stderr.strip() == "[]"


def test_help_starts_quickly() -> None:
    def seconds(*arguments: str) -> float:
        begun = time.perf_counter()
        run_python(*arguments)
        return time.perf_counter() - begun

    bare = min(seconds("-c", "pass") for _ in range(5))
    ours = min(seconds("-m", "negotiation.conformance.cli", "--help") for _ in range(5))
    assert ours < 8 * bare


def test_the_module_runs() -> None:
    ran = run_python("-m", "negotiation.conformance.cli", "chek")
    assert ran.returncode == 2
    assert cli.main(["chek"]) == 2
