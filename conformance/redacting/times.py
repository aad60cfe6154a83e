"""Times stay, or move all by the same whole number of days."""

from __future__ import annotations

import datetime
import re

DAY = 86_400_000
"""Milliseconds."""

_EARLIEST, _LATEST = 1.0e12, 2.5e12
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(T?[ ]?\d\d:\d\d:\d\d[^ ]*)?|(\d{1,2}/\d{1,2}/\d{4})(, .*)?"
)
_PLAIN = re.compile(r"[\d\s.,:/TZ+\-]*(?:[AaPp]\.?\s?[Mm]\.?)?\s*")


class Times:
    """Shifts moments by some `days` (0: by none). `unread` counts those that it could not read."""

    def __init__(self, days: int = 0) -> None:
        self.days = days
        self.unread = 0

    def number(self, text: str) -> str:
        """A number that may be a moment in milliseconds since 1970: it moves if it can be one."""
        if not self.days:
            return text
        whole, point, rest = text.partition(".")
        try:
            if not _EARLIEST <= int(whole) < _LATEST:
                return text
        except ValueError:
            return text
        return f"{int(whole) + self.days * DAY}{point}{rest}"

    def text(self, text: str) -> str:
        """A moment as text; what is none is not kept."""
        moment = _MOMENT.fullmatch(text.strip())
        if moment is not None and self.days:
            return self._moved(moment)
        if moment is not None or (_PLAIN.fullmatch(text) and len(text) < 40):
            return self.number(text)
        self.unread += 1
        return "a time"

    def _moved(self, moment: re.Match[str]) -> str:
        day = datetime.timedelta(days=self.days)
        try:
            if moment[1] is not None:
                return f"{datetime.date.fromisoformat(moment[1]) + day}{moment[2] or ''}"
            month, of_month, year = map(int, moment[3].split("/"))
            moved = datetime.date(year, month, of_month) + day
        except (ValueError, OverflowError):
            self.unread += 1
            return "a time"
        return f"{moved.month}/{moved.day}/{moved.year}{moment[4] or ''}"
