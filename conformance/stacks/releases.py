"""Which releases of stacks can be fetched, and from where: a table.

`installing` fetches one into the cache (`installed`). A release that lacks `addTransceiver`
(Chromium 69, say) has nothing to record, and is no row.

How a source works is told in `fetching`:

* `npm-browser`: an npm package that holds one executable, compressed with Brotli. These are builds
  of Chromium's headless_shell.
* `npm-library`: an npm package with what it depends on; `npm install --prefix`.
* `pypi`: a virtual environment with the package.
* `debian`: packages of the distribution's archive, unpacked and not installed. The archive has only
  the builds of its suites, so that `at` tells how the archive's version begins.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from ..traces.version_numbers import begins_with, numbers

Source = Literal["npm-browser", "npm-library", "pypi", "debian"]


_ORIGINS: Mapping[Source, str] = {
    "npm-browser": "headless_shell of npm",
    "npm-library": "npm",
    "pypi": "PyPI",
    "debian": "Debian",
}


class UnknownReleaseError(LookupError):
    """The table has no such release; the message names those that there are."""


class Release(msgspec.Struct, frozen=True):
    """A release of a stack.

    `version` is what the stack tells of itself, or how that begins. `at` is the version of the
    `package`. `executable` is where it is in the folder; `beside` are packages that it needs there.
    """

    stack: str
    version: str
    source: Source
    package: str
    at: str
    executable: str = ""
    beside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What `negotiation stacks install` calls it: the stack, and as much as is needed."""
        told = numbers(self.version)
        few = told[:1] if told[:1] != [0] else told[:2]
        others = [each for each in RELEASES if each.stack == self.stack and each is not self]
        while len(few) < len(told) and any(
            begins_with(one.version, _dotted(few)) for one in others
        ):
            few = told[: len(few) + 1]
        return f"{self.stack}@{_dotted(few)}"

    @property
    def origin(self) -> str:
        """Where it is from, and what kind of a build it is, for people."""
        return f"{_ORIGINS[self.source]} {self.package} {self.at}"


def _dotted(told: Sequence[int]) -> str:
    return ".".join(map(str, told))


def _shells(package: str, versions: dict[str, str]) -> tuple[Release, ...]:
    return tuple(
        Release("chromium", version, "npm-browser", package, at, executable="chromium")
        for version, at in versions.items()
    )


RELEASES: tuple[Release, ...] = (
    *_shells(
        "chrome-aws-lambda",
        {
            "72.0.3617.0": "1.11.2",
            "76.0.3803.0": "1.17.1",
            "78.0.3882.0": "1.20.4",
            "80.0.3987.0": "2.1.1",
            "83.0.4103.0": "3.1.1",
            "88.0.4298.0": "5.5.0",
            "90.0.4427.0": "8.0.2",
            "92.0.4512.0": "10.1.0",
        },
    ),
    *_shells(
        "@sparticuz/chromium",
        {
            "106.0.5249.0": "106.0.2",
            "112.0.5614.0": "112.0.2",
            "121.0.6167.0": "121.0.0",
            "131.0.6778.0": "131.0.1",
            "143.0.7499.0": "143.0.4",
            "147.0.7727.0": "147.0.2",
            "148.0.7778.0": "148.0.0",
            "149.0.7827.0": "149.0.0",
            "153.0.8010.0": "153.0.0",
        },
    ),
    Release(
        "chromium",
        "150",
        "debian",
        "chromium",
        "150",
        executable="usr/lib/chromium/chromium",
        beside=("chromium-common",),
    ),
    Release(
        "firefox",
        "140",
        "debian",
        "firefox-esr",
        "140",
        executable="usr/lib/firefox-esr/firefox-esr",
    ),
    Release("qtwebengine", "6.140", "pypi", "PySide6", "6.12.0", executable="bin/python"),
    Release("roamhq-wrtc", "0.8.0", "npm-library", "@roamhq/wrtc", "0.8.0"),
    Release("roamhq-wrtc", "0.10.0", "npm-library", "@roamhq/wrtc", "0.10.0"),
    Release("werift", "0.18.0", "npm-library", "werift", "0.18.0"),
    Release("werift", "0.24.4", "npm-library", "werift", "0.24.4"),
    Release("werift", "0.25.2", "npm-library", "werift", "0.25.2"),
    Release("libdatachannel", "0.33.4", "npm-library", "node-datachannel", "0.33.4"),
    Release("wrtc", "0.1.0", "pypi", "wrtc", "0.1.0", executable="bin/python"),
    Release("aiortc", "1.9.0", "pypi", "aiortc", "1.9.0", executable="bin/python"),
    Release("aiortc", "1.16.0", "pypi", "aiortc", "1.16.0", executable="bin/python"),
)
"""The releases that can be fetched."""


def parted(name: str) -> tuple[str, str]:
    """The stack and the version of "chromium@131"; the version is empty where none is named."""
    stack, _, version = name.partition("@")
    return stack, version


def releases_of(stack: str) -> tuple[Release, ...]:
    """The stack's releases, the newest first."""
    of_stack = (each for each in RELEASES if each.stack == stack)
    return tuple(sorted(of_stack, key=lambda each: numbers(each.version), reverse=True))


def release(name: str) -> Release:
    """The newest release that the name means: "chromium@131", "chromium".

    Raises:
        UnknownReleaseError: the table has none.
    """
    stack, version = parted(name)
    there = releases_of(stack)
    for each in there:
        if not version or begins_with(each.version, version) or begins_with(version, each.version):
            return each
    if not there:
        known = sorted({each.stack for each in RELEASES})
        close = difflib.get_close_matches(stack, known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise UnknownReleaseError(f"no release of {stack!r} can be fetched{hint}")
    names = ", ".join(each.name for each in there)
    raise UnknownReleaseError(f"there is no {name} to fetch; there are {names}")
