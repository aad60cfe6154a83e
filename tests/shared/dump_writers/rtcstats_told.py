"""What traces that were imported from the rtcstats family tell, in the words of its writer."""

from __future__ import annotations

from collections.abc import Iterable

from negotiation.conformance.traces.format import (
    Call,
    DescriptionRef,
    Event,
    Observation,
    Reject,
    Resolve,
)
from negotiation.conformance.traces.reading import Trace

from .rtcstats import Seen


def told(trace: Trace, peer: str) -> list[Seen]:
    """What a trace tells of a peer."""
    calls: dict[int, Call] = {}

    def described(ref: DescriptionRef | None) -> tuple[str | None, str | None] | None:
        return None if ref is None else (ref.type, trace.sdps[ref.sdp].text if ref.sdp else None)

    def tell(one: Observation) -> Iterable[Seen]:
        if isinstance(one, Call):
            calls[one.id] = one
            given = described(one.args.description)
            yield Seen("call", one.method, one.t, peer, one.id, given, args=one.args)
        elif isinstance(one, Resolve | Reject):
            error = one.error if isinstance(one, Reject) else None
            given = described(one.description) if isinstance(one, Resolve) else None
            kind = "resolve" if error is None else "reject"
            name = calls[one.call].method
            yield Seen(kind, name, one.t, peer, one.call, given, error=error)
        elif isinstance(one, Event):
            state = one.state.signalingState if one.state is not None else None
            yield Seen("event", one.name, one.t, peer, state=state)

    return [each for _, one in trace.observations if one.peer == peer for each in tell(one)]
