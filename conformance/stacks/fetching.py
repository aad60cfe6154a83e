"""How a release is fetched into a folder, for each kind of source; see `releases`.

The programs that distribute packages are used as everybody uses them (npm, pip, apt-get), with the
user's own configuration. Each compares what it loads with the hash that its registry tells; npm's
archives are compared here too, as they are unpacked here. No script of a package is run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .releases import Release, Source

_SECONDS = 1800
_UNBROTLI = """
const fs = require("fs");
const [from, to] = process.argv.slice(1);
const streams = [fs.createReadStream(from), require("zlib").createBrotliDecompress()];
require("stream").pipeline(...streams, fs.createWriteStream(to), (error) => {
  if (error) { console.error(String(error)); process.exit(1); }
});
"""
_NEEDED_FOR = {
    "npm": "it comes with Node.js (apt-get install npm)",
    "node": "it is Node.js (apt-get install nodejs)",
    "apt-get": "only Debian and its kin have it",
    "apt-cache": "only Debian and its kin have it",
    "dpkg": "only Debian and its kin have it",
}


class FetchError(Exception):
    """A release could not be fetched; the message says what failed and, if known, what to do."""


Telling = Callable[[str], None]
"""Is told what is being done."""


def fetch(release: Release, folder: Path, work: Path, telling: Telling) -> None:
    """Fetches the release into the folder. `work` is an empty folder for what is thrown away.

    Raises:
        FetchError: it could not be fetched, or it is not what the registry says.
    """
    _SOURCES[release.source](release, folder, work, telling)


def _npm_browser(release: Release, folder: Path, work: Path, telling: Telling) -> None:
    spec = f"{release.package}@{release.at}"
    telling(f"loading {spec}")
    _run("npm", "pack", "--silent", spec, cwd=work)
    archives = list(work.glob("*.tgz"))
    if len(archives) != 1:
        raise FetchError(f"npm pack {spec} left no archive")
    told = json.loads(_run("npm", "view", "--json", spec, "dist.integrity", cwd=work) or "null")
    _compare_integrity(archives[0], told, spec)
    telling(f"unpacking {spec}")
    for packed in _unpacked_parts(archives[0], work):
        _unbrotli(packed, folder)


def _compare_integrity(archive: Path, told: object, spec: str) -> None:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    if told != f"sha512-{base64.b64encode(digest).decode()}":
        raise FetchError(f"the archive of {spec} is not the one of the registry; try again")


def _unpacked_parts(archive: Path, work: Path) -> list[Path]:
    """The browser and its graphics, compressed with Brotli; not the libraries for other systems."""
    parts = []
    with tarfile.open(archive) as tar:
        for member in tar:
            name = re.fullmatch(r"package/bin/(?:[\w.-]+/)*([\w.-]+)\.br", member.name)
            source = tar.extractfile(member) if name and member.isfile() else None
            if name and source and re.match(r"chromium|swiftshader", name[1]):
                parts.append(work / name[1])
                with parts[-1].open("wb") as file:
                    shutil.copyfileobj(source, file)
    return parts


def _unbrotli(packed: Path, folder: Path) -> None:
    """Unpacks a file: an archive's content, or the browser's executable, into the folder."""
    is_browser = packed.name.startswith("chromium")
    plain = folder / "chromium" if is_browser else packed.with_name(f"{packed.name}.plain")
    _run("node", "-e", _UNBROTLI, str(packed), str(plain))
    if is_browser:
        plain.chmod(0o755)
    elif packed.suffix == ".tar":
        with tarfile.open(plain) as tar:
            _extract(tar, folder)


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Unpacks what stays inside of the folder; Python has a filter for that since 3.11.4."""
    if hasattr(tarfile, "data_filter"):
        tar.extractall(folder, filter="data")
        return
    inside = [one for one in tar if not {"..", "/"} & {*_parts(one.name), *_parts(one.linkname)}]
    tar.extractall(folder, [one for one in inside if not one.isdev()])


def _parts(name: str) -> tuple[str, ...]:
    return Path(name).parts


def _npm_library(release: Release, folder: Path, work: Path, telling: Telling) -> None:
    spec = f"{release.package}@{release.at}"
    telling(f"loading {spec}")
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    _run("npm", "install", *options, "--prefix", str(folder), spec, cwd=work)


def _pypi(release: Release, folder: Path, work: Path, telling: Telling) -> None:
    spec = f"{release.package}=={release.at}"
    telling("making a virtual environment")
    _run(sys.executable, "-m", "venv", str(folder))
    telling(f"loading {spec}")
    options = ("--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-compile")
    python = folder / "bin" / "python"
    _run(str(python), "-m", "pip", "install", *options, "--only-binary", ":all:", spec, cwd=work)


def _debian(release: Release, folder: Path, work: Path, telling: Telling) -> None:
    version = _in_archive(release)
    for package in (release.package, *release.beside):
        telling(f"loading {package} {version}")
        # The folder is this user's own, where apt's user may not write.
        own = ("-o", "APT::Sandbox::User=root") if os.geteuid() == 0 else ()
        _run("apt-get", "download", "-qq", *own, f"{package}={version}", cwd=work)
    for archive in sorted(work.glob("*.deb")):
        telling(f"unpacking {archive.name.partition('_')[0]}")
        _run("dpkg", "-x", str(archive), str(folder))


def _in_archive(release: Release) -> str:
    """The archive's newest version that begins as the release says."""
    for line in _run("apt-cache", "madison", release.package).splitlines():
        version = line.split("|")[1].strip() if line.count("|") >= 2 else ""
        if re.match(rf"{re.escape(release.at)}(?!\d)", version):
            return version
    raise FetchError(
        f"the archive has no {release.package} {release.at}; apt-get update, and "
        f"apt-cache madison {release.package} lists what it has"
    )


_SOURCES: Mapping[Source, Callable[[Release, Path, Path, Telling], None]] = {
    "npm-browser": _npm_browser,
    "npm-library": _npm_library,
    "pypi": _pypi,
    "debian": _debian,
}


def _run(program: str, *arguments: str, cwd: Path | None = None) -> str:
    """What the program wrote to its standard output."""
    command: Sequence[str] = (program, *arguments)
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
        )
    except FileNotFoundError:
        about = _NEEDED_FOR.get(program, "it is needed here")
        raise FetchError(f"{program} is not on the PATH; {about}") from None
    except OSError as error:
        raise FetchError(f"{program} cannot be started: {error}") from error
    except subprocess.TimeoutExpired:
        raise FetchError(f"{program} {arguments[0]} did not end in {_SECONDS} s") from None
    if done.returncode != 0:
        raise FetchError(f"{program} {' '.join(arguments[:2])} failed: {_end_of(done)}")
    return done.stdout


def _end_of(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return "; ".join(lines[-3:]) or f"it ended with {done.returncode} and said nothing"
