"""The line at the bottom in which one writes what is sought, or where to go."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from .look import Look
from .panes import Told

ENTERS = ("enter", "ctrl+j")
ERASES = ("backspace", "ctrl+h")


class Asking(Told):
    """Takes a line of text: Enter answers with it, Esc (or deleting all) with None.

    The answer comes with the mark that the line began with.
    """

    DEFAULT_CSS = "Asking { height: 1; display: none; }"

    def __init__(self, look: Look, answer: Callable[[str, str | None], None]) -> None:
        super().__init__(look)
        self.is_open = False
        self._answer = answer
        self._mark = ""
        self._written = ""

    def ask(self, mark: str, begun: str) -> None:
        """Ask; `begun` is written already."""
        self._mark, self._written = mark, begun
        self.is_open = self.display = True
        self._show()

    def take(self, event: events.Key) -> None:
        """Take a key."""
        event.stop()
        if event.key in ENTERS:
            self._close(self._written)
        elif event.key == "escape" or (event.key in ERASES and not self._written):
            self._close(None)
        elif event.key in ERASES:
            self._write(self._written[:-1])
        elif event.key == "ctrl+u":
            self._write("")
        elif event.is_printable and event.character:
            self._write(self._written + event.character)

    def take_pasted(self, text: str) -> None:
        """Take the first line of what was pasted."""
        self._write(self._written + next(iter(text.splitlines()), ""))

    def _close(self, answer: str | None) -> None:
        self.is_open = self.display = False
        self._answer(self._mark, answer)

    def _write(self, text: str) -> None:
        self._written = text
        self._show()

    def _show(self) -> None:
        room = max(self.screen.size.width - 3, 10)
        shown = self.look.text(self._written)[-room:]
        self.tell([(f"{self._mark}{shown}", "bold"), (" ", "reverse")])
