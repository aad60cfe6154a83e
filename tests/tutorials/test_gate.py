"""The tutorials of the gate: followed in an empty folder, with an environment that they make."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from recipes import GITLAB, WORKFLOW, errors_in, read_yaml
from tutorials import ROOT, blocks_of, follow

FOLDER = ROOT / "docs" / "tutorials"
PAGES = ("gate", "node-stack")

WHO = {
    f"GIT_{role}_{what}": told
    for role in ("AUTHOR", "COMMITTER")
    for what, told in (("NAME", "reader"), ("EMAIL", "reader@example.org"))
}
READER = {**WHO, "NEGOTIATION": str(ROOT), "GIT_CONFIG_GLOBAL": os.devnull}


def files_of(name: str) -> dict[str, str]:
    return {one.file: one.text for one in blocks_of(FOLDER / f"{name}.md") if one.file is not None}


def test_the_tutorial_of_the_gate_is_followed(tmp_path: Path) -> None:
    assert follow(FOLDER / "gate.md", tmp_path, READER) >= 18


@pytest.mark.live
@pytest.mark.parametrize("name", PAGES)
def test_a_tutorial_is_followed_with_all_that_it_installs(name: str, tmp_path: Path) -> None:
    if name == "node-stack" and shutil.which("npm") is None:
        pytest.skip("there is no npm")
    installed = {"PATH": f"{tmp_path}/.venv/bin:{os.environ['PATH']}", "PYTHONPATH": ""}
    assert follow(FOLDER / f"{name}.md", tmp_path, READER | installed, live=True, tool="") >= 18
    assert (tmp_path / ".venv" / "bin" / "negotiation").exists()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("file", "schema"),
    [(".github/workflows/negotiation.yml", "github-workflows"), (".gitlab-ci.yml", "gitlab-ci")],
)
def test_what_a_tutorial_writes_keeps_to_the_schemas(
    name: str, file: str, schema: str, tmp_path: Path
) -> None:
    written = tmp_path / "written.yml"
    written.write_text(files_of(name)[file])
    assert errors_in(read_yaml(written), schema) == []


@pytest.mark.parametrize("name", PAGES)
def test_what_a_tutorial_says_of_the_recipes_is_so(name: str, tmp_path: Path) -> None:
    written = tmp_path / "written.yml"
    written.write_text(files_of(name)[".gitlab-ci.yml"])
    recipe, job = read_yaml(GITLAB), read_yaml(written)["negotiation"]
    assert job["variables"].keys() <= recipe["negotiation"]["variables"].keys()
    for reference in job.get("script", ()):
        assert isinstance(reference, str) or reference[1] in recipe[reference[0]]
    pins = {one.split()[-3] for one in WORKFLOW.read_text().splitlines() if " # v" in one}
    for line in files_of(name)[".github/workflows/negotiation.yml"].splitlines():
        if " # v" in line and "setup-node" not in line:
            assert line.split()[-3] in pins
