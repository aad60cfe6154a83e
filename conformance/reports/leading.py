"""The lines that lead to a finding: what its peer did, and showed, up to there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from ..checking.findings import Finding
from ..traces import format
from .observing import Methods, observation_in_words, reading_in_words

MOST_LEADING = 30
"""Lines that are told of one finding, its own included: the last ones."""


class Leading(msgspec.Struct, frozen=True):
    """A line on the way to a finding: what was observed, and what was read with it.

    `read` is "" where nothing was read, and where it says what it said in the line before.
    """

    line: int
    observed: str
    read: str = ""


def leading_to(
    findings: Iterable[Finding],
    observations: Iterable[tuple[int, format.AnyObservation]],
    most: int = MOST_LEADING,
) -> dict[tuple[str, int], tuple[Leading, ...]]:
    """The last lines of its peer up to each finding, by peer and line."""
    peers: dict[int, set[str]] = {}
    for finding in findings:
        peers.setdefault(finding.line, set()).add(finding.peer)
    last = max(peers, default=0)
    methods: Methods = {}
    latest: dict[str, deque[tuple[int, format.AnyObservation]]] = {}
    leading: dict[tuple[str, int], tuple[Leading, ...]] = {}
    for line, one in observations:
        if line > last:
            break
        if isinstance(one, format.Call):
            methods[one.id] = one.method
        latest.setdefault(one.peer, deque(maxlen=most)).append((line, one))
        for peer in peers.get(line, ()):
            told = latest.get(peer, ())
            leading[peer, line] = tuple(_leading(told, methods))
    return leading


def _leading(
    told: Iterable[tuple[int, format.AnyObservation]], methods: Methods
) -> Iterator[Leading]:
    known = ""
    for line, one in told:
        read = reading_in_words(one.state)
        yield Leading(line, observation_in_words(one, methods), "" if read == known else read)
        known = read or known
