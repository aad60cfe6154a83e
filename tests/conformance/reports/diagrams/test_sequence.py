"""Recordings as sequences: what is shown, what is told once, what is left out."""

from __future__ import annotations

import gzip
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from charts import HOSTILE, charts
from hypothesis import given, settings

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.errors import UsageError
from negotiation.conformance.importing.opening import find_recordings, read_recording
from negotiation.conformance.reports.diagrams.measuring import text_size, text_width, wrapped
from negotiation.conformance.reports.diagrams.messages import Flights, items_of
from negotiation.conformance.reports.diagrams.sequence import (
    MOST_ROWS,
    Chart,
    Item,
    LeftOut,
    Repeat,
    Row,
    bounded,
    collapsed,
    sequence_of,
)
from negotiation.conformance.reports.diagrams.sequence_mermaid import sequence_mermaid
from negotiation.conformance.reports.diagrams.sequence_svg import layout_of, sequence_svg
from negotiation.conformance.reports.paper import plain
from negotiation.conformance.reports.replaying import Part, Replay

ROOT = Path(__file__).parents[4]
GLARE = ROOT / "traces/interworking/chromium+firefox/glare-that-both-ends-ignore.jsonl.gz"
GOLDEN = Path(__file__).parent / "golden"
TAGS = {
    *("svg", "title", "desc", "style", "defs", "marker"),
    *("path", "rect", "line", "text", "tspan"),
}
SVG = "{http://www.w3.org/2000/svg}"


def replayed(file: Path | str) -> Replay:
    (name,) = find_recordings([str(file)])
    return Replay(read_recording(name), Checker())


@pytest.fixture(scope="module")
def glare() -> Replay:
    return replayed(GLARE)


def shown(chart: Chart) -> list[Item]:
    return [item for row in chart.rows for item in items_of(row)]


def item(line: int, told: str, peer: str = "A", kind: str = "call") -> Item:
    return Item(line, 0.0, peer, kind, f"{told} #{line}", told)  # type: ignore[arg-type]


# What is shown.


def test_every_call_settlement_event_and_message_is_a_row(glare: Replay) -> None:
    items = shown(sequence_of(glare))
    kinds = {"call", "resolve", "reject", "throw", "event", "send", "receive"}
    lines = [line for line, one in glare.observations if type(one).__struct_config__.tag in kinds]
    assert [one.line for one in items if one.kind != "finding"] == lines
    assert [one.state for one in items if one.state] == ["have-local-offer", "have-local-offer"]


def test_findings_stand_at_their_lines(glare: Replay) -> None:
    found = [one for one in shown(sequence_of(glare)) if one.kind == "finding"]
    assert [one.line for one in found] == sorted(one.line for one in glare.verdict.findings)
    assert found[-1].text.startswith("✗ fault GLARE-DEADLOCK: ")
    assert found[0].text.startswith("note GLARE-IGNORED: ")


def test_messages_fly_from_one_to_the_other(glare: Replay) -> None:
    chart = sequence_of(glare)
    flights = Flights(chart)
    received = [one for one in shown(chart) if one.kind == "receive"]
    for one in received:
        sent = flights.of(one).sent
        assert sent is not None
        assert sent.peer != one.peer
        assert sent.text == one.text
    assert not any(one.lost for one in shown(chart))


def test_a_message_that_no_other_peer_received_is_lost() -> None:
    replay = replayed(GLARE)
    kept = [(line, one) for line, one in replay.observations if line != 25]
    replay.observations = kept
    (lost,) = [one for one in shown(sequence_of(replay)) if one.lost]
    assert lost.text == "offer s1 (offerA)"
    assert "✗ offer s1 (offerA), never received" in _texts(sequence_svg(sequence_of(replay)))
    assert "sends offer s1 (offerA), never received" in sequence_mermaid(sequence_of(replay))


def test_a_peer_may_be_called_anything(tmp_path: Path) -> None:
    text = gzip.decompress(GLARE.read_bytes()).replace(b'"A"', b'"\\u001b[31m\\u202ered"')
    (tmp_path / "odd.jsonl").write_bytes(text)
    chart = sequence_of(replayed(tmp_path / "odd.jsonl"))
    assert [one.name for one in chart.peers] == ["\\x1b[31m\\u202ered", "B"]
    assert "red" in sequence_svg(chart)
    assert "red" in sequence_mermaid(chart)


def test_parts(glare: Replay) -> None:
    lines = [one.line for one in shown(sequence_of(glare, Part(first=10, last=20)))]
    assert (min(lines), max(lines)) == (10, 20)
    only = sequence_of(glare, Part(peer="B"))
    assert {one.peer for one in shown(only)} == {"B"}
    assert [one.name for one in only.peers] == ["B"]
    near = sequence_of(glare, focus=18, depth=1)
    assert [one.line for one in shown(near)] == [16, 18, 20]
    with pytest.raises(UsageError, match="no such lines"):
        sequence_of(glare, Part(first=1000))


# Repeats, and what is left out.


def test_what_repeats_is_told_once() -> None:
    items = [item(n, told) for n, told in enumerate(["x", *["a", "b"] * 4, "y", "z", "z", "z"])]
    rows = collapsed(items)
    assert rows[0] == items[0]
    assert rows[1] == Repeat((items[1], items[2]), 4, 8)
    assert rows[3] == Repeat((items[10],), 3, 12)


def test_twice_is_no_repeat_and_findings_never_are() -> None:
    twice = [item(1, "a"), item(2, "a")]
    assert collapsed(twice) == twice
    found = [item(n, "a", kind="finding") for n in range(5)]
    assert collapsed(found) == found


def test_what_one_peer_does_is_no_repeat_of_the_other() -> None:
    items = [item(n, "a", peer) for n, peer in enumerate("ABBA")]
    assert collapsed(items) == items


def test_a_long_recording_is_cut_to_what_a_person_can_read() -> None:
    items: list[Row] = [item(n, str(n)) for n in range(2, 1002)]
    items[500] = item(502, "found", kind="finding")
    rows = bounded(items, MOST_ROWS)
    assert len([one for one in rows if isinstance(one, Item)]) == MOST_ROWS
    assert items[500] in rows
    assert rows[:15] == items[:15]
    assert rows[-15:] == items[-15:]
    left_out = [one for one in rows if isinstance(one, LeftOut)]
    assert sum(one.lines for one in left_out) == 1000 - MOST_ROWS
    lines = {line for one in left_out for line in range(one.first, one.last + 1)}
    assert not lines & {one.line for one in rows if isinstance(one, Item)}


def test_a_loop_is_short() -> None:
    chart = sequence_of(replayed(ROOT / "docs/dumps/loop.jsonl"))
    (repeat,) = [one for one in chart.rows if isinstance(one, Repeat)]
    assert repeat.times == 6
    assert "repeated 6 times, lines 4 to 75" in _texts(sequence_svg(chart))
    assert "  loop 6 times, lines 4 to 75\n" in sequence_mermaid(chart)


# The formats.


def _texts(svg: str) -> str:
    return " ".join(one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}tspan"))


@settings(max_examples=60, deadline=None)
@given(charts())
def test_no_text_overlaps_another_or_is_cut(chart: Chart) -> None:
    layout = layout_of(chart)
    for one, other in combinations(layout.labels, 2):
        assert not one.box.overlaps(other.box), (one, other)
    for label in layout.labels:
        assert 0 <= label.box.left < layout.width
        assert label.box.right <= layout.width
        assert label.box.top >= 0
        assert label.box.bottom <= layout.height
        width, height = text_size(label.lines, label.font)
        assert width <= label.box.width + 0.01
        assert height <= label.box.height + 0.01


@settings(max_examples=60, deadline=None)
@given(charts())
def test_the_svg_is_well_formed_and_has_nothing_but_shapes_and_text(chart: Chart) -> None:
    svg = sequence_svg(chart)
    tags = {one.tag.removeprefix(SVG) for one in ElementTree.fromstring(svg).iter()}
    assert tags <= TAGS
    assert not re.search(r"\son\w+=|href|url\((?!#)", re.sub(r">[^<]*<", "><", svg))
    assert re.search(r"<title[^>]*>.*</title>\s*<desc[^>]*>.*</desc>", svg, re.DOTALL)
    assert "prefers-color-scheme:dark" in svg


_LINE = re.compile(
    r"---|title: \".*\"|sequenceDiagram"
    r"|  acc(Title|Descr): .*"
    r"|  participant p\d+c? as .*"
    r"|  (  )?p\d+c?(->>|-->>|--x|-\))p\d+c?: .+"
    r"|  (  )?Note over p\d+(,p\d+)?: .+"
    r"|  loop .+|  end"
)


@settings(max_examples=60, deadline=None)
@given(charts())
def test_every_line_of_mermaid_is_one_of_ours(chart: Chart) -> None:
    text = sequence_mermaid(chart)
    assert text.endswith("\n")
    for line in text.removesuffix("\n").split("\n"):
        assert _LINE.fullmatch(line), line
        assert line.isprintable()
    _, _, drawn = text.partition("sequenceDiagram")
    assert not re.search(r"%%|;;|<(?!br/>)|[\"&`\\]", drawn)
    assert text.count("\n  loop ") == text.count("\n  end\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_wrapped_text_is_no_wider_than_it_may_be(text: str) -> None:
    lines = wrapped(text, 12.0, 200.0, 6)
    assert 1 <= len(lines) <= 6
    assert all(text_width(line, 12.0) <= 200 + 12 for line in lines)
    if len(text) < 20:
        assert " ".join(lines) == plain(text)


@pytest.mark.parametrize("name", ["glare.mmd", "glare.svg"])
def test_golden(name: str, glare: Replay, golden: object) -> None:
    chart = sequence_of(glare)
    drawn = sequence_svg(chart) if name.endswith("svg") else sequence_mermaid(chart)
    assert callable(golden)
    golden(name, drawn)
