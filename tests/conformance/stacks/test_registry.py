"""The registry of stacks."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from negotiation.conformance.stacks.browsers import FAMILIES
from negotiation.conformance.stacks.registry import (
    STACKS,
    MissingStackError,
    UnknownStackError,
    available,
    python_that_runs,
    row,
    this_platform,
    this_python_with,
)
from negotiation.conformance.traces.profiles import PROFILES


@pytest.fixture(autouse=True)
def _with_an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEGOTIATION_CACHE", str(tmp_path / "cache"))


def executable(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_rows_can_be_named_and_started() -> None:
    assert len({each.name for each in STACKS}) == len(STACKS)
    for each in STACKS:
        assert row(each.name) is each
        assert (each.kind == "browser") == (each.family in FAMILIES)
        assert each.install
        assert each.profile in PROFILES


def test_an_unknown_name_is_told_which_there_are() -> None:
    with pytest.raises(UnknownStackError, match=r"there are chromium, firefox.*Did you mean fire"):
        row("firefoxx")


def test_a_stack_is_found_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEGOTIATION_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browsers_available() == []
    found = executable(tmp_path / "chromium-browser", "")
    assert row("chromium").executable() == found
    assert browsers_available() == ["chromium"]


def browsers_available() -> list[str]:
    return [each.name for each in available() if each.kind == "browser"]


def test_a_package_is_found_in_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEGOTIATION_WRTC", raising=False)
    there = replace(row("wrtc"), find=this_python_with("json"))
    assert there.executable() == Path(sys.executable)
    missing = replace(there, find=this_python_with("json", "no_such_package"))
    with pytest.raises(MissingStackError, match=r"pip install wrtc.*NEGOTIATION_WRTC.* Python"):
        missing.located()
    monkeypatch.setenv("NEGOTIATION_WRTC", "sh")
    assert missing.executable() == Path(shutil.which("sh") or "")


def test_another_python_is_found_by_what_it_runs(tmp_path: Path) -> None:
    refuses = executable(tmp_path / "refuses", "exit 1")
    runs = executable(tmp_path / "runs", 'test "$1 $2" = "-c import it" && test -z "$PYTHONPATH"')
    find = python_that_runs("import it")
    assert find(("no-such-python", str(refuses), str(runs))) == runs
    assert find((str(refuses),)) is None


def test_the_version_of_an_adapter_is_asked_of_its_command(tmp_path: Path) -> None:
    path = executable(tmp_path / "interpreter", 'echo "$1 7.8.9 $2"')
    stack = replace(row("wrtc"), find=lambda _: path, command=lambda found: (str(found), "a"))
    assert stack.stack().version == "7.8.9"


def test_adapters_are_started_by_their_interpreter() -> None:
    interpreter, start, module = row("wrtc").command(Path("/python"))
    assert interpreter == "/python"
    assert Path(start).is_file()
    assert Path(start).parent.joinpath(*module.split(".")).with_suffix(".py").is_file()


def test_a_variable_says_where_a_stack_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = executable(tmp_path / "another", "")
    monkeypatch.setenv("NEGOTIATION_CHROMIUM", str(other))
    assert row("chromium").located() == other
    monkeypatch.setenv("NEGOTIATION_CHROMIUM", str(tmp_path / "gone"))
    assert row("chromium").executable() is None


def test_a_missing_stack_says_how_to_get_it() -> None:
    with pytest.raises(MissingStackError, match=r"install firefox-esr.*NEGOTIATION_FIREFOX"):
        replace(row("firefox"), executables=("no-such-browser",)).located()


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12", "156.0.8078.79"),
        ("Mozilla Firefox 153.7.0esr", "153.7.0esr"),
        ("what?", ""),
    ],
)
def test_versions_are_probed(tmp_path: Path, said: str, version: str) -> None:
    path = executable(tmp_path / "browser", f'echo "noise 1.2.3" >&2; echo "{said}"')
    stack = replace(row("chromium"), executables=(str(path),)).stack()
    assert (stack.name, stack.version, stack.platform) == ("chromium", version, this_platform())
