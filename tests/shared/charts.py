"""Sequences with any text in them, and what is hostile to each format."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from negotiation.conformance.reports.diagrams.sequence import (
    Chart,
    Item,
    Kind,
    LeftOut,
    Lifeline,
    Repeat,
    Row,
)

HOSTILE = (
    "end",
    "the end",
    "a;b#c",
    "#35;",
    "\"quoted\" and 'so'",
    "%% no comment",
    "%%{init: {'theme': 'dark'}}%%",
    "line\nbreak\r\nand\u2028more",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&amp; &lt;b&gt;",
    "style x:y#1;z",
    "classDef a:b#c;",
    "wrap:x",
    "nowrap: y",
    "p0->>p1: x",
    "Note over p0: y",
    "activate p0",
    "\u202eright to left\u2066",
    "\x00\x1b[2J",
    "W" * 300,
    "漢字" * 60,
    "﷽﷽﷽ 𒐫𒐫",
    "ﬂ°°35¶ß",
    "[[]](){}|~`\\",
    "@{ shape: x }",
    "---",
    "",
)

TEXTS = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=60), st.sampled_from(["createOffer #1"])
)
KINDS: tuple[Kind, ...] = get_args(Kind)


def items(peers: list[str]) -> st.SearchStrategy[Item]:
    return st.builds(
        Item,
        line=st.integers(2, 99999),
        t=st.floats(0, 1e7),
        peer=st.sampled_from(peers),
        kind=st.sampled_from(KINDS),
        text=TEXTS,
        told=st.sampled_from(["a", "b"]),
        state=st.one_of(st.none(), TEXTS),
        message=st.sampled_from(["m1", "m2", "m3"]),
        lost=st.booleans(),
    )


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Any sequence of one to three peers."""
    names = ["A", "B", "a peer whose name is rather long, and longer still"]
    peers = names[: draw(st.integers(1, 3))]
    rows: list[Row] = []
    for _ in range(draw(st.integers(1, 12))):
        several = draw(st.lists(items(peers), min_size=1, max_size=3))
        last = several[-1].line
        row = draw(st.sampled_from(["item", "item", "item", "repeat", "left out"]))
        if row == "item":
            rows.append(several[0])
        elif row == "repeat":
            rows.append(Repeat(tuple(several), draw(st.integers(3, 99)), last))
        else:
            rows.append(LeftOut(draw(st.integers(1, 999)), 2, last))
    lifelines = tuple(Lifeline(name, draw(TEXTS)) for name in peers)
    return Chart(draw(TEXTS), draw(TEXTS), lifelines, tuple(rows))
