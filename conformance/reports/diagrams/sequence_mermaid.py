"""A sequence as Mermaid's sequenceDiagram."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from negotiation.model.diagram_texts import mermaid_head, mermaid_text

from ..paper import plain
from .messages import Flights
from .sequence import Chart, Item, LeftOut, Lifeline, Repeat, Row
from .sequence_words import left_out_in_words, once, repeat_in_words

_ARROWS = {"call": "->>", "settled": "-->>", "failed": "--x", "event": "-)"}
_WORDS = {"event": "event ", "failed": "✗ "}
LONGEST_LINE = 46
"""Signs in a line of a note: Mermaid breaks none itself."""


def sequence_mermaid(chart: Chart) -> str:
    """The text; every text of the recording is escaped."""
    names = {peer.name: f"p{number}" for number, peer in enumerate(chart.peers)}
    drawn = Drawn(names, Flights(chart))
    lines = [
        *mermaid_head(plain(f"{chart.title}: {chart.about}")),
        "sequenceDiagram",
        f"  accTitle: {mermaid_text(chart.title)}",
        f"  accDescr: {mermaid_text(chart.about)}",
        *(f"  {line}" for number, peer in enumerate(chart.peers) for line in _peer(number, peer)),
        *(f"  {line}" for row in chart.rows for line in drawn.row(row)),
    ]
    return "\n".join(lines) + "\n"


def _peer(number: int, peer: Lifeline) -> list[str]:
    """A peer's code, and its connection: the code on the outer side."""
    stack = f"<br/>{_broken(peer.stack)}" if peer.stack else ""
    code = f"participant p{number}c as {_broken(f'code of {peer.name}')}"
    connection = f"participant p{number} as {_broken(peer.name)}{stack}"
    return [code, connection] if number == 0 else [connection, code]


def _broken(text: str) -> str:
    """A text in lines of Mermaid's."""
    return "<br/>".join(map(mermaid_text, textwrap.wrap(text, LONGEST_LINE))) or mermaid_text(" ")


def _all(names: dict[str, str]) -> str:
    several = list(names.values())
    return several[0] if len(several) == 1 else f"{several[0]},{several[-1]}"


class Drawn:
    """Rows as lines of Mermaid."""

    def __init__(self, names: dict[str, str], flights: Flights) -> None:
        self._names = names
        self._flights = flights

    def row(self, row: Row) -> Iterator[str]:
        """The lines of a row."""
        match row:
            case Item():
                yield from self._item(row)
            case Repeat() if len(row.items) == 1:
                yield from self._item(once(row))
            case Repeat():
                yield f"loop {mermaid_text(repeat_in_words(row))}"
                for item in row.items:
                    yield from (f"  {line}" for line in self._item(item))
                yield "end"
            case LeftOut():
                yield f"Note over {_all(self._names)}: {_broken(left_out_in_words(row))}"

    def _item(self, item: Item) -> Iterator[str]:
        own = self._names[item.peer]
        text = _broken(f"{item.line}: {_WORDS.get(item.kind, '')}{item.text}")
        if item.kind in _ARROWS:
            ends = (f"{own}c", own) if item.kind == "call" else (own, f"{own}c")
            yield f"{ends[0]}{_ARROWS[item.kind]}{ends[1]}: {text}"
        elif item.kind in ("send", "receive"):
            yield from self._message(item, own)
        elif item.text:
            yield f"Note over {own}: {text}"
        if item.state is not None:
            yield f"Note over {own}: {_broken(f'state {item.state}')}"

    def _message(self, item: Item, own: str) -> Iterator[str]:
        """An arrow where a message arrives; where it does not, a note at its sending."""
        flight = self._flights.of(item)
        if item.kind == "send":
            if not flight.is_short:
                lost = ", never received" if item.lost else ""
                told = _broken(f"{item.line}: sends {item.text}{lost}")
                yield f"Note over {own}: {told}"
            return
        if flight.sent is None:
            yield f"Note over {own}: {_broken(f'{item.line}: receives {item.text}')}"
            return
        sender = self._names[flight.sent.peer]
        yield f"{sender}->>{own}: {_broken(f'{item.line}: {item.text}')}"
