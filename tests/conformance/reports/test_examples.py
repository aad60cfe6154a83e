"""Every finding has an example, and the checker finds it there."""

from __future__ import annotations

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.reports.examples import EXAMPLES, show
from negotiation.conformance.reports.explaining import BLAMES, tell_all, tell_kind
from negotiation.conformance.reports.paper import Paper


def test_every_finding_has_an_example() -> None:
    assert set(EXAMPLES) == set(FINDINGS)
    assert {kind.blame for kind in FINDINGS.values()} <= set(BLAMES)


@pytest.mark.parametrize("id", FINDINGS)
def test_the_example_shows_it(id: str) -> None:
    shown = show(id)
    assert shown is not None
    example, finding, judged = shown
    assert finding.id == id
    assert finding.class_ == FINDINGS[id].class_
    assert finding.line in judged.quoted
    assert len(example.lines()) <= (90 if id == "APP-LOOP" else 50)


@pytest.mark.parametrize("id", FINDINGS)
def test_the_explanation_is_whole(id: str) -> None:
    paper = Paper()
    tell_kind(paper, FINDINGS[id])
    told = " ".join(paper.text().split())
    for part in (FINDINGS[id].title, "What it means: ", "What to do: ", "An example", "  >"):
        assert " ".join(part.split()) in told


def test_all_are_listed() -> None:
    paper = Paper()
    tell_all(paper)
    assert all(f"  {id} " in paper.text() for id in FINDINGS)
