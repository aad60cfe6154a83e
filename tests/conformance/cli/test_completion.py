"""Completion, by the real shells."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.cli import COMMANDS, completion

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write

BASH = """
source ./script
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_shtab_negotiation
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = "source ./script; complete --do-complete (string join ' ' -- $argv)"
ZSH = """
mkdir functions && cp script functions/_negotiation
fpath=($PWD/functions $fpath)
autoload -Uz compinit && compinit -u -d dump
print -l ${(k)_comps[(I)negotiation]}
"""

ASKED = [
    (["re"], {"record", "replay", "redact", "reproduce"}),
    (["replay", "--inter"], {"--interactive"}),
    (["record", "--stack", "chr"], {"chromium"}),
    (["record", "first-ch"], {"first-change"}),
    (["explain", "NN-SP"], {"NN-SPURIOUS"}),
    (["why", "--format", "j"], {"json"}),
    (["stacks", "inst"], {"install"}),
    (["check", "call.js"], {"call.jsonl"}),
]


@pytest.fixture(params=["bash"])
def script(request: pytest.FixtureRequest, negotiation: Run) -> str:
    return script_of(str(request.param), negotiation)


def script_of(shell: str, negotiation: Run) -> str:
    pytest.importorskip("shtab", reason="shtab is not installed")
    ran = negotiation("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    Path("script").write_text(ran.out)
    return shell


def asked(shell: str, code: str, *words: str) -> list[str]:
    options = {"bash": ["-c", code, "bash"], "fish": ["--no-config", "-c", code]}[shell]
    ran = subprocess.run(
        [shell, *options, "negotiation", *words], capture_output=True, text=True, timeout=60
    )
    assert ran.stderr == ""
    return [line.partition("\t")[0] for line in ran.stdout.split()]


@pytest.mark.parametrize(("words", "found"), ASKED)
def test_bash_completes(words: list[str], found: set[str], script: str, trace: Write) -> None:
    trace("call.jsonl")
    assert found <= set(asked(script, BASH, *words))


def test_bash_completes_all_commands_and_findings(script: str) -> None:
    assert set(COMMANDS) <= set(asked(script, BASH, ""))
    assert set(FINDINGS) <= set(asked(script, BASH, "explain", ""))


@pytest.mark.live
@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not on the PATH (apt has it)")
@pytest.mark.parametrize(("words", "found"), ASKED)
def test_fish_completes(words: list[str], found: set[str], negotiation: Run, trace: Write) -> None:
    script_of("fish", negotiation)
    trace("call.jsonl")
    assert found <= set(asked("fish", FISH, *words))


@pytest.mark.live
@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not on the PATH (apt has it)")
def test_zsh_takes_the_script_for_its_command(negotiation: Run) -> None:
    script_of("zsh", negotiation)
    ran = subprocess.run(["zsh", "-f", "-c", ZSH], capture_output=True, text=True, timeout=60)
    assert (ran.stdout.split(), ran.stderr) == (["negotiation"], "")


def test_without_shtab_the_extra_is_named(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "shtab", None)
    ran = negotiation("completion", "bash")
    assert ran.code == 2
    assert "pip install 'negotiation[completion]'" in ran.err


def test_every_argument_of_the_table_is_somewhere() -> None:
    actions = list(completion._actions(completion.whole_parser()))
    named = {str(one.metavar) for one in actions}
    options = {option for one in actions for option in one.option_strings}
    told = {*completion.FILES, *completion.FOLDERS, *completion.KNOWN}
    assert told <= named | {"STACK"}
    assert set(completion.OF_OPTIONS) <= options
