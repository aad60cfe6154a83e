"""Which findings a recorder could show at all: what it cannot see proves nothing, either way."""

from __future__ import annotations

from collections.abc import Callable

from negotiation.conformance.traces.profiles import Profile

_SHOWN_BY: dict[str, Callable[[Profile], bool]] = {
    "NN": lambda profile: "negotiationneeded" in profile.events,
    "STATE": lambda profile: "signalingstatechange" in profile.events,
    "STATE-WRONG": lambda profile: "signalingState" in profile.reads,
    "OP": lambda profile: {"resolve", "reject"} <= profile.labels,
    "CALL": lambda profile: {"return", "throw"} <= profile.labels,
    "DESCRIPTION-STATE": lambda profile: "descriptions" in profile.reads,
    "TRANSCEIVER-STATE": lambda profile: "transceivers" in profile.reads,
    "SDP-SHAPE": lambda profile: profile.descriptions,
    "EVENT-WRONG": lambda profile: "track" in profile.events,
}
"""What a profile has to show for a kind of finding to be possible: by its id, or how it begins."""


def can_be_seen(id: str, profile: Profile) -> bool:
    """Whether a recorder of this profile could show such a finding, if there is one to show."""
    shown = _SHOWN_BY.get(id) or _SHOWN_BY.get(id.partition("-")[0])
    return shown is None or shown(profile)
