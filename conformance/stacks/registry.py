"""Which stacks there are: rows that say how to find, install, probe and drive each.

A stack is added by adding a row; nothing else knows any stack by name.
"""

from __future__ import annotations

import difflib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from ..traces.format import Stack

_VERSION = re.compile(r"\d+(?:\.\d+)+\w*")
_PROBE_SECONDS = 30


class UnknownStackError(LookupError):
    """No row of the registry has that name."""


class MissingStackError(LookupError):
    """A stack is in the registry but not on this machine; the message says how to get it."""


def version_told(command: tuple[str, ...]) -> str:
    """The version that `COMMAND --version` tells, "" if it tells none."""
    try:
        done = subprocess.run(
            [*command, "--version"],
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search(done.stdout)
    return found[0] if found else ""


def this_platform() -> str:
    """The operating system and processor, as traces name them: "linux x86_64"."""
    return f"{platform.system()} {platform.machine()}".lower()


def on_path(names: tuple[str, ...]) -> Path | None:
    """The first of the executables that is on the PATH."""
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path is not None), None)


def this_python_with(*modules: str) -> Callable[[tuple[str, ...]], Path | None]:
    """Finds this Python's own interpreter, if it has the modules."""

    def find(names: tuple[str, ...]) -> Path | None:
        there = all(importlib.util.find_spec(module) is not None for module in modules)
        return Path(sys.executable) if there else None

    return find


def python_adapter(module: str) -> Callable[[Path], tuple[str, ...]]:
    """How to run an adapter in `adapters/` with a Python interpreter."""
    start = Path(__file__).parent / "adapters" / "start.py"
    return lambda python: (str(python), str(start), module)


def itself(executable: Path) -> tuple[str, ...]:
    """The command that is the executable alone."""
    return (str(executable),)


class StackRow(msgspec.Struct, frozen=True):
    """A stack.

    It is looked for where the variable NEGOTIATION_<NAME> points, else where `find` looks for its
    `executables`: on the PATH under these names, in their order. `place` says what the variable
    has to name.

    A "browser" is started as its `family` says (`browsers.FAMILIES`). A "process" is started by
    `command`, and is an adapter that speaks the recorder protocol over standard input and output.

    `command` with `--version` after it tells the version. `profile` is the observability profile
    of what the recorder sees, `recorder` its name.
    """

    name: str
    title: str
    kind: Literal["browser", "process"]
    install: str
    family: str = ""
    executables: tuple[str, ...] = ()
    find: Callable[[tuple[str, ...]], Path | None] = on_path
    place: str = "its executable"
    command: Callable[[Path], tuple[str, ...]] = itself
    profile: str = "page"
    recorder: str = "page"

    @property
    def variable(self) -> str:
        """The environment variable that overrides where the stack is."""
        return "NEGOTIATION_" + re.sub(r"\W", "_", self.name).upper()

    def executable(self) -> Path | None:
        """Where the stack is on this machine, or None."""
        given = os.environ.get(self.variable)
        return on_path((given,)) if given else self.find(self.executables)

    def located(self) -> Path:
        """Where the stack is; a MissingStackError says how to get it."""
        path = self.executable()
        if path is None:
            raise MissingStackError(
                f"{self.title} is not here. Install it with `{self.install}`, "
                f"or set {self.variable} to the path of {self.place}."
            )
        return path

    def stack(self) -> Stack:
        """The stack as traces name it: this machine's version and platform."""
        version = version_told(self.command(self.located()))
        return Stack(self.name, version=version, platform=this_platform())


STACKS = (
    StackRow(
        name="chromium",
        title="Chromium",
        kind="browser",
        family="chromium",
        executables=("chromium", "chromium-browser", "google-chrome", "chrome"),
        install="apt-get install --no-install-recommends chromium",
    ),
    StackRow(
        name="firefox",
        title="Firefox",
        kind="browser",
        family="firefox",
        executables=("firefox-esr", "firefox"),
        install="apt-get install firefox-esr",
    ),
    StackRow(
        name="wrtc",
        title="libwebrtc from Python (wrtc)",
        kind="process",
        install="pip install wrtc",
        find=this_python_with("webrtc", "wrtc"),
        place="a Python interpreter that has it",
        command=python_adapter("asyncio_recorder.wrtc"),
        profile="asyncio",
        recorder="asyncio",
    ),
    StackRow(
        name="aiortc",
        title="aiortc",
        kind="process",
        install="pip install aiortc",
        find=this_python_with("aiortc"),
        place="a Python interpreter that has it",
        command=python_adapter("asyncio_recorder.aiortc"),
        profile="aiortc",
        recorder="asyncio",
    ),
)
"""All stacks that can be driven."""


def row(name: str) -> StackRow:
    """The row of that name; an UnknownStackError names those that there are."""
    names = [each.name for each in STACKS]
    if name in names:
        return STACKS[names.index(name)]
    close = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise UnknownStackError(f"there is no stack {name!r}: there are {', '.join(names)}.{hint}")


def available() -> tuple[StackRow, ...]:
    """The rows of the stacks that are on this machine."""
    return tuple(each for each in STACKS if each.executable() is not None)
