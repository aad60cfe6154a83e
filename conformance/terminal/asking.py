"""The line at the bottom in which one writes what is sought, or where to go."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.message import Message

from .look import Look
from .panes import Told


class Asking(Told, can_focus=True):
    """Takes a line of text: Enter answers with it, Esc (or deleting all) with None."""

    DEFAULT_CSS = "Asking { height: 1; display: none; }"
    ERASES: ClassVar[frozenset[str]] = frozenset({"backspace", "ctrl+h"})

    class Answered(Message):
        """What was written after the `mark`; None: nothing is wanted any more."""

        def __init__(self, mark: str, text: str | None) -> None:
            super().__init__()
            self.mark = mark
            self.text = text

    def __init__(self, look: Look, id: str | None = None) -> None:
        super().__init__(look, id)
        self._mark = ""
        self._written = ""

    def ask(self, mark: str, begun: str) -> None:
        """Ask; `begun` is written already."""
        self._mark, self._written = mark, begun
        self.display = True
        self.focus()
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Take a key; none gets through to what is behind."""
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self.post_message(self.Answered(self._mark, self._written))
        elif event.key == "escape" or (event.key in self.ERASES and not self._written):
            self.post_message(self.Answered(self._mark, None))
        elif event.key in self.ERASES:
            self._write(self._written[:-1])
        elif event.key == "ctrl+u":
            self._write("")
        elif event.is_printable and event.character:
            self._write(self._written + event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Take the first line of what was pasted."""
        event.stop()
        self._write(self._written + next(iter(event.text.splitlines()), ""))

    def _write(self, text: str) -> None:
        self._written = text
        self._show()

    def _show(self) -> None:
        room = max(self.size.width - 3, 10)
        self.tell(
            [(f"{self._mark}{self.look.text(self._written)[-room:]}", "bold"), (" ", "reverse")]
        )
