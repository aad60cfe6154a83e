"""A sequence as Mermaid's sequenceDiagram."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.model.diagram_texts import mermaid_text

from .messages import Flight, flights_of
from .sequence import Item, LeftOut, Repeat, Row, Story
from .sequence_words import left_out_in_words, once, repeat_in_words

_ARROWS = {"call": "->>", "settled": "-->>", "failed": "--x", "event": "-)"}
_WORDS = {"event": "event "}


def sequence_mermaid(story: Story) -> str:
    """The text; every text of the recording is escaped."""
    names = {peer.name: f"p{number}" for number, peer in enumerate(story.peers)}
    told = [
        f"  participant {names[one.name]} as {_participant(one.name, one.stack)}"
        for one in story.peers
    ]
    drawn = Drawn(names, flights_of(story))
    lines = [
        "sequenceDiagram",
        f"  accTitle: {mermaid_text(story.title)}",
        f"  accDescr: {mermaid_text(story.about)}",
        *told,
        f"  Note over {_all(names)}: {mermaid_text(f'{story.title}: {story.about}')}",
        *(f"  {line}" for row in story.rows for line in drawn.row(row)),
    ]
    return "\n".join(lines) + "\n"


def _participant(name: str, stack: str) -> str:
    return f"{mermaid_text(name)} ({mermaid_text(stack)})" if stack else mermaid_text(name)


def _all(names: dict[str, str]) -> str:
    several = list(names.values())
    return several[0] if len(several) == 1 else f"{several[0]},{several[-1]}"


class Drawn:
    """Rows as lines of Mermaid."""

    def __init__(self, names: dict[str, str], flights: dict[int, Flight]) -> None:
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
                yield f"Note over {_all(self._names)}: {mermaid_text(left_out_in_words(row))}"

    def _item(self, item: Item) -> Iterator[str]:
        own = self._names[item.peer]
        text = mermaid_text(f"{item.line}: {_WORDS.get(item.kind, '')}{item.text}")
        if item.kind in _ARROWS:
            yield f"{own}{_ARROWS[item.kind]}{own}: {text}"
        elif item.kind in ("send", "receive"):
            yield from self._message(item, own)
        elif item.text:
            yield f"Note over {own}: {text}"
        if item.state is not None:
            yield f"Note over {own}: {mermaid_text(f'state {item.state}')}"

    def _message(self, item: Item, own: str) -> Iterator[str]:
        """An arrow where a message arrives; where it does not, a note at its sending."""
        flight = self._flights[id(item)]
        if item.kind == "send":
            if not flight.is_short:
                lost = ", never received" if item.lost else ""
                told = mermaid_text(f"{item.line}: sends {item.text}{lost}")
                yield f"Note over {own}: {told}"
            return
        if flight.sent is None:
            yield f"Note over {own}: {mermaid_text(f'{item.line}: receives {item.text}')}"
            return
        sender = self._names[flight.sent.peer]
        yield f"{sender}->>{own}: {mermaid_text(f'{item.line}: {item.text}')}"
