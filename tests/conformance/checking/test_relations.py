"""What the texts of a trace say under a peer's names."""

from __future__ import annotations

from negotiation.conformance.checking.relations import Relations, Text, nothing_named
from negotiation.conformance.traces.format import SectionSummary, Summary
from negotiation.model import SdpType

SUMMARY = Summary(
    sections=(
        SectionSummary(index=0, kind="audio", mid="0", ice="c1"),
        SectionSummary(index=1, kind="application", mid="1", ice="c2", rejected=True),
    )
)


def test_a_rejected_section_keeps_its_credentials_to_itself() -> None:
    """A candidate may name them; nothing restarts from them."""
    relations = Relations({"s1": Text(SUMMARY)}, nothing_named())
    description = relations.description("s1", SdpType.OFFER)
    assert description is not None
    assert description.ice == {relations.credential("c1")}
    assert [one.ice for one in description.sections] == [*map(relations.credential, ("c1", "c2"))]
