"""What draws on the screen: lines of parts, as many as there is room for, and no others."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from .details import details_of
from .lines import RowWriter
from .look import Look
from .parts import Part, fitted, length, marked
from .view import View

_COLOURS = ("red", "green", "yellow", "cyan")


def strip_of(parts: list[Part], width: int, look: Look, *, chosen: bool = False) -> Strip:
    """The parts as a strip of so many cells; the chosen one is shown reversed."""
    segments = [Segment(text, style_of(style, look, chosen=chosen)) for text, style in parts]
    rest = max(width - length(parts), 0)
    segments.append(Segment(" " * rest, style_of("", look, chosen=chosen)))
    return Strip(segments).crop(0, width)


def style_of(words: str, look: Look, *, chosen: bool = False) -> Style:
    """The style that the words name, on this terminal."""
    named = [one for one in words.split() if look.colour or one not in _COLOURS]
    if chosen:
        named = ["reverse", *(one for one in named if one not in (*_COLOURS, "dim"))]
    return Style.parse(" ".join(named)) if named else Style.null()


class Pane(Widget):
    """Lines of parts on the screen."""

    def __init__(self, look: Look, id: str | None = None) -> None:
        super().__init__(id=id)
        self.look = look

    def parts(self, y: int) -> list[Part]:
        """The line at this height of the pane."""
        raise NotImplementedError

    def is_chosen(self, y: int) -> bool:
        """Whether the line at this height is shown as the chosen one."""
        return False

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        return strip_of(self.parts(y), self.size.width, self.look, chosen=self.is_chosen(y))


class Told(Pane):
    """A few lines that are told from outside."""

    def __init__(self, look: Look, id: str | None = None) -> None:
        super().__init__(look, id)
        self.lines: list[list[Part]] = []

    def tell(self, *lines: list[Part]) -> None:
        """Show these lines."""
        self.lines = list(lines)
        self.refresh()

    def parts(self, y: int) -> list[Part]:
        """The line that was told."""
        return self.lines[y] if y < len(self.lines) else []


class ListPane(Pane):
    """The rows of a view that fit, with a heading, and where one is among all of them."""

    def __init__(self, view: View, look: Look, id: str | None = None) -> None:
        super().__init__(look, id)
        self.view = view
        self.top = 0
        self._writer: tuple[int, RowWriter] | None = None

    @property
    def height(self) -> int:
        """How many rows there is room for."""
        return max(self.size.height - 1, 1)

    def follow(self) -> None:
        """Show where one is."""
        at, height = self.view.at, self.height
        if not self.top <= at < self.top + height:
            # A jump shows what is around it; a step moves by a line.
            near = self.top - 1 <= at <= self.top + height
            self.top = (at if at < self.top else at - height + 1) if near else at - height // 2
        self.top = max(0, min(self.top, len(self.view) - height))
        self.refresh()

    def parts(self, y: int) -> list[Part]:
        """The heading, or a row with the cell that shows where it is."""
        writer = self._of_this_width()
        position = self.top + y - 1
        if y == 0:
            return writer.heading()
        if position >= len(self.view):
            return []
        line = writer.line(self.view.row_at(position), sought=self.view.sought)
        if position == self.view.at:
            text, style = line[0]
            line[0] = (self.look.signs.cursor + text[1:], style)
        return [*line, (self._bar(y - 1), "dim")]

    def is_chosen(self, y: int) -> bool:
        """Whether the row is where one is."""
        return y > 0 and self.top + y - 1 == self.view.at

    def _of_this_width(self) -> RowWriter:
        width = self.size.width - 1
        if self._writer is None or self._writer[0] != width:
            self._writer = width, RowWriter(self.view.rows, width, self.look)
        return self._writer[1]

    def _bar(self, y: int) -> str:
        """A cell of the bar at the right, which stands for all rows: the shown, and findings."""
        total, height = len(self.view), self.height
        if total <= height:
            return " "
        first, last = y * total // height, max((y + 1) * total // height, y * total // height + 1)
        if self.view.any_finding(first, last):
            return self.look.signs.finding
        shown = first < self.top + height and last > self.top
        return self.look.signs.full if shown else self.look.signs.column


class TextPane(Pane):
    """What is told of where one is; it can be longer than the pane, and is scrolled then."""

    def __init__(self, view: View, look: Look, id: str | None = None) -> None:
        super().__init__(look, id)
        self.view = view
        self.with_states = False
        self.is_beside = False
        self.top = 0
        self.lines: list[list[Part]] = []
        self._of: tuple[int, int, bool] | None = None

    @property
    def height(self) -> int:
        """How many lines there is room for, under the rule."""
        return max(self.size.height - 1, 1)

    @property
    def below(self) -> int:
        """How many lines are out of sight below."""
        return max(len(self.lines) - self.top - self.height, 0)

    def follow(self) -> None:
        """Tell of where one is."""
        of = self.view.row, self.size.width, self.with_states
        if of != self._of and self.size.width > 3:
            row, width, states = of
            told = details_of(self.view.rows, row, width - 3, self.look, with_states=states)
            self.lines = told
            self.top = 0 if self._of is None or self._of[0] != row else self.top
            self._of = of
        self.scroll(0)

    def scroll(self, by: int) -> None:
        """Scroll by so many lines, up to the ends."""
        self.top = max(0, min(self.top + by, len(self.lines) - self.height))
        self.refresh()

    def parts(self, y: int) -> list[Part]:
        """The rule above, or a line."""
        if y == 0:
            return [(self._rule(), "dim")]
        line = self.top + y - 1
        edge = f"{self.look.signs.column} " if self.is_beside else " "
        told = self.lines[line] if line < len(self.lines) else []
        sought = self.look.text(self.view.sought)
        return [
            (edge, "dim"),
            *(one for text, style in told for one in marked(text, sought, style)),
        ]

    def _rule(self) -> str:
        rule = self.look.signs.rule
        told = f" {self.below} more lines: J, Enter " if self.below else ""
        width = self.size.width
        return fitted(f"{rule * max(width - len(told) - 3, 0)}{told}{rule * 3}", width, self.look)
