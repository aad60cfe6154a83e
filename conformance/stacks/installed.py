"""The cache of fetched releases: one folder each, `<cache>/<stack>/<version>/`.

The cache is where NEGOTIATION_CACHE says, else `negotiation` in XDG_CACHE_HOME, else
`~/.cache/negotiation`. A folder is there whole or not at all (`installing`), and `release.json` in
it says what it holds. An adapter's row finds its library or its interpreter by that.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..traces.version_numbers import begins_with, numbers

RECORD = "release.json"


class Installed(msgspec.Struct, frozen=True):
    """A release that is here.

    `version` is what it told of itself when it was installed; `origin` says where it is from and
    what kind of a build it is, for people. `executable` is relative to the folder; it is empty
    where the folder itself is what an adapter has to be told.
    """

    stack: str
    version: str
    origin: str
    executable: str = ""

    @property
    def folder(self) -> Path:
        """Where it is."""
        return cache() / self.stack / self.version

    @property
    def path(self) -> Path:
        """What is started, or the folder of a library."""
        return self.folder / self.executable


def cache() -> Path:
    """The folder of all fetched releases; it need not exist."""
    given = os.environ.get("NEGOTIATION_CACHE")
    if given:
        return Path(given).absolute()
    parent = os.environ.get("XDG_CACHE_HOME")
    return (Path(parent) if parent else Path.home() / ".cache") / "negotiation"


def installed(stack: str, version: str = "") -> tuple[Installed, ...]:
    """The releases that are here whose version is this one or begins so, the newest first."""
    fitting = (
        each
        for each in _all_of(stack)
        if not version or each.version == version or begins_with(each.version, version)
    )
    return tuple(sorted(fitting, key=lambda each: numbers(each.version), reverse=True))


def _all_of(stack: str) -> Iterator[Installed]:
    for record in (cache() / stack).glob(f"[!.]*/{RECORD}"):
        try:
            told = msgspec.json.decode(record.read_bytes(), type=Installed)
        except (OSError, msgspec.DecodeError):
            continue  # removed meanwhile, or not written by this project: nothing to rely on
        if (told.stack, told.version) == (stack, record.parent.name):
            yield told


def remove(release: Installed) -> None:
    """Removes it from the cache, its record first: what is left of it is never taken for it."""
    (release.folder / RECORD).unlink(missing_ok=True)
    shutil.rmtree(release.folder)
