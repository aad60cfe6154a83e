"""The keys and the signs, told."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from .keys import KEYS
from .look import MEANINGS, Look
from .panes import Told
from .parts import Part

SHOWN = 13


class HelpScreen(Screen[None]):
    """All keys; any key that leaves a page leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,escape,question_mark,h,f1,enter", "leave", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown,G,end", "scroll(15)", show=False),
        Binding("b,pageup,g,home", "scroll(-15)", show=False),
    ]
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
        self.action_scroll(0)

    def action_scroll(self, by: int) -> None:
        """Scroll by so many lines, up to the ends."""
        height = self.size.height - 1
        self._top = max(0, min(self._top + by, len(self._lines) - height))
        below = len(self._lines) - self._top - height
        self.query_one("#help", Told).tell(*self._lines[self._top :])
        more = f"{below} more lines: j, Space   " if below > 0 else ""
        self.query_one("#foot", Told).tell([(f" {more}q: back", "reverse")])

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)


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
