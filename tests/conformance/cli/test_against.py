"""`check --against`: a report, or a git revision, and only what is new fails."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.reports.falsifying import dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

MISSED = dropped(kind="event", name="negotiationneeded")


def git(*command: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *command], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


def told(negotiation: Run, *arguments: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(negotiation("check", *arguments, "--format", "json").out)
    return report


def report_of(negotiation: Run, *arguments: str, file: str = "main.json") -> str:
    negotiation("check", *arguments, "--format", "json", "--output", file)
    return file


def test_only_what_is_new_fails_beside_a_report(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    main = report_of(negotiation, "t")
    assert negotiation("check", "t").code == 1
    assert negotiation("check", "t", "--against", main).code == 0
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    new = negotiation("check", "t", "--against", main)
    assert new.code == 1
    assert "Compared with main.json (1 trace): 1 new, 1 unchanged, 0 gone." in new.out
    trace("t/a.jsonl")
    gone = told(negotiation, "t", "--against", main)
    assert gone["exit_code"] == 1
    assert [one["program"] for one in gone["against"]["gone"]] == ["first-change"]
    assert [one["unchanged"] for one in gone["findings"]] == [False]


def test_what_was_expected_there_is_not_new_here(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    row = {"id": "NN-MISSED", "program": "first-change", "reason": "known"}
    Path("t/expectations.json").write_text(json.dumps([row]))
    main = report_of(negotiation, "t")
    os.unlink("t/expectations.json")
    assert negotiation("check", "t", "--against", main).code == 0


def test_expectations_and_the_baseline_come_first(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    main = report_of(negotiation, "t")
    row = {"id": "NN-MISSED", "program": "first-change", "reason": "known"}
    Path("t/expectations.json").write_text(json.dumps([row]))
    negotiation("check", "t", "--baseline", "b.json", "--update-baseline")
    report = told(negotiation, "t", "--baseline", "b.json", "--against", main)
    assert report["exit_code"] == 0
    assert [one["unchanged"] for one in report["findings"]] == [False, False]
    assert report["against"]["gone"] == []
    row["program"] = "first-*"
    row["id"] = "NN-LATE"
    Path("t/expectations.json").write_text(json.dumps([row]))
    assert negotiation("check", "t", "--against", main).code == 1  # stale, whatever is compared


def test_what_is_of_programs_that_were_not_judged_here_is_not_gone(
    negotiation: Run, trace: Write
) -> None:
    trace("t/a.jsonl", edit=MISSED)
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    main = report_of(negotiation, "t")
    report = told(negotiation, "t/b.jsonl", "--against", main)
    assert (report["against"]["gone"], report["against"]["not_judged"]) == ([], 1)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [1]}', "\xff"])
def test_what_is_no_report_is_refused(text: str, negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl")
    Path("main.json").write_text(text)
    ran = negotiation("check", "t", "--against", "main.json")
    assert (ran.code, ran.out) == (2, "")
    assert "no report of check can be read" in ran.err
    assert "--format json --output FILE" in ran.err


def test_a_revision_with_the_same_traces(negotiation: Run, trace: Write) -> None:
    git("init")
    trace("in/t/a.jsonl", edit=MISSED)
    trace("in/t/with blank.jsonl", "change-inside-the-handler")
    Path(".gitattributes").write_text("/in export-ignore\n")
    git("add", ".")
    git("commit", "-m", "one")
    trace("in/t/b.jsonl", "change-undone-later", edit=MISSED)
    trace("in/t/with blank.jsonl", "change-inside-the-handler", edit=MISSED)
    before = sorted(Path().rglob("*"))
    for names in (["in/t"], ["in/t/*.jsonl"], ["in/**/*.jsonl"], [os.path.abspath("in/t")], ["."]):
        report = told(negotiation, *names, "--against", "main")
        unchanged = {one["program"]: one["unchanged"] for one in report["findings"]}
        assert unchanged["first-change"] is True
        assert unchanged["change-undone-later"] is False
        assert unchanged["change-inside-the-handler"] is False
        assert (report["against"]["traces"], report["exit_code"]) == (2, 1)
    assert negotiation("check", "in/t/a.jsonl", "--against", "HEAD").code == 0
    os.chdir("in")
    assert negotiation("check", "t/a.jsonl", "../in/t/a.jsonl", "--against", "HEAD").code == 0
    os.chdir("..")
    assert sorted(Path().rglob("*")) == before
    assert subprocess.check_output(["git", "diff", "--cached"]) == b""


def test_a_revision_without_the_traces(negotiation: Run, trace: Write) -> None:
    git("init")
    git("commit", "--allow-empty", "-m", "one")
    trace("t/a.jsonl", edit=MISSED)
    ran = negotiation("check", "t", "--against", "main")
    assert ran.code == 1
    assert "there are no traces in it" in ran.out


def test_traces_that_could_not_be_read_there_are_told(negotiation: Run, trace: Write) -> None:
    git("init")
    Path(trace("t/a.jsonl", edit=MISSED)).write_text('{"kind":"header"}\n')
    git("add", ".")
    git("commit", "-m", "one")
    trace("t/a.jsonl", edit=MISSED)
    ran = negotiation("check", "t", "--against", "main")
    assert ran.code == 1
    assert "main:t/a.jsonl:1" in ran.out


def test_what_cannot_be_compared_is_told(negotiation: Run, trace: Write, tmp_path: Path) -> None:
    trace("t/a.jsonl")
    ran = negotiation("check", "t", "--against", "main")
    assert (ran.code, ran.out) == (2, "")
    assert "main: there is no such file, and t is in no git repository" in ran.err
    git("init")
    git("commit", "--allow-empty", "-m", "one")
    ran = negotiation("check", "t", "--against", "origin/main")
    assert ran.code == 2
    assert "neither a report nor a git revision that is here; fetch it" in ran.err
    for option in ("--output=x", "-x", "", "HEAD\0", "main\n"):
        ran = negotiation("check", "t", f"--against={option}")
        assert ran.code == 2
        assert len(ran.err.splitlines()) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == [".git", "t"]


def test_text_of_a_comparison(negotiation: Run, trace: Write, golden: Golden) -> None:
    trace("t/a.jsonl", edit=MISSED)
    trace("t/c.jsonl", "change-inside-the-handler", edit=MISSED)
    main = report_of(negotiation, "t")
    trace("t/c.jsonl", "change-inside-the-handler")
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    golden("check-against.txt", negotiation("check", "t", "--against", main).out)
