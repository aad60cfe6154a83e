"""Node packages: each script is imported in a process of its own, by `node.mjs`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from .fetched import release
from .results import HERE, TRACES, Result, Stack, StackError, result_of


def run_node(package: str, folder: Path, home: Path, slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts in this folder, with the package that is installed in another."""
    for slug in slugs:
        command = ["node", str(HERE / "node.mjs"), package, str(folder), str(home / f"{slug}.mjs")]
        yield result_of(slug, command)


def node_package(name: str, package: str, asked: str) -> Stack:
    """The package in the folder that a variable names, in this one, or a release of it."""
    variable = "NEGOTIATION_" + re.sub(r"\W", "_", name).upper()
    folder = Path(os.environ.get(variable) or ".")
    if asked or (variable not in os.environ and not (folder / "node_modules" / package).exists()):
        folder = release(name, asked)[1]
    manifest = folder / "node_modules" / package / "package.json"
    if not manifest.is_file():
        raise StackError(f"there is no {manifest}; npm install {package}, or set {variable}")
    version = json.loads(manifest.read_text("utf-8"))["version"]
    home = TRACES / name / "confirmations"
    return Stack("mjs", version, partial(run_node, package, folder, home), home)
