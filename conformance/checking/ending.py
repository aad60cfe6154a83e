"""What the recorder met with: the mark that ends a trace, and what it is evidence of."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format

from .findings import Diagnosis
from .subjects import of_last_call

CUTTING = frozenset({"hung", "died", "failed", "cut"})
"""Troubles after which more would have come: what is absent may still have happened."""

_FINDINGS = {
    "hung": "STACK-HUNG",
    "died": "STACK-DIED",
    "leaked": "STACK-LEAKED",
    "failed": "RECORDER-FAILED",
}


def ending_of(mark: format.Mark, last: format.Call | None) -> Iterator[Diagnosis]:
    """The finding that the last mark of a trace is evidence of, if it is of one.

    `last` is the last call that was made before: what the stack had to do when it hung or died.
    """
    if mark.trouble in _FINDINGS:
        about = of_last_call(last) if mark.trouble in ("hung", "died") else ""
        yield Diagnosis(_FINDINGS[mark.trouble], mark.text, about=about)
