"""The messages of a sequence: which is received where, as far as both ends are shown."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .sequence import Chart, Item, Repeat, Row


class Flight(msgspec.Struct, frozen=True):
    """A message on its way; `is_short`: nothing is shown between its sending and its arrival."""

    sent: Item | None
    received: Item | None
    is_short: bool = False


class Flights:
    """The flight of each message of a sequence."""

    def __init__(self, chart: Chart) -> None:
        self._by_item = _flights_of(chart)

    def of(self, item: Item) -> Flight:
        """That of a message that was sent or received; of what is told once, one end only."""
        alone = Flight(item, None) if item.kind == "send" else Flight(None, item)
        return self._by_item.get(id(item), alone)


def _flights_of(chart: Chart) -> dict[int, Flight]:
    items = [item for row in chart.rows for item in items_of(row)]
    waiting: dict[str, list[tuple[int, Item]]] = {}
    flights: dict[int, Flight] = {}
    for at, item in enumerate(items):
        if item.kind == "send" and item.message is not None:
            waiting.setdefault(item.message, []).append((at, item))
            flights[id(item)] = Flight(item, None)
        elif item.kind == "receive" and item.message is not None:
            known = [one for one in waiting.get(item.message, ()) if one[1].peer != item.peer]
            sent_at, sent = known[0] if known else (at, None)
            flight = Flight(sent, item, is_short=at == sent_at + 1 and sent is not None)
            flights[id(item)] = flight
            if sent is not None and flights[id(sent)].received is None:
                flights[id(sent)] = flight
    return flights


def items_of(row: Row) -> Iterator[Item]:
    """What is shown of a row."""
    if isinstance(row, Item):
        yield row
    elif isinstance(row, Repeat):
        yield from row.items
