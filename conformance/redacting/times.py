"""Times stay, or move all by the same whole number of days."""

from __future__ import annotations

import datetime
import re

DAY = 86_400_000
"""Milliseconds."""

_EARLIEST, _LATEST = 1.0e12, 2.5e12
_LONGEST = 40
_MOST_LETTERS = 8
"""Letters of a moment: of a time zone, of AM and PM in some language."""
_DATE = re.compile(r"(?<!\d)(\d{1,4})([./-] ?)(\d{1,2})([./-] ?)(\d{1,4})(?!\d)")


class Times:
    """Shifts moments by some `days` (0: by none)."""

    def __init__(self, days: int = 0) -> None:
        self.days = days

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
        digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
        is_moment = len(text) < _LONGEST and digits > 3 and letters <= _MOST_LETTERS
        if is_moment and not self.days:
            return text
        date = _DATE.search(text)
        if is_moment and date is not None:
            moved = self._moved(date)
            if moved is not None:
                return text[: date.start()] + moved + text[date.end() :]
        elif is_moment and digits == len(text):
            return self.number(text)
        return "a time"

    def _moved(self, date: re.Match[str]) -> str | None:
        """The date so many days away, in the same order; None: it is none.

        The year is what has four digits; before or behind it are the month and the day, the day
        first where points are between them, or where it cannot be a month.
        """
        first, second, third = date[1], date[3], date[5]
        if len(first) == 4:
            order = (0, 1, 2)
        else:
            order = (2, 1, 0) if "." in date[2] or int(first) > 12 else (2, 0, 1)
        parts = (first, second, third)
        try:
            moment = datetime.date(*(int(parts[at]) for at in order))
            moment += datetime.timedelta(days=self.days)
        except (ValueError, OverflowError):
            return None
        is_padded = "-" in date[2] or any(part.startswith("0") for part in parts)
        made = [""] * 3
        for at, value in zip(order, (moment.year, moment.month, moment.day), strict=True):
            made[at] = str(value).zfill(2 if is_padded else 1)
        return f"{made[0]}{date[2]}{made[1]}{date[4]}{made[2]}"
