"""Builds the recorder in this folder with the Go compiler, once for each source, and becomes it.

    python start.py pion_recorder.building GO [--version]

GO is the compiler. Pion comes from the system's packages, not from the network: Debian has it as
source in the folder of `PACKAGES`. What was built stays in the user's cache, in a folder with the
hash of the source and of the versions in its name.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).parent
PACKAGES = Path("/usr/share/gocode")
INSTALL = "apt-get install --no-install-recommends golang-go golang-github-pion-webrtc.v3-dev"
_DEBIAN_PACKAGE = "golang-github-pion-webrtc.v3-dev"


def main() -> None:
    """Tells Pion's version, or runs the recorder in place of this process."""
    go = sys.argv[2]
    if "--version" in sys.argv:
        print("pion", pion_version())
        return
    recorder = built(go)
    os.execv(recorder, [str(recorder)])


def pion_version() -> str:
    """The version of the package, without the distribution's own number."""
    if shutil.which("dpkg-query") is None:
        return "of unknown version"
    command = ["dpkg-query", "--show", "--showformat=${Version}", _DEBIAN_PACKAGE]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.match(r"\d+(?:\.\d+)+", said)
    return found[0] if found else "of unknown version"


def built(go: str, source: Path = SOURCE) -> Path:
    """The recorder, built if it is not there; ends with what to do if that fails."""
    folder = _cache() / _key(go, source)
    recorder = folder / "pion_recorder"
    if recorder.is_file():
        return recorder
    print("building the recorder for Pion, once: some 20 seconds", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    # Two may build at once: each in a folder of its own, and the last one's result stays.
    with tempfile.TemporaryDirectory(dir=folder) as work:
        made = _compiled(go, source, Path(work))
        made.replace(recorder)
    return recorder


def _compiled(go: str, source: Path, work: Path) -> Path:
    # Without modules Go takes `pion/webrtc/v3` from a folder without `v3` in its name only for
    # code that is in a GOPATH itself and has a go.mod.
    tree = work / "src" / "pion_recorder"
    tree.mkdir(parents=True)
    for path in _sources(source):
        shutil.copy(path, tree)
    made = work / "made"
    command = [go, "build", "-o", str(made), "-ldflags", f"-X main.pionVersion={pion_version()}"]
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": f"{work}:{PACKAGES}"}
    environment.setdefault("GOCACHE", str(_cache() / "go-build"))
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        sys.exit(f"{go} cannot be run: {error}. Install it with `{INSTALL}`.")
    if done.returncode:
        sys.exit(f"{done.stderr[-800:]}\nPion's recorder was not built; it needs `{INSTALL}`.")
    return made


def _sources(source: Path) -> list[Path]:
    return sorted((*source.glob("*.go"), source / "go.mod"))


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "negotiation" / "pion"


def _key(go: str, source: Path) -> str:
    told = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout
    contents = (path.read_bytes() for path in _sources(source))
    parts = [told.encode(), pion_version().encode(), *contents]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
