"""What the command line and the ini file say; the command line wins."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import pytest

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.]+")
_LONGEST = 60


class Settings(NamedTuple):
    """How recordings are judged, and where they are kept."""

    mode: str
    output: Path
    expectations: tuple[str, ...]
    allow_undecided: bool
    keeps_all: bool


def settings_of(config: pytest.Config) -> Settings:
    """The settings of a run."""
    files = config.getoption("negotiation_expectations") or config.getini(
        "negotiation_expectations"
    )
    output = config.getoption("negotiation_output") or config.getini("negotiation_output")
    allowed = config.getoption("negotiation_allow_undecided")
    keep = config.getoption("negotiation_keep") or config.getini("negotiation_keep")
    mode = config.getoption("negotiation_mode") or config.getini("negotiation_mode")
    _check("negotiation_mode", mode, ("off", "report", "strict"))
    _check("negotiation_keep", keep, ("failed", "all"))
    return Settings(
        mode=mode,
        output=config.invocation_params.dir / output
        if config.getoption("negotiation_output")
        else config.rootpath / output,
        expectations=tuple(str(file) for file in files),
        allow_undecided=bool(allowed or config.getini("negotiation_allow_undecided")),
        keeps_all=keep == "all",
    )


def _check(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise pytest.UsageError(f"{name} is {value!r}; write one of {', '.join(allowed)}")


def folder_name(nodeid: str) -> str:
    """A name for a test's folder: short, safe anywhere, and no other test's.

    No name is ever ".." or hidden: it begins with a letter or a digit, and ends with a number made
    of the whole id.
    """
    tail = nodeid.rpartition("/")[2]
    readable = _NOT_IN_NAMES.sub("-", tail).strip("-._")[:_LONGEST].rstrip("-._")
    number = hashlib.sha256(nodeid.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable or 'test'}-{number}"
