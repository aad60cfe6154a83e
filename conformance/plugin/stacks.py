"""The stacks whose connections can be watched inside the process: a row for each.

What a row says of how calls return and settle was found by the stack's adapter, which tells why
(`stacks/adapters/asyncio_recorder`).
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ..errors import UsageError
from ..traces.format import Candidate

EVENTS = ("signalingstatechange", "negotiationneeded", "track")
DESCRIPTIONS = ("currentLocal", "currentRemote", "pendingLocal", "pendingRemote")


class PythonStack(msgspec.Struct, frozen=True):
    """How the connections of a stack are watched.

    `package` is the top of its modules, and `distribution` what tells its version. `begins_later`:
    nothing of an operation happens in the call itself, so the return comes before it. `emits`: it
    dispatches its events by a method `emit`; the others are told by listeners. `errors` are the
    specification's names of its exceptions, `descriptions` tells whether the four attributes are
    there, and `candidate` writes a candidate of its own kind as the line of an SDP.
    """

    name: str
    package: str
    distribution: str
    profile: str
    begins_later: bool = False
    emits: bool = False
    descriptions: bool = True
    errors: Mapping[str, str] = {}
    candidate: Callable[[Any], Candidate] | None = None

    @property
    def version(self) -> str:
        """The version that is installed; nothing where it is no distribution."""
        try:
            return importlib.metadata.version(self.distribution)
        except (importlib.metadata.PackageNotFoundError, ValueError):
            return ""

    @property
    def events(self) -> tuple[str, ...]:
        """The events that are listened to."""
        from ..traces.profiles import profile_named

        seen = profile_named(self.profile).events
        return tuple(event for event in EVENTS if event in seen)

    def error_name(self, error: BaseException) -> str:
        """The name that the error has in the specification."""
        name = type(error).__name__
        return self.errors.get(name, name)

    def owner(self, found: type) -> type:
        """The stack's own class of peer connections, of which `found` is one, or is made."""
        for one in found.__mro__:
            if one.__module__.partition(".")[0] == self.package and "createOffer" in vars(one):
                return one
        raise UsageError(
            f"{found.__module__}.{found.__qualname__} is no peer connection that can be watched; "
            "give an RTCPeerConnection of aiortc or wrtc, or something with its methods"
        )


def _aiortc_candidate(candidate: Any) -> Candidate:
    to_sdp = sys.modules["aiortc.sdp"].candidate_to_sdp
    return Candidate(f"candidate:{to_sdp(candidate)}", candidate.sdpMid, candidate.sdpMLineIndex)


STACKS = {
    row.package: row
    for row in (
        PythonStack(
            "aiortc",
            "aiortc",
            "aiortc",
            "aiortc",
            begins_later=True,
            emits=True,
            descriptions=False,
            candidate=_aiortc_candidate,
        ),
        PythonStack(
            "wrtc",
            "webrtc",
            "wrtc",
            "asyncio",
            errors={
                "InvalidSyntaxError": "SyntaxError",
                "InvalidRangeError": "RangeError",
                "RTCError": "OperationError",
                "ValueError": "TypeError",
            },
        ),
    )
}
"""By the package that a connection's class comes from."""

_IMITATION = "webrtc.aiortc"

_NEEDED = ("getTransceivers", "createOffer", "setLocalDescription", "setRemoteDescription", "on")


def stack_of(watched: type) -> PythonStack:
    """The row for a class of peer connections; of one that is nobody's, by the W3C's names.

    Raises:
        UsageError: it is no peer connection.
    """
    if watched.__module__.startswith(_IMITATION):
        raise UsageError(
            f"{watched.__module__} imitates another stack's connections, and these cannot be "
            "watched; watch a webrtc.RTCPeerConnection"
        )
    for one in watched.__mro__:
        row = STACKS.get(one.__module__.partition(".")[0])
        if row is not None:
            return row
    missing = [name for name in _NEEDED if not hasattr(watched, name)]
    if missing:
        raise UsageError(
            f"{watched.__module__}.{watched.__qualname__} is no peer connection: it has no "
            f"{missing[0]}; give an RTCPeerConnection of aiortc or wrtc (a page: watch_page)"
        )
    package = next(one for one in watched.__mro__ if "createOffer" in vars(one)).__module__
    top = package.partition(".")[0]
    return PythonStack(top, top, top, "late-settlements")
