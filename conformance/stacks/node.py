"""Stacks in Node: where a package is, and how the recorder is started with it.

A stack's place is the folder in whose `node_modules` its package is installed; Node itself is the
`node` on the PATH, or the one that NEGOTIATION_NODE names.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

OLDEST_NODE = 20
VARIABLE = "NEGOTIATION_NODE"
NEEDED = f"It needs Node {OLDEST_NODE} or newer on the PATH (or {VARIABLE} set to its executable)."
_START = Path(__file__).parent / "adapters" / "node_recorder" / "start.js"
_PROBE_SECONDS = 30


def node() -> Path | None:
    """Node's executable, if there is one that is new enough."""
    found = shutil.which(os.environ.get(VARIABLE) or "node")
    return Path(found) if found and _major(found) >= OLDEST_NODE else None


@functools.cache
def _major(executable: str) -> int:
    """The major version that `node --version` tells, as in v20.11.1; 0 if it tells none."""
    try:
        done = subprocess.run(
            [executable, "--version"],
            capture_output=True,
            check=False,
            text=True,
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found[1]) if found else 0


def folder_with(package: str) -> Callable[[str], Path | None]:
    """Takes the name of a folder: gives the folder, if the package and Node are there."""

    def named(folder: str) -> Path | None:
        manifest = Path(folder, "node_modules", package, "package.json")
        there = manifest.is_file() and node() is not None
        return Path(folder).absolute() if there else None

    return named


def in_this_folder(package: str) -> Callable[[tuple[str, ...]], Path | None]:
    """Finds the package where the command was started, as Node does for a script there."""
    return lambda names: folder_with(package)(".")


def node_adapter(module: str) -> Callable[[Path], tuple[str, ...]]:
    """How to run a module of `adapters/node_recorder` with the stack in a folder."""

    def command(folder: Path) -> tuple[str, ...]:
        # Without collected garbage, connections of earlier programs would still be there.
        return (str(node() or "node"), "--expose-gc", str(_START), module, str(folder))

    return command
