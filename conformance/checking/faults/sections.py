"""Descriptions that were refused because their m-sections are not those that were negotiated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negotiation.conformance.traces.format import SectionSummary

from ..findings import Diagnosis
from .evidence import Evidence, Found, Setting, at


def sections_out_of_order(evidence: Evidence) -> Iterator[Found]:
    """Refused remote descriptions in which an m-section is missing, or another than before.

    An offer is compared with what was negotiated last, an answer with its offer.
    """
    for peer in evidence.header.peers:
        current: Setting | None = None
        pending: Setting | None = None
        for setting in evidence.settings[peer]:
            before = current if setting.type == "offer" else pending
            if before is not None and _is_refused(setting):
                yield from _compared(before, setting, evidence)
            if not setting.is_applied:
                continue
            if setting.type == "answer":
                # An answer that was not recorded has the m-sections of its offer.
                current, pending = setting if setting.text is not None else pending, None
            else:
                pending = setting if setting.type == "offer" else None


def _is_refused(setting: Setting) -> bool:
    refused = setting.error is not None and setting.error != "InvalidStateError"
    return refused and setting.side == "remote" and setting.ended is not None


def _compared(before: Setting, setting: Setting, evidence: Evidence) -> Iterator[Found]:
    assert setting.ended is not None
    ours, theirs = evidence.sections(before.text), evidence.sections(setting.text)
    what = None if ours is None or theirs is None else difference(ours, theirs)
    if what is not None:
        message = f"{what}; the last description that was set is that of {at(before.made)}"
        yield setting.peer, setting.ended.line, Diagnosis("APP-SECTION-ORDER", message)


def difference(before: Sequence[SectionSummary], after: Sequence[SectionSummary]) -> str | None:
    """Where m-sections are not those of an earlier description, with more behind them.

    A section that was rejected may be used again, as another one.
    """
    if len(after) < len(before):
        return f"there are {len(after)} m-sections where {len(before)} were negotiated"
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        if old.rejected or new.rejected:
            continue
        if old.kind != new.kind:
            return f"m-section {index} is {new.kind}, and was {old.kind}"
        if old.mid is not None and new.mid is not None and old.mid != new.mid:
            return f"m-section {index} has the mid {new.mid!r}, and had {old.mid!r}"
    return None
