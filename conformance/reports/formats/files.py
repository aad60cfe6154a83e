"""The files that a report names, as other tools want them named: from the top of the repository."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePath
from urllib.parse import quote

from ...importing.opening import MARK
from ...traces.finding_files import STDIN

WORKSPACE = "GITHUB_WORKSPACE"
"""Where GitHub's runners have the repository; elsewhere it is the folder that the tool runs in."""


def place_in_repository(
    name: str, line: int, environment: Mapping[str, str] = os.environ
) -> tuple[str, int]:
    """A file, from the top of the repository where it is below it, and the line in it.

    ("", 0) where there is no file. A call of a dump is in the dump, in no line of it that is known:
    its lines are those of the trace that was made of it.
    """
    if name in ("", STDIN):
        return "", 0
    if not os.path.lexists(name) and MARK in name:
        name, line = name.rpartition(MARK)[0], 0
    top = environment.get(WORKSPACE) or os.curdir
    whole = os.path.abspath(name)
    below = os.path.relpath(whole, os.path.abspath(top))
    return PurePath(whole if below.startswith(os.pardir) else below).as_posix(), line


def uri_of(file: str) -> str:
    """The file as a URI: relative where the file is, and percent-encoded."""
    try:
        name = os.fsencode(file)
    except UnicodeEncodeError:
        name = file.encode("utf-8", "backslashreplace")
    # A colon in the first segment would make a scheme of it: it is encoded, too.
    return ("file://" if os.path.isabs(file) else "") + quote(name, safe="/")
