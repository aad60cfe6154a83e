"""Which stacks there are: rows that say how to find, install, probe and drive each.

A stack is added by adding a row; nothing else knows any stack by name.
"""

from __future__ import annotations

import difflib
import os
import platform
import re
import shutil
import subprocess
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


def version_option(executable: Path) -> str:
    """The version that `EXECUTABLE --version` tells, "" if it tells none."""
    try:
        done = subprocess.run(
            [executable, "--version"],
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


class StackRow(msgspec.Struct, frozen=True):
    """A stack. `family` says how it is started (`browsers.FAMILIES` for the kind "browser").

    It is looked for where the variable NEGOTIATION_<NAME> points, else on the PATH under the names
    of `executables`, in their order.
    """

    name: str
    title: str
    kind: Literal["browser"]
    family: str
    executables: tuple[str, ...]
    install: str
    probe: Callable[[Path], str] = version_option

    @property
    def variable(self) -> str:
        """The environment variable that overrides where the stack is."""
        return "NEGOTIATION_" + re.sub(r"\W", "_", self.name).upper()

    def executable(self) -> Path | None:
        """Where the stack is on this machine, or None."""
        given = os.environ.get(self.variable)
        names = (given,) if given else self.executables
        found = (shutil.which(name) for name in names)
        return next((Path(path) for path in found if path is not None), None)

    def located(self) -> Path:
        """Where the stack is; a MissingStackError says how to get it."""
        path = self.executable()
        if path is None:
            raise MissingStackError(
                f"{self.title} is not here. Install it with `{self.install}`, "
                f"or set {self.variable} to the path of its executable."
            )
        return path

    def stack(self) -> Stack:
        """The stack as traces name it: this machine's version and platform."""
        return Stack(self.name, version=self.probe(self.located()), platform=this_platform())


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
