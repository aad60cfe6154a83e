"""Lines made of parts: a text and the name of its style. Widths are cells of the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, set_cell_size

from .look import Look

Part = tuple[str, str]
"""A text that is safe to show, and words that name its style ("" is none)."""

_CODES = {"1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow", "36": "cyan"}
_STYLED = re.compile(r"\x1b\[(\d+)m(.*?)\x1b\[0m")


def fitted(text: str, width: int, look: Look) -> str:
    """The text in exactly so many cells, cut with a sign where it is longer."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + look.signs.cut


def marked(text: str, sought: str, style: str = "") -> Iterator[Part]:
    """The text with what is sought in it marked: exactly, if that has capital letters."""
    exact = sought != sought.lower()
    pattern = re.compile(re.escape(sought), 0 if exact else re.IGNORECASE)
    at = 0
    for match in pattern.finditer(text) if sought else ():
        yield text[at : match.start()], style
        yield match.group(), f"{style} bold underline".strip()
        at = match.end()
    yield text[at:], style


def read_paper(text: str, width: int, look: Look) -> list[list[Part]]:
    """The lines of a paper that was written in colour; those that are too long are folded."""
    told = [line for one in text.splitlines() for line in _folded(_styled(one), width)]
    return [[(look.text(text), style) for text, style in line] for line in told]


def _styled(line: str) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for match in _STYLED.finditer(line):
        parts.append((line[at : match.start()], ""))
        parts.append((match.group(2), _CODES[match.group(1)]))
        at = match.end()
    parts.append((line[at:], ""))
    return [one for one in parts if one[0]]


def _folded(parts: list[Part], width: int) -> Iterator[list[Part]]:
    whole = "".join(text for text, _ in parts)
    indent = len(whole) - len(whole.lstrip(" ")) + 2
    if indent > width // 2:
        indent = 0
    line: list[Part] = []
    room = width
    for text, style in parts:
        while cell_len(text) > room:
            taken = _that_fit(text, room)
            # However narrow it is, a line takes one sign.
            taken = max(taken, 1) if room == width or len(line) < 2 else taken
            yield [*line, (text[:taken], style)]
            text, line, room = text[taken:], [(" " * indent, "")], width - indent
        line.append((text, style))
        room -= cell_len(text)
    yield line


def _that_fit(text: str, room: int) -> int:
    """How many signs of the text fit."""
    for taken, sign in enumerate(text):
        room -= cell_len(sign)
        if room < 0:
            return taken
    return len(text)


def length(parts: Iterable[Part]) -> int:
    """How many cells the parts take."""
    return sum(cell_len(text) for text, _ in parts)
