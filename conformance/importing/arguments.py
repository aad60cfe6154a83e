"""Arguments out of hostile JSON: what is of the right kind, and no longer than anybody needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from negotiation.conformance.traces.format import Arguments, Candidate
from negotiation.model import Direction

LONGEST = 1000
"""Characters of a label, an id or a message that are kept."""

MOST_STREAMS = 100

_INIT = ("negotiated", "id", "maxPacketLifeTime", "maxRetransmits")
_KINDS = ("audio", "video")
_DIRECTIONS = frozenset(map(str, Direction)) - {"stopped"}


def as_text(value: Any) -> str | None:
    """The text, as far as it is kept; None: it is none."""
    return value[:LONGEST] if isinstance(value, str) else None


def candidate(told: Mapping[str, Any]) -> Arguments:
    """What addIceCandidate was given, by its dictionary."""
    index = told.get("sdpMLineIndex")
    is_index = isinstance(index, int) and not isinstance(index, bool) and 0 <= index < 65536
    return Arguments(
        candidate=Candidate(
            candidate=as_text(told.get("candidate")) or "",
            sdpMid=as_text(told.get("sdpMid")),
            sdpMLineIndex=index if is_index else None,
        )
    )


def data_channel(label: Any, told: Mapping[str, Any]) -> Arguments:
    """What createDataChannel was given, by its label and its dictionary."""
    init: dict[str, str | int | bool | None] = {
        name: told[name] for name in _INIT if _is_small(told.get(name))
    }
    return Arguments(label=as_text(label), init=init or None)


def _is_small(value: Any) -> bool:
    return isinstance(value, bool | int) and abs(value) < 2**31


def media(kind: Any, track: Any, streams: Any, direction: Any = None) -> Arguments:
    """What addTrack or addTransceiver was given; `track` is the track's id."""
    kind = kind if kind in _KINDS else None
    is_track = isinstance(track, str) and kind is not None
    listed: Sequence[Any] = streams if isinstance(streams, list) else []
    named = tuple(one[:LONGEST] for one in listed[:MOST_STREAMS] if isinstance(one, str))
    return Arguments(
        kind=None if is_track else kind,
        track=f"{kind}:{track[:LONGEST]}" if is_track else None,
        streams=named or None,
        direction=direction if isinstance(direction, str) and direction in _DIRECTIONS else None,
    )
