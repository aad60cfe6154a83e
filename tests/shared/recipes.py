"""The recipes for GitHub and GitLab, and their shell steps run as the runners would run them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft7Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import SequenceNode

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".ci" / "action" / "action.yml"
WORKFLOW = ROOT / ".ci" / "action" / "workflow.yml"
GITLAB = ROOT / ".ci" / "gitlab" / "negotiation.yml"

_INPUT = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")
_ACTION_PATH = "${{ github.action_path }}"

FILES = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")
"""The files by which steps tell GitHub's runner something."""

MACHINE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
"""Of this environment, what a runner has, too."""


class Reference(list[str]):
    """GitLab's `!reference [JOB, KEYWORD]`."""


def _reference(constructor: SafeConstructor, node: SequenceNode) -> Reference:
    return Reference(constructor.construct_sequence(node))


def read_yaml(file: Path) -> dict[str, Any]:
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("!reference", _reference)
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"))
    return content


def schema(name: str) -> dict[str, Any]:
    """A schema that check-jsonschema brings along."""
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json"
    told: dict[str, Any] = json.loads(vendored.read_text(encoding="utf-8"))
    return told


def errors_in(content: Any, name: str) -> list[str]:
    """What the schema says against the content."""
    return [one.message for one in Draft7Validator(schema(name)).iter_errors(content)]


def steps_of_action() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = read_yaml(ACTION)["runs"]["steps"]
    return steps


class Ran(NamedTuple):
    """What a step returned, wrote, and told the runner."""

    code: int
    out: str
    outputs: dict[str, str]
    summary: str
    path: str


def install_this(place: Path) -> None:
    """A `negotiation` and a `python` in place/bin, which run this project's code as it is."""
    (place / "bin").mkdir(parents=True)
    python = f"PYTHONPATH={shlex.quote(str(ROOT / '.src'))} exec {shlex.quote(sys.executable)} -P"
    for name, command in (
        ("python", python),
        ("negotiation", f"{python} -m negotiation.conformance.cli"),
    ):
        file = place / "bin" / name
        file.write_text(f'#!/bin/sh\n{command} "$@"\n')
        file.chmod(0o755)


def _run(command: list[str], project: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
        text=True,
        errors="replace",
    )
    return done.returncode, done.stdout


def run_step(name: str, project: Path, runner: Path, **inputs: str) -> Ran:
    """Runs a step of the action in the project; `runner` is a folder for what the runner has."""
    step = next(one for one in steps_of_action() if one["name"] == name)
    given = {one: told.get("default", "") for one, told in read_yaml(ACTION)["inputs"].items()}
    given |= {one.replace("_", "-"): value for one, value in inputs.items()}
    environment = {
        variable: _INPUT.sub(lambda match: given[match[1]], expression).replace(
            _ACTION_PATH, str(ACTION.parent)
        )
        for variable, expression in step["env"].items()
    }
    told = {one: runner / one.lower() for one in FILES}
    for file in told.values():
        file.write_text("")
    script = runner / "step.sh"
    script.write_text(step["run"])
    of_the_runner = {one: str(file) for one, file in told.items()}
    of_the_runner |= {"RUNNER_TEMP": str(runner), "GITHUB_ACTIONS": "true", "CI": "true"}
    bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    code, out = _run(bash, project, MACHINE | of_the_runner | environment)
    lines = told["GITHUB_OUTPUT"].read_text().splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    summary, path = (told[one].read_text() for one in ("GITHUB_STEP_SUMMARY", "GITHUB_PATH"))
    return Ran(code, out, outputs, summary, path)


def script_of_gitlab(content: dict[str, Any], job: str = "negotiation") -> list[str]:
    """The lines of a job's script, its references followed."""
    lines: list[str] = []
    for line in content[job]["script"]:
        is_reference = isinstance(line, Reference)
        lines += script_of_gitlab(content, line[0]) if is_reference else [line]
    return lines


def run_gitlab(project: Path, builds: Path, *, installs: bool = False, **variables: str) -> Ran:
    """Runs the job's script in the project; unless it `installs`, without its first step."""
    content = read_yaml(GITLAB)
    lines = script_of_gitlab(content)
    if not installs:
        command = shlex.quote(str(builds / "negotiation" / "bin"))
        lines = [f'PATH={command}:"$PATH"', *lines[1:]]
    given = {one: str(told) for one, told in content["negotiation"]["variables"].items()}
    given |= {f"NEGOTIATION_{one.upper()}": value for one, value in variables.items()}
    given |= {"CI": "true", "GITLAB_CI": "true", "CI_JOB_ID": "7", "CI_BUILDS_DIR": str(builds)}
    # So does GitLab's runner (by this flag): one shell for all lines, which reads nothing.
    assert given["FF_USE_NEW_BASH_EVAL_STRATEGY"] == "true"
    script = shlex.quote("\n".join(lines))
    bash = ["bash", "-c", f"set -eo pipefail\nset +o noclobber\n: | (eval {script})"]
    code, out = _run(bash, project, MACHINE | given)
    return Ran(code, out, {}, "", "")
