"""Python packages: each script is imported in a process of its own, by this Python or another."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from .fetched import release
from .results import HERE, TRACES, Result, Stack, StackError, result_of


def run_python(python: str, home: Path, slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts in this folder, with this Python."""
    for slug in slugs:
        yield result_of(slug, [python, str(HERE / "run.py"), "--child", str(home / f"{slug}.py")])


def run_child(path: Path) -> None:
    """Runs one Python script here and prints what it told."""
    sys.path.insert(0, str(path.parent))
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("script", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    seen = script.seen()
    if inspect.iscoroutine(seen):
        seen = asyncio.run(seen)
    print("\nRESULT", json.dumps([script.SPECIFIED, seen]), flush=True)
    os._exit(0)


def run_wrtc(slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts with the package wrtc."""
    return run_python(sys.executable, HERE, slugs)


def wrtc(asked: str) -> Stack:
    """The package that this Python has."""
    if asked:
        raise StackError("run it with the Python that has this version, and name no version")
    if importlib.util.find_spec("webrtc") is None:
        raise StackError(
            f"`import webrtc` fails in {sys.executable}; install it there with "
            "`python -m pip install wrtc` (a virtual environment is best), and use that Python"
        )
    from importlib.metadata import version

    return Stack("py", version("wrtc"), run_wrtc)


WEBRTCBIN = TRACES / "webrtcbin" / "confirmations"
WEBRTCBIN_VERSION = """
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
Gst.init(None)
print(Gst.ElementFactory.find("webrtcbin").get_plugin().get_version())
"""


def run_webrtcbin(slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts with the Python that has GStreamer."""
    return run_python(python_with_gi(), WEBRTCBIN, slugs)


def python_with_gi() -> str:
    """The interpreter that NEGOTIATION_WEBRTCBIN names, else this one or the system's."""
    given = os.environ.get("NEGOTIATION_WEBRTCBIN")
    for python in [given] if given else [sys.executable, "/usr/bin/python3"]:
        with contextlib.suppress(OSError):
            if not subprocess.run([python, "-c", "import gi"], capture_output=True).returncode:
                return python
    raise StackError("no Python here has `gi` (python3-gi); NEGOTIATION_WEBRTCBIN may name one")


def webrtcbin(asked: str) -> Stack:
    """The element of this machine's GStreamer."""
    if asked:
        raise StackError("there is one GStreamer on a machine; name no version")
    command = [python_with_gi(), "-c", WEBRTCBIN_VERSION]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode:
        raise StackError("GStreamer has no webrtcbin here (gstreamer1.0-plugins-bad)")
    return Stack("py", said.stdout.strip(), run_webrtcbin, WEBRTCBIN)


AIORTC = TRACES / "aiortc" / "confirmations"


def aiortc(asked: str) -> Stack:
    """The Python that NEGOTIATION_AIORTC names, this one, or a release that was fetched."""
    python = os.environ.get("NEGOTIATION_AIORTC") or sys.executable
    if asked or (python == sys.executable and importlib.util.find_spec("aiortc") is None):
        _, folder, record = release("aiortc", asked)
        python = str(folder / record["executable"])
    told = "import aiortc, importlib.metadata as known; print(known.version('aiortc'))"
    said = subprocess.run([python, "-c", told], capture_output=True, text=True, check=False)
    if said.returncode:
        raise StackError(f"`import aiortc` fails in {python} (`python -m pip install aiortc`)")
    return Stack("py", said.stdout.strip(), partial(run_python, python, AIORTC), AIORTC)
