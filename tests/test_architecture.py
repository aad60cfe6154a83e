"""The layers, the sizes and the lists that have to agree with the tree."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {"negotiation.model": ROOT / "model", "negotiation.conformance": ROOT / "conformance"}
LAYERS = [
    "model",
    "mutations",
    "traces",
    "importing",
    "redacting",
    "programs",
    "checking",
    "stacks",
    "shim",
    "coverage",
    "fuzzing",
    "reproducing",
    "reports",
    "terminal",
    "cli",
    "plugin",
]
"""Lowest first; a module imports its own layer and those below it."""

BESIDE = {("plugin", "cli")}
"""Layers that stand beside each other at the top: neither imports the other."""

LONGEST_FUNCTION = 60
LONGEST_FILE = 500
VAGUE = {"utils", "util", "helpers", "common", "base", "misc"}


def modules() -> Iterator[tuple[str, Path]]:
    for package, folder in FOLDERS.items():
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            yield ".".join([package, *parts]).removesuffix(".__init__"), path


MODULES = dict(modules())


def imported(name: str, path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            module = ".".join([*base, node.module or ""]) if node.level else node.module or ""
            yield from (f"{module}.{alias.name}".replace("..", ".") for alias in node.names)


def layer(name: str) -> int | None:
    """The layer of a module; None: outside of all (errors), or none of ours."""
    if name.startswith("negotiation.model"):
        return 0
    part = name.removeprefix("negotiation.conformance.").split(".")[0]
    return LAYERS.index(part) if name.startswith("negotiation.conf") and part in LAYERS else None


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    own = layer(name)
    if own is None:
        return
    for target in imported(name, MODULES[name]):
        other = layer(target)
        assert other is None or other <= own, f"{name} imports {target}"
        assert other is None or (LAYERS[own], LAYERS[other]) not in BESIDE, f"{name}: {target}"


def test_the_model_is_pure() -> None:
    impure = {"os", "io", "time", "random", "threading", "asyncio", "socket", "subprocess"}
    for name, path in MODULES.items():
        if name.startswith("negotiation.model"):
            assert not impure & {one.split(".")[0] for one in imported(name, path)}, name


def test_every_package_is_listed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = set(project["tool"]["setuptools"]["packages"])
    there = {name for name, path in MODULES.items() if path.stem == "__init__"}
    assert listed == there


@pytest.mark.parametrize("name", MODULES)
def test_sizes(name: str) -> None:
    path = MODULES[name]
    assert path.stem not in VAGUE
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE, "split it by what is in the room"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            assert size <= LONGEST_FUNCTION, f"{node.name} has {size} lines"


def test_functions_are_small() -> None:
    sizes = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for path in MODULES.values()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert sizes[len(sizes) // 2] <= 9
    assert sizes[len(sizes) * 95 // 100] <= 45


def test_what_the_garbage_collector_leaves_alone_is_frozen() -> None:
    """What can be changed can be put in a circle, which then would never be freed."""
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                said = {one.arg: ast.unparse(one.value) for one in node.keywords}
                assert said.get("gc") != "False" or said.get("frozen") == "True", (name, node.name)
