"""Whether what was fetched starts here, and which version it tells of itself."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from .registry import row, version_told
from .releases import Release

_SECONDS = 30
_CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
)
_LISTENING = re.compile(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/")


class StartError(Exception):
    """What was fetched does not start here; the message says what it lacks, if that is known."""


def version_of(release: Release, folder: Path) -> str:
    """The version that a release in this folder tells of itself.

    Raises:
        StartError: it does not start.
    """
    stack = row(release.stack)
    path = folder / release.executable
    asked = _ASKED.get(stack.family)
    if asked is not None:
        return asked(path)
    version = version_told(stack.command(path))
    if not version:
        raise StartError(f"{release.name} does not tell its version: {_lacks(path) or 'no reason'}")
    return version


def _chromium(path: Path) -> str:
    """Older builds of headless_shell know no --version: the debugging port tells it."""
    with _debugged(path) as port:
        address = f"http://127.0.0.1:{port}/json/version"
        # Not through a proxy, whatever the environment says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=_SECONDS) as answer:
            told = str(json.load(answer).get("Browser", ""))
    return told.partition("/")[2]


@contextlib.contextmanager
def _debugged(path: Path) -> Iterator[int]:
    """The debugging port of a browser that runs in this context."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        log = Path(home) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [path, *_CHROMIUM, f"--user-data-dir={home}/profile", "about:blank"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "HOME": home},
                start_new_session=True,
            )
        try:
            yield _port(process, log, path)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _port(process: subprocess.Popen[bytes], log: Path, path: Path) -> int:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        has_ended = process.poll() is not None
        said = log.read_text("utf-8", "replace")
        if found := _LISTENING.search(said):
            return int(found[1])
        if has_ended:
            break
        time.sleep(0.05)
    lines = said.strip().splitlines()
    raise StartError(f"{path.name} does not start: {_lacks(path) or '; '.join(lines[-2:])}")


def _lacks(path: Path) -> str:
    """Which libraries of the system an executable asks for in vain, "" where that is not known."""
    if shutil.which("ldd") is None or not path.is_file():
        return ""
    done = subprocess.run(["ldd", path], capture_output=True, check=False, encoding="utf-8")
    missing = re.findall(r"^\s*(\S+) => not found", done.stdout, re.MULTILINE)
    if not missing:
        return ""
    return f"the system lacks {', '.join(missing)} (apt-file search NAME tells the package)"


_ASKED: Mapping[str, Callable[[Path], str]] = {"chromium": _chromium}
