"""What the model says of a finding, as facts: the same in the report of a gate and of a matrix."""

from __future__ import annotations

from collections.abc import Iterator

from ...checking.findings import FINDINGS, Finding
from ..links import place_in_text, url_of
from ..matrix.cells import Evidence
from .report import TODO, Fact


def rule_facts(refused_by: str | None, anchor: str) -> Iterator[Fact]:
    """The rule that refused it, with its place in the text, and the address of the text."""
    refused = (refused_by, place_in_text(refused_by))
    if refused_by is not None:
        yield Fact("Refused by", (", ".join(one for one in refused if one is not None),))
    yield Fact("The rule", (url_of(anchor),), "url")


def facts_of_model(one: Finding | Evidence, after: int | None) -> Iterator[Fact]:
    """The rule, the states, what was allowed, and what to do; `after`: a line it follows from."""
    yield from rule_facts(one.refused_by, one.anchor)
    for label, values in (
        ("The model could be in", one.states),
        ("Allowed instead", one.expected),
        ("Nearest that is accepted", () if one.alternative is None else (one.alternative,)),
        ("Rests on", one.rests_on),
    ):
        if values:
            yield Fact(label, values)
    if after is not None:
        yield Fact("Follows from", (f"the finding in line {after}",))
    yield Fact(TODO, (FINDINGS[one.id].todo,))
