"""Labels: what a step of the model shows, or takes in.

A `Call` is an input. `Return`, `Throw`, `Resolve`, `Reject` and `Event` are what the caller sees.
`Internal` steps are where a conforming implementation is free.
"""

from __future__ import annotations

import msgspec

from .description import Description
from .enums import Direction, Kind, SdpType


class Candidate(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An RTCIceCandidateInit, as far as addIceCandidate's checks read it."""

    candidate: str = ""
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None
    username_fragment: str | None = None


class Channel(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """createDataChannel's arguments, as far as its checks read them."""

    label_bytes: int = 0
    negotiated: bool = False
    id: int | None = None
    max_packet_life_time: int | None = None
    max_retransmits: int | None = None


class IceServer(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An RTCIceServer; None: the member is missing."""

    urls: tuple[str, ...] | None = None
    username: str | None = None
    credential: str | None = None


class Configuration(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An RTCConfiguration, as far as "set a configuration" can refuse it."""

    ice_servers: tuple[IceServer, ...] = ()
    bundle_policy: str = "balanced"
    rtcp_mux_policy: str = "require"
    ice_transport_policy: str = "all"
    ice_candidate_pool_size: int = 0


class Arguments(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The arguments of a call; each method reads its own.

    A session description is given by `type` (None: left out) and `description` (None: its sdp was
    empty or left out). `kind` is the kind of the track, or addTransceiver's string, which may be
    anything. `receive` maps to the legacy offerToReceive options.
    """

    type: SdpType | None = None
    description: Description | None = None
    candidate: Candidate = Candidate()
    transceiver: str | None = None
    kind: str | None = None
    track: str | None = None
    streams: tuple[str, ...] = ()
    direction: Direction = Direction.SENDRECV
    channel: Channel = Channel()
    configuration: Configuration = Configuration()
    ice_restart: bool = False
    receive: tuple[tuple[Kind, bool], ...] = ()


class Call(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A method is called, or an attribute set; `call` tells this call from all others."""

    call: int
    method: str
    arguments: Arguments = Arguments()


class Return(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The call returns; `value` is the transceiver of what it returned, if any."""

    call: int
    value: str | None = None


class Throw(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The call throws an exception of this name."""

    call: int
    error: str


class Resolve(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The caller's reaction runs: the promise was fulfilled (with this description)."""

    call: int
    description: Description | None = None


class Reject(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The caller's reaction runs: the promise was rejected with an error of this name."""

    call: int
    error: str


class Event(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An event is dispatched at the peer connection, or (addtrack, removetrack) at a stream."""

    name: str
    transceiver: str | None = None
    streams: tuple[str, ...] = ()


class Internal(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A step that nobody sees; `name` is for explanations."""

    name: str


Output = Return | Throw | Resolve | Reject | Event
Label = Call | Output | Internal
