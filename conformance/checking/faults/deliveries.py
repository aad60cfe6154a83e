"""What happened to messages between the two ends: lost, repeated, overtaken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from negotiation.conformance.traces import format

from ..findings import Diagnosis
from ..peers import Moment
from .evidence import Evidence, Found


def deliveries(evidence: Evidence, *, complete: bool) -> Iterator[Found]:
    """Messages that were lost, received again, or overtaken.

    `complete`: the recording was not cut off, so that what is absent did not happen.
    """
    sent: dict[str, Moment] = {}
    received: dict[str, list[Moment]] = {}
    for one in evidence.messages:
        if isinstance(one.said.observation, format.Send):
            sent[one.said.observation.message] = one
        elif isinstance(one.said.observation, format.Receive):
            received.setdefault(one.said.observation.message, []).append(one)
    missing = {name: one for name, one in sent.items() if name not in received}
    if complete and missing:
        yield from _lost(missing, Losses(evidence))
    for message, arrived in received.items():
        if message in sent:
            yield from _repeated(message, arrived)
    yield from _overtaking(sent, received)


def _lost(missing: Mapping[str, Moment], losses: Losses) -> Iterator[Found]:
    for message, moment in missing.items():
        if losses.has(moment):
            told = f"the message {message!r} was sent, and never received"
            yield moment.said.peer, moment.line, Diagnosis("NETWORK-LOST", told)


class Losses:
    """Tells which messages that were not received are lost, and not just not recorded."""

    def __init__(self, evidence: Evidence) -> None:
        self._idle: dict[str, int] = {}
        self._received: dict[str, int] = {}
        self._set: dict[tuple[str, str], int] = {}
        for moment in evidence.moments:
            one = moment.said.observation
            if isinstance(one, format.Idle):
                self._idle[one.peer] = moment.line
            elif isinstance(one, format.Receive):
                self._received[one.peer] = moment.line
            elif isinstance(one, format.Call) and one.args.description is not None:
                self._set[one.peer, one.args.description.sdp or ""] = moment.line
        self._peers = evidence.header.peers

    def has(self, sent: Moment) -> bool:
        """Whether the other end was recorded long enough, and did nothing with what was sent."""
        message = sent.said.observation
        others = [peer for peer in self._peers if peer != message.peer]
        if not any(self._idle.get(peer, 0) > sent.line for peer in others):
            return False
        description = message.description if isinstance(message, format.Send) else None
        if description is None or description.sdp is None:
            return any(self._received.get(peer, 0) > sent.line for peer in others)
        text = description.sdp
        return not any(self._set.get((peer, text), 0) > sent.line for peer in others)


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
