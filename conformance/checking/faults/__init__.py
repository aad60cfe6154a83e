"""The second pass: faults of the application and of the network, and notes on how glare ended.

The first pass says what a stack may do; this one reads the calls, descriptions and messages of a
trace, with what the model could be at each of them, for patterns that end badly. A fault is raised
only where it holds for every state that the model could be in.
"""

from __future__ import annotations

from collections.abc import Iterator

from .answers import dead_answers, misplaced_answers, untaken_answers
from .calls import refused_calls, tolerated_calls, unanswered_calls
from .candidates import early_candidates
from .deliveries import deliveries
from .ends import ends
from .evidence import Evidence, Found
from .glare import glare_taken, ignored_offers, lost_offers
from .handlers import unsafe_handlers
from .loops import loops
from .offers import repeated_offers, unfinished
from .sections import sections_out_of_order


def judge_faults(evidence: Evidence, *, complete: bool) -> Iterator[Found]:
    """The faults and notes of a trace: (peer, line, diagnosis).

    `complete`: the recording was not cut off, so that what is absent did not happen.
    """
    found = list(_found(evidence, complete=complete))
    told = {(peer, line) for peer, line, one in found if one.id in _NEARER}
    for peer, line, one in found:
        if one.id not in _GENERAL or (peer, line) not in told:
            yield peer, line, one
    if complete:
        explained = any(one.id in _ENDED_SO for _, _, one in found)
        yield from unfinished(evidence, evidence.header.peers if explained else ())


def _found(evidence: Evidence, *, complete: bool) -> Iterator[Found]:
    yield from glare_taken(evidence)
    yield from refused_calls(evidence)
    yield from tolerated_calls(evidence)
    yield from unanswered_calls(evidence)
    yield from early_candidates(evidence)
    yield from dead_answers(evidence)
    yield from misplaced_answers(evidence)
    yield from unsafe_handlers(evidence)
    yield from sections_out_of_order(evidence)
    yield from repeated_offers(evidence)
    yield from loops(evidence)
    yield from ignored_offers(evidence)
    if complete:
        yield from lost_offers(evidence)
        yield from untaken_answers(evidence)
    if len(evidence.header.peers) == 2:
        yield from deliveries(evidence, complete=complete)
        yield from ends(evidence)


_NEARER = frozenset({"APP-DEAD-ANSWER", "APP-UNSAFE-HANDLER", "APP-REPEATED-OFFER"})
_GENERAL = frozenset({"APP-WRONG-STATE"})
"""What is said of a call in general is left out where something nearer is said of it."""

_ENDED_SO = frozenset({"GLARE-DEADLOCK", "GLARE-BOTH-YIELDED", "NETWORK-LOST", "GLARE-LOST-OFFER"})
"""Findings that say already why a negotiation did not end, at whichever end they are told."""
