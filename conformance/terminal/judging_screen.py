"""How far the judging is."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from .look import Look
from .opening import Opened, Opening
from .panes import Told

EACH = 0.05
"""Seconds between two looks."""

BAR = 40


class JudgingScreen(Screen[Opened | None]):
    """Waits for the opening; None: it failed, or nobody wants to wait."""

    CSS = """
    JudgingScreen { align: center middle; }
    #told { width: 90%; height: 5; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,escape", "leave", show=False)]

    def __init__(self, opening: Opening, look: Look) -> None:
        super().__init__()
        self._opening = opening
        self._look = look

    def compose(self) -> ComposeResult:
        """A few lines in the middle."""
        yield Told(self._look, id="told")

    def on_mount(self) -> None:
        """Look again and again."""
        self._look_again()
        self.set_interval(EACH, self._look_again)

    def action_leave(self) -> None:
        """Do not wait."""
        self.dismiss(None)

    def _look_again(self) -> None:
        opening = self._opening
        if opening.is_over:
            self.dismiss(opening.opened)
            return
        told = self.query_one(Told)
        share = opening.share
        done = 0 if share is None else int(BAR * min(share, 1.0))
        bar = self._look.signs.full * done + self._look.signs.rule * (BAR - done)
        told.tell(
            [(self._look.text(opening.name), "bold")],
            [(opening.told, "")],
            [(bar if share is not None else "", "")],
            [],
            [("q quits", "dim")],
        )
