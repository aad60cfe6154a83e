"""What pages of about:webrtc without a history tell of a connection: what was in force, and a date.

They are in any language; a date is what JavaScript writes, in English always. The offer of the two
descriptions was set first.
"""

from __future__ import annotations

import datetime
import re

from .firefox import SetEntry, leaves_the_role_open

_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})")
_SIDES = 2


class InForce:
    """One connection; `has_history`: what was in force is the end of that, and told there."""

    def __init__(self) -> None:
        self.has_history = False
        self._time = 0.0
        self._texts: list[str] = []

    def tell(self, tag: str, text: str) -> None:
        """A heading (h3) or a text (pre) of the connection, in their order."""
        if tag == "h3":
            self._time = self._time or _time_in(text)
        elif len(self._texts) < _SIDES:
            self._texts.append(text.strip())

    def entries(self) -> list[SetEntry]:
        """What was set, in the order in which it must have been."""
        if self.has_history:
            return []
        told = [
            SetEntry(self._time, side == 0, "\r\n".join([*text.splitlines(), ""]))
            for side, text in enumerate(self._texts)
            if text.startswith("v=0")
        ]
        return sorted(told, key=lambda one: not leaves_the_role_open(one))


def _time_in(heading: str) -> float:
    """The date in a heading, in milliseconds since the epoch; 0: there is none."""
    found = _DATE.search(heading[:2000])
    told = "" if found is None else f"{found[1]} {found[2]}"
    try:
        return datetime.datetime.strptime(told, "%b %d %Y %H:%M:%S %z").timestamp() * 1000
    except ValueError:
        return 0.0
