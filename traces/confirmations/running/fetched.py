"""Releases of stacks that `negotiation stacks install` has fetched, and their versions."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from .results import StackError


def release(stack: str, asked: str) -> tuple[str, Path, Mapping[str, str]]:
    """The newest release whose version begins so ("": any): its version, folder and record."""
    parent = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = Path(os.environ.get("NEGOTIATION_CACHE") or Path(parent) / "negotiation")
    there = [
        (path.parent.name, path.parent, json.loads(path.read_text("utf-8")))
        for path in (cache / stack).glob("[!.]*/release.json")
        if not asked or path.parent.name == asked or fulfils(path.parent.name, asked)
    ]
    if not there:
        wanted = f"{stack}@{asked}" if asked else f"{stack} (`negotiation stacks` tells versions)"
        raise StackError(f"it is not here; run: negotiation stacks install {wanted}")
    return max(there, key=lambda each: numbers(each[0]))


def fulfils(version: str, comparison: str) -> bool:
    """Whether a version is as ">=106" says, or begins with the numbers of "156"."""
    found = re.fullmatch(r"\s*(>=|<=|==|>|<)?\s*(\S+)\s*", comparison)
    assert found is not None, f"no version: {comparison!r}"
    ours, bound = numbers(version), numbers(found[2])
    if found[1] is None:
        return ours[: len(bound)] == bound
    pairs = itertools.zip_longest(ours, bound, fillvalue=0)
    a, b = zip(*pairs, strict=True)
    return bool({">=": a >= b, "<=": a <= b, "==": a == b, ">": a > b, "<": a < b}[found[1]])


def numbers(version: str) -> list[int]:
    """The numbers of a version."""
    return [int(part) for part in re.findall(r"(?:^|(?<=\.))\d+", version)]
