"""When something happened: numbers, and times of day as a browser writes them for its user."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .updates import Update

LATEST = 1e14
"""Milliseconds since the epoch that nobody lives to see; what is beyond is no time."""

SECOND = 1000.0
DAY = 24 * 3600 * SECOND
QUARTER = 15 * 60 * SECOND
"""Every time zone is a multiple of this away from UTC."""

_FIRST_SAMPLE = 15 * SECOND
"""How long after a connection's first entry its statistics are taken first, at most."""

_OF_DAY = re.compile(r"(\d{1,2})[:.](\d{2})[:.](\d{2})(?!\d)")
_NUMBER = re.compile(r"\d{1,4}")
_AFTERNOON = re.compile(r"\bp\.?\s?m\b|下午|오후|午後|μ\.μ|\bm\.d\b|\bPTG\b|\bم\b", re.IGNORECASE)
_MORNING = re.compile(r"\ba\.?\s?m\b|上午|오전|午前|π\.μ|\bp\.d\b|\bPG\b|\bص\b", re.IGNORECASE)
_AMERICAN = re.compile(r"\b[AP]M\b")
"""Other 12-hour clocks write it small, or in other words (CLDR), and the day first."""

_BUDDHIST = 543
"""Years between the eras; what is beyond 2400 is of the later one."""
_LONGEST = 80


def as_time(value: Any) -> float | None:
    """Milliseconds since the epoch; None: it is no such number."""
    if isinstance(value, bool | None):
        return None
    try:
        time = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return time if math.isfinite(time) and 0 <= time < LATEST else None


def of_clock(text: str | None) -> float | None:
    """A local date and time, as if it were UTC's; None: it cannot be read.

    Which of day and month comes first is the user's custom: as in America where AM or PM is there.
    """
    if text is None or len(text) > _LONGEST:
        return None
    of_day = _OF_DAY.search(text)
    if of_day is None:
        return None
    hour, minute, second = map(int, of_day.groups())
    is_afternoon, is_morning = bool(_AFTERNOON.search(text)), bool(_MORNING.search(text))
    if is_afternoon or is_morning:
        hour = hour % 12 + (12 if is_afternoon else 0)
    before, after = text[: of_day.start()], text[of_day.end() :]
    numbers = _NUMBER.findall(before) or _NUMBER.findall(after)
    days = _date(numbers, is_american=_AMERICAN.search(text) is not None)
    return days + ((hour * 60 + minute) * 60 + second) * SECOND


def _date(numbers: list[str], is_american: bool) -> float:
    parts = [int(one) for one in numbers[:3]]
    if len(parts) < 3:
        return 0.0
    if len(numbers[0]) == 4:
        year, month, day = parts
    else:
        month, day, year = parts if is_american else (parts[1], parts[0], parts[2])
        if month > 12:
            month, day = day, month
    year -= _BUDDHIST if year > 2400 else 0
    try:
        return datetime.datetime(year, month, day, tzinfo=datetime.UTC).timestamp() * SECOND
    except (ValueError, OverflowError):
        return 0.0


def _of_iso(text: str) -> float | None:
    try:
        return datetime.datetime.fromisoformat(text).timestamp() * SECOND
    except (ValueError, OverflowError, OSError):
        return None


def zone_of(series: tuple[str, str], updates: Sequence[Update]) -> float | None:
    """How much later the clock of the updates is than UTC; None: it cannot be told.

    `series` are the first and the last time of statistics, in UTC as ISO 8601; the updates may be
    local. The first sample follows the first update soon: so the zone shows.
    """
    start, first = _of_iso(series[0]), updates[0].time
    if start is None or first is None:
        return None
    zone = round((first - start) / QUARTER) * QUARTER
    is_one = abs(zone) <= DAY and -SECOND <= start + zone - first <= _FIRST_SAMPLE
    return zone if is_one else None


def ended_at(series: tuple[str, str], updates: Sequence[Update]) -> float | None:
    """When statistics were taken last, by the clock of the updates; None: it cannot be told."""
    end, last, zone = _of_iso(series[1]), updates[-1].time, zone_of(series, updates)
    if end is None or last is None or zone is None:
        return None
    return end + zone if end + zone >= last - SECOND else None


def in_utc(
    updates: Mapping[str, Sequence[Update]], series: Mapping[str, tuple[str, str]]
) -> dict[str, list[Update]]:
    """The updates of each connection, with times of day in UTC if statistics tell the zone."""
    told = (zone_of(series[key], one) for key, one in updates.items() if one and key in series)
    zone = next((one for one in told if one is not None), None) or 0.0
    return {key: [_earlier(update, zone) for update in one] for key, one in updates.items()}


def _earlier(update: Update, zone: float) -> Update:
    if update.clock is None or update.time is None or not zone:
        return update
    return msgspec.structs.replace(update, time=update.time - zone, clock=None)
