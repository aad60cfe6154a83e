"""The keys and the signs, told."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from .keys import KEYS
from .look import MEANINGS, Look
from .panes import Told
from .parts import Part

SHOWN = 13

SCROLLS = {
    "j": 1,
    "down": 1,
    "k": -1,
    "up": -1,
    "space": 15,
    "pagedown": 15,
    "G": 99,
    "end": 99,
} | {"b": -15, "pageup": -15, "g": -99, "home": -99}
LEAVES = ("q", "escape", "question_mark", "h", "f1", "enter")


class HelpScreen(Screen[None]):
    """All keys; any key that leaves a page leaves it."""

    CSS = "#help { height: 1fr; }  #foot { height: 1; dock: bottom; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._lines = help_of(look)
        self._look = look
        self._top = 0

    def compose(self) -> ComposeResult:
        """The lines, and how to leave."""
        yield Told(self._look, id="help")
        yield Told(self._look, id="foot")

    def on_resize(self) -> None:
        """Show what fits."""
        self._scroll(0)

    def on_key(self, event: events.Key) -> None:
        """Scroll, or leave."""
        event.stop()
        self.take(event.key)

    def take(self, key: str) -> None:
        """Do what the key is for."""
        if key in SCROLLS:
            self._scroll(SCROLLS[key])
        elif key in LEAVES:
            self.dismiss(None)

    def _scroll(self, by: int) -> None:
        height = self.size.height - 1
        self._top = max(0, min(self._top + by, len(self._lines) - height))
        below = len(self._lines) - self._top - height
        self.query_one("#help", Told).tell(*self._lines[self._top :])
        more = f"{below} more lines: j, Space   " if below > 0 else ""
        self.query_one("#foot", Told).tell([(f" {more}q: back", "reverse")])


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
