"""Diagrams in a real browser: Mermaid's own parser takes them, text fits into its boxes."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from charts import HOSTILE
from devtools import Browser, Tab
from rtcstats_page import package

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.opening import find_recordings, read_recording
from negotiation.conformance.reports.diagrams.drawing import svg_of
from negotiation.conformance.reports.diagrams.observed import Observing
from negotiation.conformance.reports.diagrams.sequence import (
    Chart,
    Item,
    LeftOut,
    Lifeline,
    Repeat,
    Row,
    sequence_of,
)
from negotiation.conformance.reports.diagrams.sequence_mermaid import sequence_mermaid
from negotiation.conformance.reports.diagrams.sequence_svg import sequence_svg
from negotiation.conformance.reports.diagrams.weighing import Side, differing_graph, observed_graph
from negotiation.conformance.reports.replaying import Replay
from negotiation.model.diagram_texts import mermaid_of
from negotiation.model.diagrams import DIAGRAMS, diagram_graph
from negotiation.model.graphs import Edge, Graph, Node

MERMAID = "11.17.2"
ROOT = Path(__file__).parents[4]
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH"),
]


def use(script: Callable[[Tab], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        assert CHROMIUM is not None
        async with Browser(Path(CHROMIUM)) as browser:
            return await script(await browser.tab("about:blank"))

    return asyncio.run(run())


def hostile_chart() -> Chart:
    """Every hostile text, in every place where a text can be."""
    rows: list[Row] = []
    kinds = ("call", "settled", "failed", "event", "send", "receive", "note", "finding")
    for number, text in enumerate(HOSTILE):
        for kind in kinds:
            item = Item(number, 0.0, "A", kind, text, "x", text, text)  # type: ignore[arg-type]
            rows.append(item)
        again = Item(number, 0.0, "B", "call", text, "x")
        rows += [Repeat((again, again), 3, number), LeftOut(3, 1, 4)]
    peers = (Lifeline("A", HOSTILE[5]), Lifeline("B", HOSTILE[8]))
    return Chart(" ".join(HOSTILE[:9]), " ".join(HOSTILE), peers, tuple(rows))


def real_charts() -> list[Chart]:
    named = [
        *sorted((ROOT / "docs/dumps").iterdir()),
        *sorted((ROOT / "traces/interworking/chromium+firefox").glob("*glare*")),
    ]
    return [
        sequence_of(Replay(read_recording(name), Checker()))
        for name in find_recordings(map(str, named))
    ]


def graphs() -> list[Graph]:
    files = find_recordings([str(ROOT / "traces/interworking/chromium+wrtc")])
    found = [diagram_graph(what) for what in DIAGRAMS]
    for what in DIAGRAMS:
        seen = Observing(what).observe(files)
        left, right = (Side(one, seen.of([one])) for one in ("chromium", "wrtc"))
        found += [observed_graph(what, left), differing_graph(what, left, right)]
    return found


def hostile_graph() -> Graph:
    nodes = [Node(f"x{n}", (text, text), (0.0, 0.0)) for n, text in enumerate(HOSTILE)]
    edges = [
        Edge(node.id, nodes[0].id, node.lines, mark="forbidden", word=node.lines[0], weight=1)
        for node in nodes
    ]
    return Graph(" ".join(HOSTILE), tuple(nodes), tuple(edges), HOSTILE)


DRAW = """(async () => {
  const drawn = [];
  for (const text of %s) {
    await mermaid.parse(text);
    const {svg} = await mermaid.render("drawn" + drawn.length, text);
    const holder = document.createElement("div");
    holder.innerHTML = svg;
    const active = holder.querySelector("script,img,iframe,[onerror],[onload]");
    drawn.push([holder.textContent, active !== null]);
  }
  return drawn;
})()"""


def test_mermaid_itself_takes_every_diagram(tmp_path: Path) -> None:
    script = package("mermaid", MERMAID, tmp_path)["dist/mermaid.min.js"]
    texts = [mermaid_of(one) for one in (*graphs(), hostile_graph())]
    texts += [sequence_mermaid(one) for one in (*real_charts(), hostile_chart())]

    async def draw(tab: Tab) -> Any:
        await tab.evaluate(f"{script}; 0")
        await tab.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'}); 0")
        return await tab.evaluate(DRAW % json.dumps(texts))

    drawn = use(draw)
    assert len(drawn) == len(texts)
    assert not any(is_active for _, is_active in drawn)
    hostile = "".join(drawn[-1][0].split())
    for text in ("a;b#c", "#35;", "%%{init: {'theme': 'dark'}}%%", "p0->>p1: x", "&amp; &lt;b&gt;"):
        assert "".join(text.split()) in hostile, text


MEASURE = """(() => {
  const told = [];
  for (const svg of %s) {
    document.body.innerHTML = svg;
    const area = document.querySelector("svg").viewBox.baseVal;
    const boxes = [...document.querySelectorAll("tspan")].filter(one => one.textContent.trim());
    const texts = [...document.querySelectorAll("text")].filter(one => one.textContent.trim());
    const rects = texts.map(one => one.getBBox());
    const within = rects.every(one => one.x >= area.x && one.y >= area.y
      && one.x + one.width <= area.x + area.width && one.y + one.height <= area.y + area.height);
    const meet = (a, b) => a.x + 1 < b.x + b.width && b.x + 1 < a.x + a.width
      && a.y + 3 < b.y + b.height && b.y + 3 < a.y + a.height;
    const meeting = [];
    rects.forEach((one, at) => rects.slice(0, at).forEach((other, which) => {
      if (meet(one, other)) meeting.push([texts[at].textContent, texts[which].textContent]);
    }));
    told.push({texts: boxes.length, within, meeting});
  }
  return told;
})()"""


def test_in_a_real_font_no_text_overlaps_another_or_is_cut() -> None:
    charts = [sequence_svg(one) for one in (*real_charts(), hostile_chart())]
    svgs = [*charts, *(svg_of(one) for one in graphs())]

    async def measure(tab: Tab) -> Any:
        return await tab.evaluate(MEASURE % json.dumps(svgs))

    measured = use(measure)
    assert len(measured) == len(svgs)
    for one in measured:
        assert one["texts"]
        assert one["within"]
        assert one["meeting"] == []
