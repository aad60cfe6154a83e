"""Installing: a release is fetched, asked for its version, and only then moved into the cache.

The folder is made elsewhere in the cache and renamed into its place, so that an interrupted
installation leaves nothing that could be taken for a release.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..traces.version_numbers import begins_with
from .fetching import FetchError, Telling, fetch
from .installed import RECORD, Installed, cache, installed
from .releases import Release
from .starting import StartError, version_of

__all__ = ["FetchError", "StartError", "install"]


def install(release: Release, telling: Telling = lambda doing: None) -> Installed:
    """The release, fetched if it is not here yet. `telling` is told what is being done.

    Raises:
        FetchError: it could not be fetched.
        StartError: it does not start here, or is another version.
    """
    here = installed(release.stack, release.version)
    if here:
        return here[0]
    with _workplace(release.stack) as work:
        made = work / "made"
        made.mkdir()
        scratch = work / "scratch"
        scratch.mkdir()
        fetch(release, made, scratch, telling)
        telling("starting it")
        version = version_of(release, made)
        if version != release.version and not begins_with(version, release.version):
            raise StartError(f"{release.name} tells that it is version {version or 'unknown'}")
        it = Installed(release.stack, version, release.origin, release.executable)
        (made / RECORD).write_bytes(msgspec.json.encode(it))
        return _placed(it, made)


@contextlib.contextmanager
def _workplace(stack: str) -> Iterator[Path]:
    """An empty folder in the cache, so that what is made in it can be renamed into its place."""
    parent = cache() / stack
    parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".", dir=parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        with contextlib.suppress(OSError):
            parent.rmdir()  # it is empty where nothing was installed


def _placed(release: Installed, made: Path) -> Installed:
    try:
        made.rename(release.folder)
    except OSError:
        # Somebody else was faster, or a folder without its record is in the way.
        if release in installed(release.stack, release.version):
            return release
        shutil.rmtree(release.folder, ignore_errors=True)
        made.rename(release.folder)
    return release
