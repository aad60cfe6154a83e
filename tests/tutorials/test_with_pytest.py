"""The tutorials for tests with pytest, followed with the stacks that they are about."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import sys
import tomllib
from pathlib import Path

import pytest
from playwright_pages import launch
from plugged import as_installed
from tutorials import ROOT, blocks_of, follow

FOLDER = ROOT / "docs" / "tutorials"
PAGES = ("aiortc", "playwright")

CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {launch}
"""
"""Which Chromium is here: the reader's is the one that Playwright has fetched."""


def commands_here(folder: Path) -> str:
    """A folder for PATH, in which `pytest` is this interpreter's."""
    folder.mkdir()
    command = folder / "pytest"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pytest "$@"\n')
    command.chmod(0o755)
    return str(folder)


def followed(name: str, tmp_path: Path) -> int:
    """Follows a tutorial in a fresh folder, but for what it installs."""
    here, installed = tmp_path / "reader", tmp_path / "installed"
    here.mkdir()
    paths = os.pathsep.join([str(ROOT / ".src"), as_installed(installed)])
    path = os.pathsep.join([commands_here(tmp_path / "bin"), os.environ["PATH"]])
    if name == "playwright":
        (here / "conftest.py").write_text(CONFTEST.format(launch=launch()))
    environment = {"PYTHONPATH": paths, "PATH": path, "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    return follow(FOLDER / f"{name}.md", here, environment, live=True)


@pytest.mark.live
@pytest.mark.parametrize("name", PAGES)
def test_a_tutorial_is_followed(name: str, tmp_path: Path) -> None:
    for needed in needed_by(name):
        try:
            importlib.metadata.version(needed)
        except importlib.metadata.PackageNotFoundError:
            pytest.skip(f"{needed} is not installed (pip install {needed})")
    assert followed(name, tmp_path) >= 4


def needed_by(name: str) -> list[str]:
    """The packages that a tutorial installs, apart from this one."""
    (setup,) = (one.text for one in blocks_of(FOLDER / f"{name}.md") if "setup" in one.words)
    (line,) = (one for one in setup.splitlines() if one.startswith("pip install "))
    given = [one.strip("'") for one in line.split()[2:]]
    extras = [one.partition("[")[2].rstrip("]") for one in given if "negotiation" in one]
    return [*extras, *(one for one in given if "negotiation" not in one)]


@pytest.mark.parametrize("name", PAGES)
def test_what_a_tutorial_installs_is_there_to_be_installed(name: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra, *others = needed_by(name)
    assert extra in extras["optional-dependencies"]
    assert others


@pytest.mark.parametrize("name", PAGES)
def test_its_files_are_python(name: str) -> None:
    files = [one for one in blocks_of(FOLDER / f"{name}.md") if one.language == "python"]
    assert len(files) >= 2
    for one in files:
        ast.parse(one.text)
        assert one.file is not None
