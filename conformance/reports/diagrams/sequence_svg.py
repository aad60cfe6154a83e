"""A sequence as an SVG of our own: rows from the top to the bottom, as high as their text.

A peer's text stands beside its lifeline, on the outer side where there are two peers, so that the
room between them is the messages'. Every text has a box, as wide as it can be in any font, and no
two boxes overlap.
"""

from __future__ import annotations

import msgspec

from ..story_words import duration
from .measuring import LINE, Box, text_size, wrapped
from .messages import Flight, Flights
from .sequence import Chart, Item, LeftOut, Repeat, Row
from .sequence_words import left_out_in_words, once, repeat_in_words
from .svg import document, line, rectangle, text

FONT, SMALL, TITLE = 12.0, 10.0, 15.0
MARGIN = 18.0
GUTTER = 112.0
"""The width of the column with the lines' numbers and times."""

COLUMN = 330.0
"""The width of a peer's text."""

BETWEEN = 300.0
"""The width between two lifelines, for messages."""

ARROW = 34.0
"""The length of the arrow between a text and its lifeline."""

GAP = 7.0
"""The room between two rows."""

MOST_LINES = 6

COLOURS = {"call": "ink", "settled": "green", "failed": "red", "event": "blue"}
LEGEND = (
    "solid arrow: a call; dashed: its promise settles; from the lifeline: an event;"
    " red with ✗: it fails, or a finding; rounded: the signaling state"
)


class Place(msgspec.Struct, frozen=True):
    """Where a peer is: its lifeline, and the column of its text (`side`: -1 left, 1 right)."""

    x: float
    side: int


class Label(msgspec.Struct, frozen=True):
    """A text in its box; `classes` and `anchor` are how it is drawn."""

    box: Box
    lines: tuple[str, ...]
    font: float = FONT
    anchor: str = "middle"
    classes: str = ""


class Layout(msgspec.Struct):
    """What is drawn where: shapes below, labels above them."""

    width: float
    height: float = 0.0
    shapes: list[str] = []
    labels: list[Label] = []


def sequence_svg(chart: Chart) -> str:
    """The SVG."""
    layout = layout_of(chart)
    area = Box(layout.width / 2, layout.height / 2, layout.width, layout.height)
    told = (text(one.lines, one.box, one.font, one.anchor, one.classes) for one in layout.labels)
    return document(area, chart.title, _described(chart), [*layout.shapes, *told])


def _described(chart: Chart) -> str:
    peers = " and ".join(
        f"{one.name} ({one.stack})" if one.stack else one.name for one in chart.peers
    )
    return f"A sequence diagram of {peers}: {chart.about}, {len(chart.rows)} rows"


def layout_of(chart: Chart) -> Layout:
    """Where everything is."""
    return _Drawing(chart).drawn()


def _places(count: int) -> tuple[list[Place], float]:
    """The peers' places, and the width of all."""
    places: list[Place] = []
    x = MARGIN + GUTTER
    for number in range(count):
        side = -1 if number == 0 and count > 1 else 1
        if number == 0:
            x += COLUMN if side < 0 else 70.0
        else:
            x += BETWEEN if places[-1].side < 0 else COLUMN + BETWEEN / 2
        places.append(Place(x, side))
    return places, places[-1].x + COLUMN + MARGIN


class _Drawing:
    """Draws rows one below the other; `y` is where the next one begins."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        places, width = _places(len(chart.peers))
        self.places = {peer.name: place for peer, place in zip(chart.peers, places, strict=True)}
        self.layout = Layout(width, shapes=[], labels=[])
        self.flights = Flights(chart)
        self.begun: dict[int, tuple[float, float]] = {}
        self.y = MARGIN

    def drawn(self) -> Layout:
        """The layout of the whole chart."""
        self._head()
        top = self.y
        for row in self.chart.rows:
            self._row(row)
        for place in self.places.values():
            self.layout.shapes.insert(0, line((place.x, top), (place.x, self.y), "line"))
        self.y += GAP
        self._participants()
        self.layout.height = self.y + MARGIN / 2
        return self.layout

    def _head(self) -> None:
        whole = self.layout.width - 2 * MARGIN
        for told, font, classes in (
            (self.chart.title, TITLE, "b"),
            (self.chart.about, FONT, "f-faint"),
            (LEGEND, SMALL, "f-faint"),
        ):
            lines = wrapped(told, font, whole, 2 if font != SMALL else 4)
            box = self._below(text_size(lines, font), MARGIN + whole / 2)
            self.layout.labels.append(Label(box, lines, font, "middle", classes))
        self.y += GAP
        self._participants()

    def _below(self, size: tuple[float, float], x: float) -> Box:
        """The box of this size at the height where the next row begins; the next is below it."""
        box = Box(x, self.y + size[1] / 2, *size)
        self.y += size[1] + 2
        return box

    def _participants(self) -> None:
        told = {
            peer.name: (
                *wrapped(peer.name, FONT, BETWEEN - 60, 2),
                *(wrapped(peer.stack, SMALL, BETWEEN - 60, 2) if peer.stack else ()),
            )
            for peer in self.chart.peers
        }
        height = max(len(lines) for lines in told.values()) * FONT * LINE + 10
        for name, lines in told.items():
            width, high = text_size(lines, FONT)
            outer = Box(self.places[name].x, self.y + height / 2, max(width + 20, 70), height)
            self.layout.shapes.append(rectangle(outer, "f-box s-ink", ' rx="4"'))
            box = Box(outer.x, outer.y, width, high)
            self.layout.labels.append(Label(box, lines, FONT))
        self.y += height + GAP

    def _row(self, row: Row) -> None:
        match row:
            case Item():
                self._item(row)
            case Repeat():
                self._repeat(row)
            case LeftOut():
                self._across(left_out_in_words(row), dashed=True)

    def _across(self, told: str, *, dashed: bool) -> None:
        """A text from one side to the other, between two lines."""
        whole = self.layout.width - 2 * MARGIN
        lines = wrapped(told, FONT, whole - 40, 2)
        width, height = text_size(lines, FONT)
        y = self.y + height / 2 + 4
        box = Box(MARGIN + whole / 2, y, width, height)
        dashes = ' stroke-dasharray="2 4"' if dashed else ""
        self.layout.shapes += [
            line((MARGIN, y), (self.layout.width - MARGIN, y), "line", dashes),
            rectangle(Box(box.x, y, width + 16, height + 4), "f-paper"),
        ]
        self.layout.labels.append(Label(box, lines, FONT, classes="f-faint"))
        self.y += height + 8 + GAP

    def _repeat(self, row: Repeat) -> None:
        if len(row.items) == 1:
            self._item(once(row))
            return
        top = self.y
        lines = (f"repeated {repeat_in_words(row)}",)
        width, height = text_size(lines, FONT)
        box = Box(MARGIN + 8 + width / 2, top + 5 + height / 2, width, height)
        back = Box(box.x, box.y, width * 1.1 + 8, height)  # bold is wider
        self.layout.shapes.append(rectangle(back, "f-paper"))
        self.layout.labels.append(Label(box, lines, FONT, classes="b"))
        self.y += height + 10
        for item in row.items:
            self._item(item)
        across = self.layout.width - MARGIN
        frame = Box(MARGIN / 2 + across / 2, (top + self.y) / 2, across, self.y - top)
        self.layout.shapes.append(rectangle(frame, "s-line", ' fill="none" rx="6"'))
        self.y += GAP

    # One item.

    def _item(self, item: Item) -> None:
        place = self.places[item.peer]
        if item.kind in ("send", "receive"):
            self._message(item, place)
        elif item.kind in ("finding", "note"):
            self._boxed(item, place)
        elif item.text:
            self._beside(item, place)
        if item.state is not None:
            self._state(item.state, place)

    def _numbered(self, item: Item, y: float) -> None:
        """The line's number and its time, at the left."""
        lines = (f"{item.line} · {duration(item.t)}",)
        width, height = text_size(lines, SMALL)
        box = Box(MARGIN + GUTTER - 14 - width / 2, y, width, height)
        self.layout.labels.append(Label(box, lines, SMALL, "end", "f-faint"))

    def _column(self, told: str, place: Place, away: float) -> tuple[tuple[str, ...], Box]:
        """The text beside a lifeline, so far away from it, and its box."""
        room = COLUMN - away - 8
        lines = wrapped(told, FONT, room, MOST_LINES)
        width, height = text_size(lines, FONT)
        x = place.x + place.side * (away + width / 2)
        return lines, Box(x, self.y + height / 2, width, height)

    def _beside(self, item: Item, place: Place) -> None:
        failed = item.kind == "failed"
        lines, box = self._column(f"✗ {item.text}" if failed else item.text, place, ARROW + 8)
        colour = COLOURS.get(item.kind, "faint")
        classes = "" if colour == "ink" else f"f-{colour}"
        self.layout.labels.append(_aligned(box, lines, place.side, classes))
        self._numbered(item, self.y + FONT * LINE / 2)
        y = self.y + FONT * LINE / 2
        near, far = (place.x, y), (place.x + place.side * (ARROW + 2), y)
        dashes = ' stroke-dasharray="5 3"' if item.kind in ("settled", "failed") else ""
        start, end = (far, near) if item.kind == "call" else (near, far)
        self.layout.shapes.append(line(start, end, colour, dashes, head=True))
        self.y = box.bottom + GAP

    def _boxed(self, item: Item, place: Place) -> None:
        bad = item.kind == "finding" and item.text.startswith("✗")
        lines, box = self._column(item.text, place, 20)
        box = Box(box.x, box.y + 5, box.width, box.height)
        outer = Box(box.x, box.y, box.width + 12, box.height + 10)
        classes = "f-redbox s-red" if bad else "f-box s-line"
        self.layout.shapes.append(rectangle(outer, classes, ' rx="3"'))
        edge = outer.left if place.side > 0 else outer.right
        colour = "red" if bad else "line"
        self.layout.shapes.append(line((place.x, box.y), (edge, box.y), colour))
        self.layout.labels.append(_aligned(box, lines, place.side, "f-red" if bad else ""))
        self._numbered(item, self.y + 5 + FONT * LINE / 2)
        self.y = outer.bottom + GAP

    def _state(self, state: str, place: Place) -> None:
        lines = wrapped(state, FONT, BETWEEN - 60, 2)
        width, height = text_size(lines, FONT)
        box = Box(place.x, self.y + height / 2 + 2, width, height)
        outer = Box(box.x, box.y, width + 18, height + 5)
        self.layout.shapes.append(rectangle(outer, "f-box s-ink", f' rx="{outer.height / 2:.1f}"'))
        self.layout.labels.append(Label(box, lines, FONT))
        self.y = outer.bottom + GAP

    # Messages.

    def _message(self, item: Item, place: Place) -> None:
        flight = self.flights.of(item)
        if item.kind == "send":
            self._sent(item, place, flight)
        else:
            self._received(item, place, flight)

    def _sent(self, item: Item, place: Place, flight: Flight) -> None:
        """The label at the sender; the arrow is drawn where it arrives, if that is shown."""
        lost = "✗ " if item.lost else ""
        told = f"{lost}{item.text}{', never received' if item.lost else ''}"
        towards = self._towards(place)
        box = self._message_label(told, place, towards, "f-red" if item.lost else "")
        self._numbered(item, self.y + FONT * LINE / 2)
        y = box.bottom + 3
        if flight.received is None:
            colour = "red" if item.lost else "ink"
            end = (place.x + towards * min(box.width + 24, BETWEEN / 2), y)
            self.layout.shapes.append(line((place.x, y), end, colour, head=not item.lost))
        else:
            self.begun[id(item)] = (place.x, y)
        self.y = y + GAP

    def _received(self, item: Item, place: Place, flight: Flight) -> None:
        self._numbered(item, self.y + FONT * LINE / 2)
        if flight.sent is not None and id(flight.sent) in self.begun:
            y = self.y + FONT * LINE / 2
            start = self.begun[id(flight.sent)]
            self.layout.shapes.append(line(start, (place.x, y), "ink", head=True))
            self.y += FONT * LINE + GAP
            return
        towards = self._towards(place)
        box = self._message_label(item.text, place, towards, "")
        y = box.bottom + 3
        start = (place.x + towards * min(box.width + 24, BETWEEN / 2), y)
        self.layout.shapes.append(line(start, (place.x, y), "ink", head=True))
        self.y = y + GAP

    def _towards(self, place: Place) -> int:
        """On which side of its lifeline a peer's messages are: where the others are."""
        if len(self.places) == 1:
            return -1 if place.side > 0 else 1
        return -place.side if len(self.places) == 2 else (1 if place.side < 0 else -1)

    def _message_label(self, told: str, place: Place, towards: int, classes: str) -> Box:
        room = BETWEEN - 50 if len(self.places) > 1 else 60.0
        lines = wrapped(told, FONT, room, 3)
        width, height = text_size(lines, FONT)
        box = Box(place.x + towards * (10 + width / 2), self.y + height / 2, width, height)
        self.layout.shapes.append(rectangle(Box(box.x, box.y, width + 4, height), "f-paper"))
        self.layout.labels.append(_aligned(box, lines, towards, classes))
        return box


def _aligned(box: Box, lines: tuple[str, ...], side: int, classes: str) -> Label:
    return Label(box, lines, FONT, "start" if side > 0 else "end", classes)
