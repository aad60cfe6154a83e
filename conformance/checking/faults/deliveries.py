"""What happened to messages between the two ends: lost, repeated, overtaken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negotiation.conformance.traces import format

from ..findings import Diagnosis
from ..peers import Moment
from .evidence import Evidence, Found
from .glare import sets_text


def deliveries(evidence: Evidence, *, complete: bool) -> Iterator[Found]:
    """Messages that were lost, received again, or overtaken.

    `complete`: the recording was not cut off, so that what is absent did not happen.
    """
    moments = evidence.moments
    sent: dict[str, Moment] = {}
    received: dict[str, list[Moment]] = {}
    for one in evidence.messages:
        if isinstance(one.said.observation, format.Send):
            sent[one.said.observation.message] = one
        elif isinstance(one.said.observation, format.Receive):
            received.setdefault(one.said.observation.message, []).append(one)
    for message, moment in sent.items():
        arrived = received.get(message, [])
        if not arrived and complete and _is_lost(moment, moments):
            told = f"the message {message!r} was sent, and never received"
            yield moment.said.peer, moment.line, Diagnosis("NETWORK-LOST", told)
        yield from _repeated(message, arrived)
    yield from _overtaking(sent, received)


def _is_lost(sent: Moment, moments: Sequence[Moment]) -> bool:
    """Whether the other end was recorded long enough, and did nothing with what was sent."""
    message = sent.said.observation
    later = [one for one in moments if one.line > sent.line]
    other = [one for one in later if one.said.peer != message.peer]
    if not any(isinstance(one.said.observation, format.Idle) for one in other):
        return False
    description = message.description if isinstance(message, format.Send) else None
    if description is None or description.sdp is None:
        return any(isinstance(one.said.observation, format.Receive) for one in other)
    return not any(sets_text(one, description.sdp) for one in other)


def _repeated(message: str, received: Sequence[Moment]) -> Iterator[Found]:
    for again in received[1:]:
        told = f"the message {message!r} was received again (first in line {received[0].line})"
        yield again.said.peer, again.line, Diagnosis("NETWORK-REPEATED", told)


def _overtaking(sent: dict[str, Moment], received: dict[str, list[Moment]]) -> Iterator[Found]:
    furthest: dict[str, tuple[int, str]] = {}
    first = ((each[0], name) for name, each in received.items() if name in sent)
    for moment, name in sorted(first, key=lambda one: one[0].line):
        sender, at = sent[name].said.peer, sent[name].line
        latest, other = furthest.get(sender, (0, ""))
        if at < latest:
            told = f"the message {name!r} was overtaken by {other!r}, which was sent later"
            yield moment.said.peer, moment.line, Diagnosis("NETWORK-REORDERED", told)
        furthest[sender] = max((latest, other), (at, name))
