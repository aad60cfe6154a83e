"""Which stacks there are: rows that say how to find, install, probe and drive each.

A stack is added by adding a row; nothing else knows any stack by name.
"""

from __future__ import annotations

import difflib
import functools
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
from msgspec.structs import replace

from ..traces.format import Stack
from ..traces.version_numbers import begins_with
from .installed import Installed, installed
from .node import NEEDED, folder_with, in_this_folder, node_adapter
from .releases import parted, releases_of

_VERSION = re.compile(r"\d+(?:\.\d+)+\w*")
_PROBE_SECONDS = 30
LOOPBACK = "127.0.0.1"
"""Where pages come from unless somebody asks for another address."""
_PRODUCTS = ("Firefox", "FxiOS", "Edg", "OPR", "CriOS", "HeadlessChrome", "Chrome", "Version")
"""What names a browser's version in its user agent; those that pretend to be others come first."""


_HAS_WEBRTCBIN = """
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC
Gst.init(None)
assert all(map(Gst.ElementFactory.find, ("webrtcbin", "nicesrc", "rtpbin", "dtlsenc", "sctpenc")))
"""


class UnknownStackError(LookupError):
    """No row of the registry has that name."""


class MissingStackError(LookupError):
    """A stack, or this version, is not on this machine; the message says how to get it."""


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


def version_in(agent: str) -> str:
    """The version that a user agent names: of a browser, or of whatever else it is."""
    for product in _PRODUCTS:
        found = re.search(rf"\b{product}/(\d[\w.]*)", agent)
        if found:
            return found[1]
    other = None if agent.startswith("Mozilla/") else _VERSION.search(agent)
    return other[0] if other else ""


def this_platform() -> str:
    """The operating system and processor, as traces name them: "linux x86_64"."""
    return f"{platform.system()} {platform.machine()}".lower()


def on_path(names: tuple[str, ...]) -> Path | None:
    """The first of the executables that is on the PATH."""
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path is not None), None)


def executable_named(name: str) -> Path | None:
    """The executable of that name on the PATH, or at that path."""
    return on_path((name,))


def this_python_with(*modules: str) -> Callable[[tuple[str, ...]], Path | None]:
    """Finds this Python's own interpreter, if it has the modules."""

    def find(names: tuple[str, ...]) -> Path | None:
        there = all(importlib.util.find_spec(module) is not None for module in modules)
        return Path(sys.executable) if there else None

    return find


def python_that_runs(script: str) -> Callable[[tuple[str, ...]], Path | None]:
    """Finds the first of some Python interpreters that runs this script without an error."""

    def find(names: tuple[str, ...]) -> Path | None:
        paths = (on_path((name,)) for name in names)
        return next((path for path in paths if path is not None and _runs(path, script)), None)

    return find


@functools.cache
def _runs(python: Path, script: str) -> bool:
    # Without the environment of this Python, which another one would take for its own.
    told = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(
            [python, "-c", script], capture_output=True, timeout=_PROBE_SECONDS, env=told
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def python_adapter(module: str) -> Callable[[Path], tuple[str, ...]]:
    """How to run an adapter in `adapters/` with a Python interpreter."""
    start = Path(__file__).parent / "adapters" / "start.py"
    return lambda python: (str(python), str(start), module)


def go_with(package: str) -> Callable[[tuple[str, ...]], Path | None]:
    """Finds the Go compiler, if the system's packages have this one as source (Debian's place)."""

    def find(names: tuple[str, ...]) -> Path | None:
        there = (Path("/usr/share/gocode/src") / package).is_dir()
        return on_path(names) if there else None

    return find


def built_by_go(module: str) -> Callable[[Path], tuple[str, ...]]:
    """How to run an adapter that is built first, or that is there: what is not `go` is one."""

    def command(executable: Path) -> tuple[str, ...]:
        if executable.name != "go":
            return (str(executable),)
        return (*python_adapter(module)(Path(sys.executable)), str(executable))

    return command


def itself(executable: Path) -> tuple[str, ...]:
    """The command that is the executable alone."""
    return (str(executable),)


class StackRow(msgspec.Struct, frozen=True):
    """A stack.

    It is looked for where the variable NEGOTIATION_<NAME> points, else where `find` looks for its
    `executables`: on the PATH under these names, in their order; else it is the newest release in
    the cache (`installed`). `place` says what the variable has to name, `named` finds that, and
    `needs` says in a sentence what else has to be here. A row with a `release` is about that one
    alone: a version that was asked for is never another one.

    A "browser" is started as its `family` says (`browsers.FAMILIES`). A "process" is started by
    `command`, and is an adapter that speaks the recorder protocol over standard input and output.

    It runs `at` that directory, in an empty one of its own where there is none. A "page" is opened
    by somebody, in any browser that reaches the address to `listen` on, HOST:PORT.

    `command` with `--version` after it tells the version. `profile` is the observability profile
    of what the recorder sees, `recorder` its name.
    """

    name: str
    title: str
    kind: Literal["browser", "process", "page"]
    install: str
    family: str = ""
    executables: tuple[str, ...] = ()
    find: Callable[[tuple[str, ...]], Path | None] = on_path
    named: Callable[[str], Path | None] = executable_named
    place: str = "its executable"
    needs: str = ""
    command: Callable[[Path], tuple[str, ...]] = itself
    profile: str = "page"
    recorder: str = "page"
    at: str | None = None
    listen: str = ""
    release: Installed | None = None

    @property
    def variable(self) -> str:
        """The environment variable that overrides where the stack is."""
        return "NEGOTIATION_" + re.sub(r"\W", "_", self.name).upper()

    def executable(self) -> Path | None:
        """Where the stack is on this machine, or None."""
        found, release = self._found()
        return found if release is None else release.path

    def located(self) -> Path:
        """Where the stack is; a MissingStackError says how to get it."""
        path = self.executable()
        if path is None:
            raise MissingStackError(
                f"{self.title} is not here. Install it with `{self.install}`, "
                f"or set {self.variable} to the path of {self.place}. {self.needs}".rstrip()
            )
        return path

    def stack(self) -> Stack:
        """The stack as traces name it: this machine's version and platform, if it is here."""
        if self.kind == "page":
            return Stack(self.name)
        _, release = self._found()
        if release is not None:
            platform = f"{this_platform()}, {release.origin}"
            return Stack(self.name, version=release.version, platform=platform)
        version = version_told(self.command(self.located()))
        return Stack(self.name, version=version, platform=this_platform())

    def _found(self) -> tuple[Path | None, Installed | None]:
        """The stack outside the cache, or else its release in the cache."""
        if self.release is not None:
            return None, self.release
        given = os.environ.get(self.variable)
        found = self.named(given) if given else self.find(self.executables)
        here = () if found or given else installed(self.name)
        return found, here[0] if here else None


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
        name="qtwebengine",
        title="Qt WebEngine (PySide6)",
        kind="browser",
        family="qtwebengine",
        install="negotiation stacks install qtwebengine",
        find=this_python_with("PySide6"),
        place="a Python interpreter that has it",
        command=python_adapter("qtwebengine.show"),
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
    StackRow(
        name="werift",
        title="werift (Node)",
        kind="process",
        install="npm install werift",
        find=in_this_folder("werift"),
        named=folder_with("werift"),
        place="a folder with node_modules/werift",
        needs=NEEDED,
        command=node_adapter("werift"),
        recorder="node",
    ),
    StackRow(
        name="libdatachannel",
        title="libdatachannel (Node)",
        kind="process",
        install="npm install node-datachannel",
        find=in_this_folder("node-datachannel"),
        named=folder_with("node-datachannel"),
        place="a folder with node_modules/node-datachannel",
        needs=NEEDED,
        command=node_adapter("libdatachannel"),
        profile="late-callbacks",
        recorder="node",
    ),
    StackRow(
        name="roamhq-wrtc",
        title="libwebrtc from Node (@roamhq/wrtc)",
        kind="process",
        install="npm install @roamhq/wrtc",
        find=in_this_folder("@roamhq/wrtc"),
        named=folder_with("@roamhq/wrtc"),
        place="a folder with node_modules/@roamhq/wrtc",
        needs=NEEDED,
        command=node_adapter("roamhq_wrtc"),
        recorder="node",
    ),
    StackRow(
        name="webrtcbin",
        title="GStreamer's webrtcbin",
        kind="process",
        install="apt-get install gstreamer1.0-plugins-bad gstreamer1.0-plugins-good "
        "gstreamer1.0-nice gir1.2-gst-plugins-bad-1.0 gir1.2-gst-plugins-base-1.0 python3-gi "
        "python3-gst-1.0",
        executables=(sys.executable, "/usr/bin/python3", "python3"),
        find=python_that_runs(_HAS_WEBRTCBIN),
        place="a Python interpreter that has `gi`",
        command=python_adapter("glib_recorder.webrtcbin"),
        profile="own-thread",
        recorder="glib",
    ),
    StackRow(
        name="pion",
        title="Pion",
        kind="process",
        install="apt-get install --no-install-recommends golang-go "
        "golang-github-pion-webrtc.v3-dev",
        executables=("go",),
        find=go_with("github.com/pion/webrtc"),
        place="a recorder for it that is built already",
        command=built_by_go("pion_recorder.building"),
        profile="goroutines",
        recorder="pion",
    ),
)
"""All stacks that can be driven."""


def page_row(name: str, listen: str) -> StackRow:
    """A page that somebody opens: `name` for traces, and where to listen, HOST:PORT."""
    return StackRow(
        name=name,
        title=f"the page of {name}",
        kind="page",
        install="open the page's address in a browser",
        find=lambda names: Path(),
        listen=listen,
    )


def adapter_row(name: str, command: tuple[str, ...], profile: str) -> StackRow:
    """An adapter that is no row of the registry: `command` starts it, in this directory."""
    first, *rest = command
    return StackRow(
        name=name,
        title=f"{name} ({first})",
        kind="process",
        install=f"make {first} a program that can be run",
        executables=(first,),
        command=lambda executable: (str(executable), *rest),
        profile=profile,
        recorder=name,
        at=os.curdir,
    )


def row(name: str) -> StackRow:
    """The row of that name: "chromium", or of a version in the cache: "chromium@131".

    A version stands for the newest release that begins with its numbers.

    Raises:
        UnknownStackError: there is none; the message names those that there are.
        MissingStackError: no such version is in the cache; the message says how to get it.
    """
    stack, version = parted(name)
    names = [each.name for each in STACKS]
    if stack not in names:
        close = difflib.get_close_matches(stack, names, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise UnknownStackError(f"there is no stack {stack!r}: there are {', '.join(names)}.{hint}")
    found = STACKS[names.index(stack)]
    return replace(found, release=_release(stack, version)) if "@" in name else found


def _release(stack: str, version: str) -> Installed:
    here = installed(stack, version)
    if here:
        return here[0]
    fits = (each.name for each in releases_of(stack) if begins_with(each.version, version))
    known = next(fits, None)
    if known is not None:
        raise MissingStackError(
            f"{stack} {version} is not here. Install it with `negotiation stacks install {known}`."
        )
    there = [f"{stack}@{each.version}" for each in installed(stack)]
    there += [each.name for each in releases_of(stack)]
    told = f"There are {', '.join(there)}." if there else "It has no releases to install."
    raise MissingStackError(f"there is no {stack}@{version}. {told}")


def available() -> tuple[StackRow, ...]:
    """The rows of the stacks that are on this machine."""
    return tuple(each for each in STACKS if each.executable() is not None)
