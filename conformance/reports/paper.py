"""Text for people: escaped, wrapped, and coloured where that is wanted.

Whatever is written here may come from a trace, which is hostile: what is not printable is escaped
in this one place, so that no text can move the cursor, colour the screen or hide itself.
"""

from __future__ import annotations

import itertools
import textwrap
from typing import Literal

Style = Literal["", "bold", "faint", "red", "green", "yellow", "cyan"]

_CODES = {"bold": 1, "faint": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}

USUAL_WIDTH = 100
NARROWEST = 30


def plain(text: str) -> str:
    """The text with all that is not printable escaped, line breaks and bidi marks included."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


class Paper:
    """Takes paragraphs; `text()` is all of them.

    `width` is where lines are broken; `colour` says whether styles become escape sequences.
    """

    def __init__(self, width: int = USUAL_WIDTH, *, colour: bool = False) -> None:
        self.width = max(width, NARROWEST)
        self.colour = colour
        self._lines: list[str] = []

    def text(self) -> str:
        """What was written, ending with a newline."""
        return "".join(f"{line}\n" for line in self._lines)

    def blank(self) -> None:
        """An empty line, unless there is one already, or nothing yet."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def paragraph(
        self, text: str, *, indent: int = 0, hanging: int | None = None, style: Style = ""
    ) -> None:
        """A wrapped paragraph; lines after the first are indented by `hanging` (as the first)."""
        later = " " * (indent if hanging is None else hanging)
        lines = self._wrapped(text, self.width, " " * indent, later)
        self._lines += [self._styled(line, style) for line in lines]

    def item(self, text: str, *, indent: int = 2, mark: str = "-", style: Style = "") -> None:
        """An item of a list."""
        hanging = indent + len(mark) + 1
        self.paragraph(f"{mark} {text}", indent=indent, hanging=hanging, style=style)

    def as_it_is(self, text: str, *, indent: int = 0, style: Style = "") -> None:
        """One line that is never broken: a command, an address."""
        self._lines.append(self._styled(" " * indent + plain(text), style))

    def beside(self, left: str, right: str, *, style: Style = "") -> None:
        """`left` as it is, and a paragraph to the right of it; below it, where there is no room."""
        at = len(plain(left)) + 2
        if at > self.width - NARROWEST:
            self.as_it_is(left, style=style)
            self.paragraph(right, indent=4, style=style)
            return
        first, *others = self._wrapped(right, self.width - at, "", "")
        lines = [f"{plain(left)}  {first}", *(" " * at + line for line in others)]
        self._lines += [self._styled(line.rstrip(), style) for line in lines]

    def columns(self, left: str, right: list[str], *, at: int, style: Style = "") -> None:
        """Two columns: `left` (its indentation is kept) before the position `at`, `right` after."""
        first = len(left) - len(left.lstrip(" "))
        ours = self._wrapped(left.strip(), at - 2, " " * first, " " * (first + 2))
        theirs = [
            line for one in right for line in self._wrapped(one, self.width - at - 2, "", "  ")
        ]
        for mine, other in itertools.zip_longest(ours, theirs, fillvalue=""):
            beside = f"| {other}" if other else ""
            padding = " " * (at - len(mine)) if beside else ""
            self._lines.append(self._styled(mine, style) + padding + self._styled(beside, "faint"))

    def _wrapped(self, text: str, width: int, first: str, later: str) -> list[str]:
        return textwrap.wrap(
            plain(text),
            width,
            initial_indent=first,
            subsequent_indent=later,
            break_on_hyphens=False,
            break_long_words=False,
        ) or [""]

    def _styled(self, text: str, style: Style) -> str:
        if not self.colour or not style or not text:
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"
