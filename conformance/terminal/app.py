"""The application: it judges, then shows."""

from __future__ import annotations

import os
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from .judging_screen import JudgingScreen
from .look import Look, look_of
from .opening import Opened, Opening
from .replay_screen import ReplayScreen
from .rows import Rows
from .view import Filter, View


class ReplayApp(App[None]):
    """The replay that `opening` makes, from the line `begin`, of one `peer`."""

    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    CSS = "Screen { background: ansi_default; color: ansi_default; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False),
    ]

    def __init__(
        self,
        opening: Opening,
        *,
        begin: int | None = None,
        peer: str | None = None,
        look: Look | None = None,
    ) -> None:
        super().__init__(ansi_color=True)
        self.look = look or look_of()
        self._opening = opening
        self._begin = begin
        self._peer = peer
        self._interrupted = False

    def show(self) -> None:
        """Show it until it is left.

        Raises:
            NegotiationError: what the opening raised.
            KeyboardInterrupt: it was left with Ctrl-C.
        """
        for size in ("COLUMNS", "LINES"):
            # Exported by a shell, they would still tell the old size after the terminal's changes.
            os.environ.pop(size, None)
        # The mouse is left to the terminal, so that text can be marked and copied.
        self.run(mouse=False)
        if self._opening.failed is not None:
            raise self._opening.failed
        if self._interrupted:
            raise KeyboardInterrupt
        if self.return_code:
            raise RuntimeError("the screen failed, as told above")

    def on_mount(self) -> None:
        """Begin to judge."""
        self._opening.begin()
        self.push_screen(JudgingScreen(self._opening, self.look), self._judged)

    def action_interrupt(self) -> None:
        """Leave at once."""
        self._interrupted = True
        self.exit()

    def _judged(self, opened: Opened | None) -> None:
        if opened is None:
            self.exit()
            return
        view = View(Rows(opened))
        if self._peer is not None:
            view.restrict(Filter(peer=self._peer))
        if self._begin is not None:
            view.go_to_row(view.rows.nearest(self._begin))
        self.push_screen(ReplayScreen(view, self.look))
