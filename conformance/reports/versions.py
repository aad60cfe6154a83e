"""Versions of stacks: ranges of them, and what is common to the releases of one major version."""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Callable, Sequence

from ..traces.version_numbers import begins_with, numbers

_COMPARISON = re.compile(r"\s*(>=|<=|==|>|<)?\s*(\d[^\s,<>=]*)\s*")
_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}


def is_within(version: str, versions: str) -> bool:
    """Whether a version is in a range like ">=106,<150", or is one of those that are named.

    A version without a comparison names all that begin with its numbers: "156" is 156.0.8078.79
    too, and "153.7" is 153.7.0esr. One that does not end with a number names only itself. In
    comparisons numbers that are left out are 0, and what follows the numbers does not count.

    Raises:
        ValueError: that is no range.
    """
    return all(_fulfils(version, part) for part in versions.split(","))


def _fulfils(version: str, comparison: str) -> bool:
    parsed = _COMPARISON.fullmatch(comparison)
    if parsed is None:
        raise ValueError(comparison)
    compare, bound = parsed.groups()
    if compare is None:
        return version == bound or begins_with(version, bound)
    pairs = itertools.zip_longest(numbers(version), numbers(bound), fillvalue=0)
    ours, theirs = zip(*pairs, strict=True)
    return version[:1].isdigit() and _COMPARE[compare](ours, theirs)


def major_of(version: str) -> str | None:
    """The name of the major version, for `is_within`; None where the version has no number.

    "156" of 156.0.8078.79, "0.1" of 0.1.4 (before 1.0 a minor version may change anything); of a
    version that is not made of numbers, a revision, itself.
    """
    leading = re.match(r"(?:0\.)?\d+(?![^.])", version)
    if leading is not None:
        return leading[0]
    return version if _COMPARISON.fullmatch(version) and version[:1].isdigit() else None


def version_key(version: str) -> tuple[list[int], str]:
    """What versions are sorted by: their numbers as numbers, then what follows these."""
    return numbers(version), version


def shortened(versions: Sequence[str]) -> list[str]:
    """The versions of one stack, each with as few of its numbers as tell it from the others.

    Those that are not made of numbers stay whole. 0 alone says nothing, so it is never alone.
    """
    parts = [_parts(version) for version in versions]
    for length in range(1, max(map(len, parts), default=0)):
        short = [".".join(_first(one, length)) for one in parts]
        if len(set(short)) == len(set(versions)):
            return short
    return list(versions)


def _parts(version: str) -> list[str]:
    return version.split(".") if version[:1].isdigit() else [version]


def _first(parts: list[str], length: int) -> list[str]:
    return parts[: length + 1] if parts[0] == "0" else parts[:length]
