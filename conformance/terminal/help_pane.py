"""The keys and the signs, told."""

from __future__ import annotations

from collections.abc import Callable

from .keys import KEYS
from .look import MEANINGS, Look
from .panes import Pane
from .parts import Part

SHOWN = 13

SCROLLS = {
    "j": 1,
    "down": 1,
    "k": -1,
    "up": -1,
    "space": 15,
    "pagedown": 15,
    "b": -15,
    "pageup": -15,
    "G": 99,
    "end": 99,
    "g": -99,
    "home": -99,
}
"""By how many lines a key scrolls."""

LEAVES = ("q", "escape", "question_mark", "h", "f1", "enter")


class HelpPane(Pane):
    """All keys, in the place of the replay; the keys that leave a page leave it."""

    DEFAULT_CSS = "HelpPane { height: 1fr; display: none; }"

    def __init__(self, look: Look, closed: Callable[[], None]) -> None:
        super().__init__(look)
        self.is_open = False
        self._after = closed
        self._lines = help_of(look)
        self._top = 0

    def open(self) -> None:
        """Show it."""
        self._top = 0
        self.is_open = self.display = True

    def take(self, key: str) -> None:
        """Do what the key is for."""
        if key in SCROLLS:
            self._top += SCROLLS[key]
            self.refresh()
        elif key in LEAVES:
            self.is_open = self.display = False
            self._after()

    def parts(self, y: int) -> list[Part]:
        """A line of the help; the last one tells how to leave."""
        height = self.size.height - 1
        self._top = max(0, min(self._top, len(self._lines) - height))
        if y < height:
            line = self._top + y
            return self._lines[line] if line < len(self._lines) else []
        below = len(self._lines) - self._top - height
        more = f"{below} more lines: j, Space   " if below > 0 else ""
        return [(f" {more}q: back", "reverse")]


def help_of(look: Look) -> list[list[Part]]:
    """The lines of the help."""
    lines: list[list[Part]] = []
    for group, keys in KEYS.items():
        lines.append([(f" {group}", "bold")])
        lines += [[(f"   {one.shown:{SHOWN}}", "bold"), (one.does, "")] for one in keys]
    lines.append([(" Signs on the lifelines (one for each peer)", "bold")])
    signs = look.signs
    lines += [
        [(f"   {signs.kinds[kind]:{SHOWN}}", "bold"), (meaning, "")]
        for kind, meaning in MEANINGS.items()
    ]
    arrows = {
        signs.leaves + signs.rule + signs.to_the_right: "a message is sent to the other peer",
        signs.to_the_right + signs.rule + signs.arrives: "it arrives from the other peer",
        signs.finding: "something was found in this line",
        signs.bar: "an operation in the chain of operations",
    }
    lines += [[(f"   {sign:{SHOWN}}", "bold"), (does, "")] for sign, does in arrows.items()]
    return lines
