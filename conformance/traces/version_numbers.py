"""The numbers that a version begins with: "153.7.0esr" has 153, 7 and 0."""

from __future__ import annotations

import re

_NUMBERS = r"\d+(?:\.\d+)*"


def numbers(version: str) -> list[int]:
    """Its leading numbers, none where it begins with something else."""
    leading = re.match(_NUMBERS, version)
    return [int(part) for part in leading[0].split(".")] if leading else []


def begins_with(version: str, start: str) -> bool:
    """Whether a version begins with these numbers: 156.0.8078 with "156", not with "15"."""
    ours, theirs = numbers(version), numbers(start)
    if not ours or not re.fullmatch(_NUMBERS, start):
        return False
    return (ours + [0] * len(theirs))[: len(theirs)] == theirs
