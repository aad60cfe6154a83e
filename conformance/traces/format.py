"""The trace format: one header line, then one observation or SDP text a line (JSON Lines).

These types are the format: the JSON Schema is generated from them, and traces/README.md tells what
they mean. A field that is absent has its default. Where null is possible, absent and null mean the
same: not observed, or nothing.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

FORMAT = "negotiation-trace"
VERSION = 1
LONGEST_LINE = 4 * 1024 * 1024
"""The longest line that a reader accepts, in bytes without the newline."""


class Stack(msgspec.Struct, frozen=True, omit_defaults=True):
    """The implementation that was observed."""

    name: str
    version: str = ""
    platform: str = ""

    @property
    def title(self) -> str:
        """Its name and its version, as far as that is known."""
        return f"{self.name} {self.version}".strip()


class Clock(msgspec.Struct, frozen=True, omit_defaults=True):
    """How finely the times of a peer's observations are known, in milliseconds."""

    resolution: float = 0.0


class Peer(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=False):
    """One peer connection of a trace: which stack it is, who recorded it, and what can be seen.

    `profile` names an observability profile (`negotiation.conformance.traces.profiles`).
    `source` is "live", or "import" and where from. `configuration` is the RTCConfiguration that the
    constructor was given ({} for none); null where it is not known. `begins` is "unknown" where the
    recording does not begin with the connection's construction.
    """

    stack: Stack
    recorder: str
    profile: str = "page"
    source: str = "live"
    clock: Clock = Clock()
    configuration: dict[str, Any] | None = None
    begins: Literal["constructed", "unknown"] = "constructed"


class Header(msgspec.Struct, frozen=True, tag_field="kind", tag="header", omit_defaults=True):
    """The first line of a trace. `date` is an ISO 8601 date or date and time."""

    format: Literal["negotiation-trace"]
    version: int
    date: str
    peers: dict[str, Peer]
    program: str | None = None
    seed: int | None = None
    note: str | None = None


class SectionSummary(msgspec.Struct, frozen=True, cache_hash=True, omit_defaults=True):
    """What one m-section says, as far as negotiation reads it.

    `index` counts from 0; `msids` are stream ids ("-" is left out); `ice` names the credentials
    relationally: equal names are equal (ufrag, pwd) pairs within a trace, null is none;
    `default_stream`: it sends audio or video, and has no a=msid line at all.
    """

    index: int
    kind: str
    mid: str | None = None
    protocol: str = ""
    rejected: bool = False
    bundle_only: bool = False
    direction: str = "sendrecv"
    msids: tuple[str, ...] = ()
    ice: str | None = None
    rids: tuple[str, ...] = ()
    default_stream: bool = False


class Summary(msgspec.Struct, frozen=True, cache_hash=True, omit_defaults=True):
    """What an SDP text says.

    `problem` is "empty", "syntax", "rtcp-mux", "rids", "content", "odd" or null.
    """

    sections: tuple[SectionSummary, ...] = ()
    bundle: tuple[str, ...] = ()
    problem: str | None = None


UNTOLD = Summary()
"""The summary of a line that has none, this very object: the reader makes one of the text."""


class Sdp(msgspec.Struct, frozen=True, tag_field="kind", tag="sdp", omit_defaults=True):
    """An SDP text, once per distinct text, before the first line that refers to it by `id`.

    Where `summary` is absent, the reader makes it, and ICE credentials are called by their ufrags.
    """

    id: str
    text: str
    summary: Summary = UNTOLD


class DescriptionRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """A session description: its type (null where the caller left it out) and its text's id."""

    type: str | None = None
    sdp: str | None = None


TransceiverName = Annotated[str, msgspec.Meta(pattern="^t[1-9][0-9]*$")]
"""A recorder that names them otherwise would accuse the stack of transceivers that it has not."""


class TransceiverReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a transceiver's attributes say. `id` is t1, t2, ... in the order of first sight."""

    id: TransceiverName
    kind: str
    direction: str
    mid: str | None = None
    currentDirection: str | None = None  # noqa: N815 - the attribute's own name


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """What could be read synchronously with an observation.

    `transceivers` is getTransceivers(), in its order. The four descriptions are types, null where
    the attribute was null.
    """

    signalingState: str | None = None  # noqa: N815 - the attribute's own name
    transceivers: tuple[TransceiverReading, ...] | None = None
    descriptions: Descriptions | None = None


class Descriptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """The types of the four description attributes."""

    currentLocal: str | None = None  # noqa: N815
    currentRemote: str | None = None  # noqa: N815
    pendingLocal: str | None = None  # noqa: N815
    pendingRemote: str | None = None  # noqa: N815


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """An RTCIceCandidateInit; `usernameFragment` is a relational name, as in the summary."""

    candidate: str = ""
    sdpMid: str | None = None  # noqa: N815
    sdpMLineIndex: int | None = None  # noqa: N815
    usernameFragment: str | None = None  # noqa: N815


class Arguments(msgspec.Struct, frozen=True, omit_defaults=True):
    """The arguments of a call; which of them a method reads is told in traces/README.md.

    `track` is "audio:NAME" or "video:NAME" (null: no track). `options` and `init` hold the
    dictionary members that were given, `configuration` an RTCConfiguration.
    """

    description: DescriptionRef | None = None
    candidate: Candidate | None = None
    transceiver: str | None = None
    kind: str | None = None
    track: str | None = None
    streams: tuple[str, ...] | None = None
    direction: str | None = None
    label: str | None = None
    options: dict[str, bool] | None = None
    init: dict[str, str | int | bool | None] | None = None
    configuration: dict[str, Any] | None = None


class Observation(msgspec.Struct, frozen=True, tag_field="kind", omit_defaults=True, kw_only=True):
    """What every observation has.

    `n` counts the observations of a trace from 1; `t` is in milliseconds since the trace began;
    `task` is a new number whenever the recorder knows that a new task of the event loop began, and
    null where it does not know; `within` names the event whose handler was running.
    """

    n: int
    t: float
    peer: str
    task: int | None = None
    within: str | None = None
    state: Reading | None = None


class Call(Observation, frozen=True, tag="call", omit_defaults=True, kw_only=True):
    """A method was called (or an attribute set); `id` is unique in the trace."""

    id: int
    method: str
    args: Arguments = Arguments()


class Return(Observation, frozen=True, tag="return", omit_defaults=True, kw_only=True):
    """The call returned; `value` is the transceiver of what addTransceiver or addTrack returned."""

    call: int
    value: str | None = None


class Throw(Observation, frozen=True, tag="throw", omit_defaults=True, kw_only=True):
    """The call threw; `error` is the exception's name."""

    call: int
    error: str
    message: str | None = None


class Resolve(Observation, frozen=True, tag="resolve", omit_defaults=True, kw_only=True):
    """The first reaction to the call's promise ran, and it was fulfilled.

    `description` is what createOffer or createAnswer resolved with; after setLocalDescription it is
    the localDescription that could be read.
    """

    call: int
    description: DescriptionRef | None = None


class Reject(Observation, frozen=True, tag="reject", omit_defaults=True, kw_only=True):
    """The first reaction to the call's promise ran, and it was rejected with this error."""

    call: int
    error: str
    message: str | None = None


class Event(Observation, frozen=True, tag="event", omit_defaults=True, kw_only=True):
    """An event was dispatched. `transceiver` and `streams` tell a track event's."""

    name: str
    transceiver: str | None = None
    streams: tuple[str, ...] | None = None
    bubbles: bool | None = None
    cancelable: bool | None = None


class Send(Observation, frozen=True, tag="send", omit_defaults=True, kw_only=True):
    """The application sent a signaling message to the other peer."""

    message: str
    description: DescriptionRef | None = None
    candidate: Candidate | None = None


class Receive(Observation, frozen=True, tag="receive", omit_defaults=True, kw_only=True):
    """The application received a signaling message; `description` where the sending is not told."""

    message: str
    description: DescriptionRef | None = None


class Idle(Observation, frozen=True, tag="idle", omit_defaults=True, kw_only=True):
    """Nothing happened for a while: what was measured of it.

    `quiet` is in milliseconds, `turns` counts turns of the event loop, `pending` are the ids of the
    calls whose promises have not settled, and `canary` tells that a fresh peer connection's
    createOffer was started and settled since the last observation.
    """

    quiet: float = 0.0
    turns: int = 0
    pending: tuple[int, ...] = ()
    canary: bool = False


Trouble = Literal["hung", "died", "leaked", "failed", "cut"]


class Mark(Observation, frozen=True, tag="mark", omit_defaults=True, kw_only=True):
    """A remark of the recorder or the program; it constrains nothing.

    With `trouble` it is the last line, and tells what the recorder met with: the stack "hung" or
    "died", so that the recording ends before its time; its memory grew beyond a bound, "leaked", in
    a recording that is whole; the recorder itself "failed"; or the recording was "cut" short for
    another reason, the stack not being to blame. `text` tells how.
    """

    text: str
    trouble: Trouble | None = None


AnyObservation = Call | Return | Throw | Resolve | Reject | Event | Send | Receive | Idle | Mark
Line = Header | Sdp | AnyObservation
