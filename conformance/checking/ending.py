"""What the recorder met with: the mark that ends a trace, and what it is evidence of."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format

from .findings import Diagnosis

CUTTING = frozenset({"hung", "died", "failed", "cut"})
"""Troubles after which more would have come: what is absent may still have happened."""

_FINDINGS = {
    "hung": "STACK-HUNG",
    "died": "STACK-DIED",
    "leaked": "STACK-LEAKED",
    "failed": "RECORDER-FAILED",
}


def ending_of(mark: format.Mark) -> Iterator[Diagnosis]:
    """The finding that the last mark of a trace is evidence of, if it is of one."""
    if mark.trouble in _FINDINGS:
        yield Diagnosis(_FINDINGS[mark.trouble], mark.text)
