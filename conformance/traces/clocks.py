"""From when the times of a recording count."""

from __future__ import annotations

FROM_1970 = 365 * 24 * 3600 * 1000.0
"""Milliseconds that no recording lasts: larger times are those of Date.now()."""


def counts_from_1970(t: float) -> bool:
    """Whether a time is a date, and does not count from the beginning of what was recorded."""
    return t >= FROM_1970


def beginning(first: float) -> float:
    """From when to count the times of a recording whose earliest one is given.

    Mostly from 0: what was before the first observation belongs to the recording.
    """
    return first if counts_from_1970(first) else min(first, 0.0)
