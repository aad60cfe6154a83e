"""Reports whose every string may be made to do harm, in one format or another."""

from __future__ import annotations

from hypothesis import strategies as st

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.reports.formats.report import (
    OUTCOMES,
    STALE,
    Entry,
    Fact,
    Known,
    Report,
    Section,
    Told,
    rule_of,
)
from negotiation.conformance.reports.leading import Leading

EVIL = (
    "</script></title><img src=x onerror=\"document.title='evil'\">",
    "<!--<script>document.title='evil'</script>-->]]>&lt;&#0;",
    "\x00\x01\x0b\x1b[2J\x7f\x9b31m\ufffe\uffff",
    "\ud800 lone, \udcff escaped",
    "\u202eturned\u2066 round\u200b\u2028\ufeff",
    "a\n::error file=x::injected",
    "\r\n##[error]injected\n",
    "%0A::error::injected%0D%25",
    "::stop-commands::x",
    "::error title=a,b:c::d",
    "| a | b |\n|---|---|",
    "`code` ``more`` ```\nfence",
    "[link](javascript:alert(1)) ![image](https://evil.example/x.png)",
    "<https://evil.example> https://evil.example www.evil.example a@evil.example",
    "@octocat #1 GH-1 octocat/repo#1 **bold** _it_ ~~gone~~ # head",
    "1. list\n- list\n> quote\n    code",
    "</details></summary></code>",
    "{0} [[NegotiationNeeded]] $x$ \\",
    "$(touch evil) `touch evil` '; touch evil; '",
    "x" * 9_000,
    "",
    " ",
)

texts: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(EVIL),
    st.text(max_size=30),
    st.lists(st.sampled_from(EVIL[:18]), min_size=2, max_size=3).map("".join),
)

_FILES = ("t/a b.jsonl", "t/%0A,a:b.jsonl", "<b>'`$(x)\".jsonl", "a#b:c.jsonl", "-", "/abs/a.jsonl")
files = st.one_of(st.sampled_from(_FILES), texts)

facts = st.builds(
    Fact,
    label=st.sampled_from(["Observed", "What to do", "Allowed instead"]),
    values=st.lists(texts, min_size=1, max_size=10).map(tuple),
    kind=st.sampled_from(["text", "command"]),
) | st.builds(Fact, st.just("The rule"), st.tuples(texts), st.just("url"))

lines = st.builds(Leading, line=st.integers(1, 1000), observed=texts, read=texts)

ids = st.sampled_from([*list(FINDINGS)[:6], *list(FINDINGS)[-4:], STALE])


@st.composite
def told(draw: st.DrawFn) -> Told:
    id = draw(ids)
    return Told(
        id=id,
        class_=rule_of(id).class_,
        message=draw(texts),
        file=draw(files),
        line=draw(st.integers(0, 1000)),
        fault=(id, draw(texts)),
        stack=draw(texts),
        facts=tuple(draw(st.lists(facts, max_size=4))),
        known=draw(st.none() | st.builds(Known, texts, texts, st.none() | texts)),
        flow=tuple(draw(st.lists(lines, max_size=3))),
        baseline=draw(st.sampled_from([None, "new", "unchanged", "updated", "absent"])),
    )


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    found = tuple(draw(st.lists(told(), max_size=3)))
    others = [one for one in OUTCOMES if one != "failed"]
    outcome = "failed" if any(one.is_wrong for one in found) else draw(st.sampled_from(others))
    return Entry(
        group=draw(texts),
        name=draw(texts),
        outcome=outcome,
        file=draw(files),
        line=draw(st.integers(0, 1000)),
        found=found,
        reasons=tuple(draw(st.lists(texts, max_size=2))),
        about=tuple(draw(st.lists(texts, max_size=2))),
    )


reports = st.builds(
    Report,
    command=st.sampled_from(["check", "fuzz", "matrix"]),
    conclusion=st.sampled_from(["Passed", "Failed"]),
    summary=texts,
    exit_code=st.integers(0, 4),
    seconds=st.floats(0, 1e6),
    entries=st.lists(entries(), max_size=4).map(tuple),
    properties=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    sections=st.lists(
        st.builds(Section, texts, st.lists(texts, min_size=1, max_size=2).map(tuple)), max_size=2
    ).map(tuple),
    allows_undecided=st.booleans(),
    version=st.just("1.0"),
)
"""Reports of nothing that ever ran."""
