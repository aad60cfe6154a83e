"""What a terminal can show: signs and styles, from its environment.

No meaning rests on a colour: whatever has one has a sign or a word, too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from ..reports.paper import plain

POOR = ("dumb", "linux", "vt100", "vt220", "ansi")
"""Values of TERM whose fonts may have no more signs than ASCII."""

LONGEST = 2000
"""Signs of a text from a trace beyond which no terminal shows it in one line."""


class Signs(NamedTuple):
    """The signs of a terminal. A lifeline is drawn `LIFELINE` cells wide."""

    cursor: str
    finding: str
    life: str
    leaves: str
    arrives: str
    to_the_left: str
    to_the_right: str
    cut: str
    rule: str
    column: str
    bar: str
    full: str
    separates: str
    kinds: Mapping[str, str]


LIFELINE = 4

UNICODE = Signs(
    cursor="❯",
    finding="!",
    life="│",
    leaves="├",
    arrives="┤",
    to_the_left="<",
    to_the_right=">",
    cut="…",
    rule="─",
    column="│",
    bar="■",
    full="█",
    separates="·",
    kinds={
        "call": "●",
        "return": "○",
        "throw": "x",
        "resolve": "+",
        "reject": "x",
        "event": "*",
        "idle": "-",
        "mark": "#",
    },
)
ASCII = Signs(
    cursor=">",
    finding="!",
    life="|",
    leaves="|",
    arrives="|",
    to_the_left="<",
    to_the_right=">",
    cut="~",
    rule="-",
    column="|",
    bar="#",
    full="#",
    separates="-",
    kinds={**UNICODE.kinds, "call": "@", "return": "o"},
)

MEANINGS = {
    "call": "a call",
    "return": "it returned",
    "throw": "it threw, or its promise was rejected",
    "resolve": "its promise was fulfilled",
    "event": "an event",
    "idle": "nothing happened for a while",
    "mark": "a remark of the recorder",
}
"""What the signs on the lifelines mean, in the order in which they are explained."""


class Look(NamedTuple):
    """How to draw on a terminal: its signs, and whether it has colours."""

    signs: Signs
    colour: bool

    def text(self, text: str) -> str:
        """The text as one line that does nothing but stand there."""
        cut = text if len(text) <= LONGEST else text[:LONGEST] + self.signs.cut
        shown = plain(cut)
        if self.signs is ASCII:
            return shown.encode("ascii", "backslashreplace").decode()
        return shown


def look_of(environment: Mapping[str, str] = os.environ) -> Look:
    """The look that fits a terminal with this environment."""
    terminal = environment.get("TERM", "")
    spoken = next((environment[name] for name in _LOCALE if environment.get(name)), "UTF-8")
    poor = terminal in POOR or "utf" not in spoken.lower()
    colour = not environment.get("NO_COLOR") and terminal != "dumb"
    return Look(ASCII if poor else UNICODE, colour)


_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
