"""Go: one program is built of all scripts, and runs each in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .results import SCRIPT_SECONDS, TRACES, Result, Stack, StackError

GO_SOURCES = Path("/usr/share/gocode")
GO_INSTALL = "apt-get install --no-install-recommends golang-go golang-github-pion-webrtc.v3-dev"
PION = TRACES / "pion" / "confirmations"


def run_pion(slugs: Sequence[str]) -> Iterator[Result]:
    """The results of the scripts with Debian's package of Pion."""
    with tempfile.TemporaryDirectory() as folder:
        program = built_by_go(Path(folder), PION)
        for slug in slugs:
            try:
                done = subprocess.run(
                    [program, slug],
                    capture_output=True,
                    text=True,
                    timeout=SCRIPT_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                yield Result(slug, None, "it did not end in time")
                continue
            lines = done.stdout.splitlines()
            if done.returncode or len(lines) != 2:
                last = (done.stderr.strip() or "no word").splitlines()[0]
                yield Result(slug, None, f"it failed with {done.returncode}: {last}")
            else:
                yield Result(slug, *lines)


def built_by_go(folder: Path, scripts: Path) -> Path:
    """The program made of these scripts; it is where the packages are found without modules."""
    tree = folder / "src" / "confirmations"
    shutil.copytree(scripts, tree)
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": f"{folder}:{GO_SOURCES}"}
    program = folder / "program"
    done = subprocess.run(
        ["go", "build", "-o", str(program), "."],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(done.stderr)
    return program


def pion(asked: str) -> Stack:
    """Debian's package."""
    if asked:
        raise StackError("there is one package of it on a machine; name no version")
    if shutil.which("go") is None or not (GO_SOURCES / "src/github.com/pion/webrtc").is_dir():
        raise StackError(f"it is not here; install it with `{GO_INSTALL}`")
    package = "golang-github-pion-webrtc.v3-dev"
    command = ["dpkg-query", "--show", "--showformat=${Version}", package]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return Stack("go", said.partition("-")[0], run_pion, PION)
