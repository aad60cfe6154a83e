"""Offers that came twice, and negotiations that nobody finished."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from negotiation.conformance.traces import format
from negotiation.model import SignalingState

from ..findings import Diagnosis
from ..peers import Moment
from ..seen import Quiet
from .evidence import Evidence, Found, Setting, at, states_of

UNFINISHED_AFTER = 10_000.0
"""Milliseconds that a negotiation may take before it is said not to have been finished."""

_WAITS_FOR = {
    SignalingState.HAVE_LOCAL_OFFER: "an answer to its offer",
    SignalingState.HAVE_REMOTE_OFFER: "its own answer to the remote offer",
    SignalingState.HAVE_LOCAL_PRANSWER: "its own final answer",
    SignalingState.HAVE_REMOTE_PRANSWER: "the final answer to its offer",
}


def repeated_offers(evidence: Evidence) -> Iterator[Found]:
    """Offers that were sent again under another name, or set again after they were taken."""
    told: set[str] = set()
    sent: dict[tuple[str, str], Moment] = {}
    for moment in evidence.messages:
        one = moment.said.observation
        text = _offered(one)
        if text is None or not isinstance(one, format.Send):
            continue
        first = sent.get((one.peer, text))
        sent[one.peer, text] = moment
        # An offer that was given up may be made again, and say the same.
        if first is not None and not _is_made_again(evidence, first, moment):
            told.add(text)
            message = f"the same offer was sent before ({at(first)})"
            yield one.peer, moment.line, Diagnosis("APP-REPEATED-OFFER", message)
    for peer in evidence.header.peers:
        yield from _set_again(evidence, peer, told)


def _is_made_again(evidence: Evidence, first: Moment, again: Moment) -> bool:
    """Whether a local description was set between two messages of a peer."""
    return any(
        one.side == "local" and first.line < one.made.line < again.line
        for one in evidence.settings[first.said.peer]
    )


def _offered(one: object) -> str | None:
    described = getattr(one, "description", None)
    return described.sdp if described is not None and described.type == "offer" else None


def _set_again(evidence: Evidence, peer: str, told: Collection[str]) -> Iterator[Found]:
    """Remote offers that were set once more while they were still to be answered.

    To set one again that was answered begins another negotiation: some applications do so on
    purpose, with the offer of a server that never changes.
    """
    taken: dict[str, Setting] = {}
    for setting in evidence.settings[peer]:
        if setting.is_applied and setting.type in ("rollback", "answer"):
            taken.clear()
        if not setting.is_of("remote", "offer") or setting.text is None or setting.text in told:
            continue
        first = taken.get(setting.text)
        if first is not None:
            message = f"the same offer was set before ({at(first.made)})"
            yield peer, setting.made.line, Diagnosis("APP-REPEATED-OFFER", message)
        elif setting.is_applied:
            taken[setting.text] = setting


def unfinished(evidence: Evidence, explained: Collection[str]) -> Iterator[Found]:
    """Negotiations that were begun and are not over at the end, after a long time.

    `explained` are the peers of which something said already why.
    """
    for peer, last in evidence.last.items():
        if peer in explained or not isinstance(last.seen, Quiet) or not last.seen.settled:
            continue
        states = states_of(last.after)
        if len(states) != 1 or not states <= _WAITS_FOR.keys():
            continue
        (state,) = states
        begun = _begun(evidence, peer, state)
        if begun is None:
            continue
        waited = evidence.passed(begun, last)
        if waited >= UNFINISHED_AFTER:
            seconds = waited / 1000
            message = (
                f"the connection has been in {state} since {at(begun)}: {seconds:.0f} s later it "
                f"still waits for {_WAITS_FOR[state]}"
            )
            yield peer, begun.line, Diagnosis("APP-UNFINISHED", message)


def _begun(evidence: Evidence, peer: str, state: SignalingState) -> Moment | None:
    """The observation after which the connection was in the state that it is in at the end."""
    begun = None
    for moment in evidence.of(peer):
        if states_of(moment.after) != {state}:
            begun = None
        elif begun is None:
            begun = moment
    return begun
