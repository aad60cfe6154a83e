"""The action for GitHub and the recipe for GitLab: held against the schemas, their steps run.

Neither was ever run by its runner. What can be known without one is tried here.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from recipes import (
    ACTION,
    GITLAB,
    ROOT,
    WORKFLOW,
    Ran,
    errors_in,
    install_this,
    read_yaml,
    run_gitlab,
    run_step,
    script_of_gitlab,
    steps_of_action,
)

from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import Edit, altered, dropped, unchanged
from negotiation.conformance.traces.writing import write_trace

MISSED = dropped(kind="event", name="negotiationneeded")

SCHEMAS = {ACTION: "github-actions", WORKFLOW: "github-workflows", GITLAB: "gitlab-ci"}


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_they_keep_to_the_schemas(file: Path) -> None:
    assert errors_in(read_yaml(file), SCHEMAS[file]) == []


def test_the_schemas_refuse_what_is_wrong() -> None:
    action, workflow, gitlab = (copy.deepcopy(read_yaml(file)) for file in SCHEMAS)
    action["runs"]["steps"][1].pop("shell")
    workflow["jobs"]["negotiation"].pop("runs-on")
    gitlab["negotiation"]["artifacts"]["when"] = "sometimes"
    for content, name in zip((action, workflow, gitlab), SCHEMAS.values(), strict=True):
        assert errors_in(content, name)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_they_say_that_they_were_not_run(file: Path) -> None:
    assert "# NOT RUN: " in file.read_text()


def scripts() -> list[str]:
    of_action = [one["run"] for one in steps_of_action() if "run" in one]
    return of_action + script_of_gitlab(read_yaml(GITLAB))


def test_no_script_has_a_value_in_it() -> None:
    # ${{ inputs.x }} and $[[ inputs.x ]] would be put in as text of the script.
    assert len(scripts()) == 4
    assert not [one for one in scripts() if "${{" in one or "$[[" in one]


def test_every_input_reaches_a_step() -> None:
    action = read_yaml(ACTION)
    text = ACTION.read_text()
    for name in action["inputs"]:
        assert f"${{{{ inputs.{name} }}}}" in text or f"inputs.{name} != ''" in text
    for name, told in action["outputs"].items():
        assert told["value"] == f"${{{{ steps.check.outputs.{name} }}}}"


def test_what_they_use_is_pinned() -> None:
    used = [one["uses"] for one in steps_of_action() if "uses" in one]
    used += [
        one["uses"] for one in read_yaml(WORKFLOW)["jobs"]["negotiation"]["steps"] if "uses" in one
    ]
    ours = "OWNER/negotiation/.ci/action@COMMIT"
    assert ours in used
    for one in used:
        assert one == ours or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-\w+", read_yaml(GITLAB)["negotiation"]["image"])


def test_the_constraints_pin_what_negotiation_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[^\w-]", one)[0] for one in project["dependencies"]}
    lines = (ACTION.parent / "constraints.txt").read_text().splitlines()
    pinned = {one.partition("==")[0] for one in lines if not one.startswith("#")}
    assert needed <= pinned
    assert all("==" in one for one in lines if not one.startswith("#"))


# Steps, run in a project that somebody might have.


def record(project: Path, name: str, program: str = "first-change", edit: Edit = unchanged) -> None:
    file = project / "recordings" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    ran = load(program)
    write_trace(file, edit(trace_of(ran, run_program(ran), profile="page", date="2026-01-01")))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """With modules at its top that are called as ours, or as Python's own, are."""
    folder = tmp_path / "a project"
    folder.mkdir()
    for name in ("json.py", "negotiation.py", "msgspec.py", "logging.py", "secrets.py"):
        (folder / name).write_text("raise SystemExit('the project was imported')\n")
    return folder


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    folder = tmp_path / "run ner"
    folder.mkdir()
    return folder


Check = Callable[..., Ran]


@pytest.fixture
def github(project: Path, runner: Path) -> Check:
    install_this(runner / "negotiation")
    return lambda **inputs: run_step("Check", project, runner, **{"traces": "recordings"} | inputs)


@pytest.fixture
def gitlab(project: Path, runner: Path) -> Check:
    install_this(runner / "negotiation")
    return partial(run_gitlab, project, runner)


@pytest.fixture(params=["github", "gitlab"])
def check(request: pytest.FixtureRequest) -> Check:
    chosen: Check = request.getfixturevalue(request.param)
    return chosen


def baseline(project: Path) -> None:
    command = ["-P", "-m", "negotiation.conformance.cli", "check", "recordings"]
    command += ["--baseline", "baseline.json", "--update-baseline"]
    environment = {"PYTHONPATH": str(ROOT / ".src")}
    subprocess.run(
        [sys.executable, *command], cwd=project, env=environment, check=True, capture_output=True
    )


def test_what_conforms_passes(check: Check, project: Path) -> None:
    record(project, "a.jsonl")
    ran = check()
    assert ran.code == 0, ran.out
    assert "Passed." in ran.out
    report = json.loads((project / "negotiation-reports" / "negotiation.json").read_text())
    assert report["passed"] is True


def test_a_finding_fails_unless_it_is_known(check: Check, project: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    assert check().code == 1
    baseline(project)
    assert check(baseline="baseline.json").code == 0
    record(project, "b.jsonl", "change-undone-later", edit=MISSED)
    ran = check(baseline="baseline.json")
    assert ran.code == 1
    assert "b.jsonl" in ran.out
    reports = project / "negotiation-reports"
    xml.etree.ElementTree.parse(reports / "negotiation.junit.xml")
    assert (reports / "negotiation.html").read_text().lower().startswith("<!doctype html>")


def test_exit_codes_are_passed_on(check: Check, project: Path) -> None:
    assert check().code == 2
    record(project, "a.jsonl")
    torn = project / "recordings" / "b.jsonl"
    torn.write_bytes((project / "recordings" / "a.jsonl").read_bytes() + b'{"kind":"mark"}\n')
    assert check().code == 3
    sideways = altered({"args": {"description": {"type": "sideways"}}}, kind="call")
    record(project, "b.jsonl", "two-tracks-in-one-offer", edit=sideways)
    assert check().code == 4
    assert check(allow_undecided="true").code == 0


def test_several_names_with_blanks_and_patterns(check: Check, project: Path) -> None:
    record(project, "with blank/a.jsonl")
    record(project, "b-1.jsonl", "change-undone-later")
    record(project, "c.jsonl", edit=MISSED)
    ran = check(traces="recordings/with blank\n\n  recordings/b-*.jsonl  \n")
    assert ran.code == 0, ran.out
    assert "2 traces of" in ran.out


def test_expectations_are_files_one_a_line(check: Check, project: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    row = {"id": "NN-MISSED", "program": "first-change", "reason": "known"}
    (project / "one.json").write_text("[]")
    (project / "the other.json").write_text(json.dumps([row]))
    assert check(expectations="one.json\nthe other.json\n").code == 0


def test_against_another_report(check: Check, project: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    assert check().code == 1
    (project / "negotiation-reports" / "negotiation.json").rename(project / "main.json")
    assert check(against="main.json").code == 0


HOSTILE = [
    '$(touch pwned)`touch pwned`; touch pwned; "; touch pwned; \'; touch pwned; "; touch pwned; ',
    "x\ntouch pwned",
    "--output=pwned",
    "END\ntouch pwned\n",
    "*",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_is_run(value: str, check: Check, project: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    before = {one for one in project.rglob("*") if "negotiation-reports" not in one.parts}
    for names in (("traces",), ("traces", "baseline", "expectations", "against")):
        ran = check(**dict.fromkeys(names, value))
        after = {one for one in project.rglob("*") if "negotiation-reports" not in one.parts}
        assert after == before
        assert ran.code in ((1, 2) if names == ("traces",) and value == "*" else (2,)), ran.out


def test_outputs_of_the_action(github: Check, project: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    ran = github()
    assert ran.outputs == {
        "verdict": "violates",
        "exit-code": "1",
        "json": "negotiation-reports/negotiation.json",
        "junit": "negotiation-reports/negotiation.junit.xml",
        "sarif": "negotiation-reports/negotiation.sarif",
        "html": "negotiation-reports/negotiation.html",
    }
    for name in ("json", "junit", "sarif", "html"):
        assert (project / ran.outputs[name]).stat().st_size > 0
    assert "::error" in ran.out
    assert "NN-MISSED" in ran.summary


def test_what_is_known_is_no_alert(github: Check, project: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    baseline(project)
    record(project, "b.jsonl", "change-undone-later", edit=MISSED)
    sarif = json.loads((project / github(baseline="baseline.json").outputs["sarif"]).read_text())
    alerts = [one for run in sarif["runs"] for one in run["results"] if one["level"] == "error"]
    files = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in alerts]
    assert files == ["recordings/b.jsonl"]
    assert not any(one.get("suppressions") for run in sarif["runs"] for one in run["results"])


def test_the_action_need_not_fail_nor_annotate(github: Check, project: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    ran = github(fail="false", annotations="false", formats="", reports="out put")
    assert (ran.code, ran.outputs["exit-code"]) == (0, "1")
    assert "::error" not in ran.out
    assert ran.summary == ""
    assert [one.name for one in (project / "out put").iterdir()] == ["negotiation.json"]


def test_where_nothing_could_be_judged_there_is_no_verdict(github: Check, project: Path) -> None:
    ran = github(traces="nothing")
    assert (ran.code, ran.outputs["exit-code"]) == (2, "2")
    assert "verdict" not in ran.outputs
    assert "nothing" in ran.out


@pytest.mark.parametrize("formats", ["pdf", "junit *", "junit;sarif", "--help"])
def test_unknown_formats_are_refused(formats: str, github: Check, project: Path) -> None:
    record(project, "a.jsonl")
    ran = github(formats=formats)
    assert ran.code == 2
    assert "only junit, sarif, html and markdown can be written" in ran.out


def test_no_recording_commands_the_runner(github: Check, project: Path) -> None:
    hostile: dict[str, Any] = {"program": "::error::x\n::add-mask::a\n##[error]y %0A::error::z"}
    record(project, "a.jsonl", edit=lambda lines: altered(hostile, kind="header")(MISSED(lines)))
    ran = github()
    assert ran.code == 1
    lines = ran.out.splitlines()
    begin = next(n for n, line in enumerate(lines) if line.startswith("::stop-commands::"))
    token = lines[begin].removeprefix("::stop-commands::")
    end = lines.index(f"::{token}::")
    assert len(token) == 32
    outside = [*lines[:begin], *lines[end + 1 :]]
    commands = [line for line in outside if line.lstrip().startswith("::") or "##[" in line]
    assert commands
    assert all(re.match(r"::(error|warning|notice) (file|title)=", one) for one in commands)


@pytest.mark.live
@pytest.mark.parametrize("version", ["", str(ROOT)])
def test_the_action_installs_its_own_commit_or_another(
    version: str, project: Path, runner: Path
) -> None:
    installed = run_step("Install negotiation", project, runner, version=version)
    assert installed.code == 0, installed.out
    assert re.search(r"negotiation \d", installed.out)
    record(project, "a.jsonl", edit=MISSED)
    ran = run_step("Check", project, runner, traces="recordings")
    assert (ran.code, ran.outputs["verdict"]) == (1, "violates"), ran.out
    (command,) = (Path(one) for one in installed.path.splitlines())
    assert [one.name for one in command.iterdir()] == ["negotiation"]
    subprocess.run([command / "negotiation", "--version"], cwd=project, check=True)


@pytest.mark.live
def test_the_recipe_installs_what_it_is_told(project: Path, runner: Path) -> None:
    record(project, "a.jsonl", edit=MISSED)
    ran = run_gitlab(project, runner, installs=True, install=str(ROOT))
    assert ran.code == 1, ran.out
    assert "1 unexpected finding" in ran.out


def test_the_recipe_says_that_it_must_be_told_what_to_install(project: Path, runner: Path) -> None:
    ran = run_gitlab(project, runner, installs=True)
    assert ran.code == 2
    assert "NEGOTIATION_INSTALL is not set" in ran.out
