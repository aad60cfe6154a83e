"""Observability profiles: what a recorder sees, as data.

The same row tells the projection what to leave out of a run of the model, and the checker what it
must not conclude from the absence of a line.
"""

from __future__ import annotations

import msgspec

from negotiation.conformance.errors import UsageError

EVENTS = frozenset(
    {"signalingstatechange", "negotiationneeded", "track", "addtrack", "removetrack"}
)
PAGE_EVENTS = frozenset({"signalingstatechange", "negotiationneeded", "track"})
LABELS = frozenset({"return", "throw", "resolve", "reject"})
ON_TRANSCEIVERS = frozenset({"direction", "replaceTrack", "setParameters", "setStreams", "stop"})
"""Calls that are not the peer connection's own: who wraps only that misses them."""
READS = frozenset({"signalingState", "transceivers", "currentDirection", "descriptions"})
METHODS = frozenset(
    {
        "addTransceiver",
        "addTrack",
        "removeTrack",
        "stop",
        "direction",
        "setStreams",
        "replaceTrack",
        "setParameters",
        "createDataChannel",
        "createOffer",
        "createAnswer",
        "restartIce",
        "close",
        "setLocalDescription",
        "setRemoteDescription",
        "addIceCandidate",
        "setConfiguration",
    }
)

_BESIDE_OPERATIONS = METHODS - {
    "createOffer",
    "createAnswer",
    "setLocalDescription",
    "setRemoteDescription",
}
"""What a log of operations misses; a close, too."""


CHAINED = frozenset(
    {
        "createOffer",
        "createAnswer",
        "setLocalDescription",
        "setRemoteDescription",
        "addIceCandidate",
    }
)
"""Calls that go through the operations chain."""


class Profile(msgspec.Struct, frozen=True):
    """What can be seen of one peer.

    `labels`: which of return, throw, resolve and reject are recorded; `events`: which events;
    `reads`: which attributes ride along ("currentDirection" is one of those of "transceivers");
    `descriptions`: whether the content of created descriptions is recorded; `tasks`: whether `task`
    and `within` mean something. `late` are the labels (kinds) that may be recorded after later ones
    of other kinds, at most `window` of them at a time; their order among themselves is kept.
    `hidden` are methods whose calls the recorder misses, or may miss: with any, a recording is only
    half seen, and of its transceivers, and of what descriptions say, nothing is concluded.
    """

    name: str
    says: str
    labels: frozenset[str] = LABELS
    events: frozenset[str] = PAGE_EVENTS
    reads: frozenset[str] = READS
    descriptions: bool = True
    tasks: bool = True
    late: frozenset[str] = frozenset()
    window: int = 0
    hidden: frozenset[str] = frozenset()

    @property
    def is_half_seen(self) -> bool:
        """Whether what was not recorded may have been called all the same."""
        return bool(self.hidden)


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "full",
            "all that the model shows, what no script could listen to included",
            events=EVENTS,
        ),
        Profile("page", "a recorder in the page: listeners, first reactions, synchronous reads"),
        Profile(
            "no-reads", "calls, settlements and events, with no attribute read", reads=frozenset()
        ),
        Profile(
            "events-only",
            "calls and events; nothing of returns and promises",
            labels=frozenset(),
            reads=frozenset({"signalingState"}),
            descriptions=False,
            tasks=False,
        ),
        Profile("no-tasks", "as the page, without knowledge of tasks and handlers", tasks=False),
        Profile(
            "state-only",
            "calls, settlements and signaling states; no negotiationneeded event",
            events=frozenset({"signalingstatechange"}),
            reads=frozenset({"signalingState"}),
            descriptions=False,
            tasks=False,
        ),
        Profile(
            "late-settlements",
            "settlements are seen some turns of the loop late (asyncio, goroutines)",
            tasks=False,
            late=frozenset({"resolve", "reject"}),
            window=4,
        ),
        Profile(
            "asyncio",
            "a recorder in the stack's loop: a coroutine goes on some callbacks after its events",
            late=frozenset({"resolve"}),
            window=4,
        ),
        Profile(
            "aiortc",
            "a recorder in aiortc's loop: no negotiationneeded, no attributes of descriptions",
            events=frozenset({"signalingstatechange", "track"}),
            reads=frozenset({"signalingState", "transceivers"}),
        ),
        Profile(
            "own-thread",
            "a recorder, and scripts, in the thread that the connection's callbacks come from "
            "(webrtcbin's PC thread); no track event (without media); transceivers are recorded, "
            "and not judged: they are made, and associated, when an answer is made or applied",
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState", "descriptions"}),
        ),
        Profile(
            "late-callbacks",
            "a recorder beside a stack whose calls block, and whose callbacks come later, from its "
            "threads through a loop: an event may be seen after the settlement that it belongs to, "
            "with what can be read by then; of attributes the signaling state alone, no "
            "negotiationneeded and no track event, no tasks",
            events=frozenset({"signalingstatechange"}),
            reads=frozenset({"signalingState"}),
            tasks=False,
            late=frozenset({"event"}),
            window=4,
        ),
        Profile(
            "goroutines",
            "a recorder in Go: a call blocks, and its settlement is seen after the callbacks "
            "that it caused on other goroutines; no tasks, no event for a track (without media), "
            "and no current direction",
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=READS - {"currentDirection"},
            tasks=False,
            late=frozenset({"resolve"}),
            window=1,
        ),
        Profile(
            "firefox",
            "Firefox's about:webrtc: which descriptions were set, and nothing else",
            labels=frozenset(),
            events=frozenset(),
            reads=frozenset(),
            descriptions=False,
            tasks=False,
            hidden=METHODS - {"setLocalDescription", "setRemoteDescription"},
        ),
        Profile(
            "webrtcbin-trace",
            "GStreamer's log of webrtcbin at level 7: operations, when they begin and how they "
            "end; changes of the signaling state and negotiationneeded",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            descriptions=False,
            tasks=False,
            hidden=_BESIDE_OPERATIONS,
        ),
        Profile(
            "webrtcbin-log",
            "GStreamer's log of webrtcbin at levels 4 to 6: operations without any event",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset(),
            reads=frozenset({"signalingState"}),
            descriptions=False,
            tasks=False,
            hidden=_BESIDE_OPERATIONS,
        ),
        Profile(
            "hidden-calls",
            "settlements and events of a recorder in the page that wraps the methods of the peer "
            "connection only: nothing of transceivers and senders",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            tasks=False,
            hidden=ON_TRANSCEIVERS,
        ),
        Profile(
            "plan-b",
            "a dump of a connection that speaks Plan B, which the specification does not: of "
            "negotiationneeded nothing is said",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange"}),
            reads=frozenset({"signalingState"}),
            descriptions=False,
            tasks=False,
            hidden=ON_TRANSCEIVERS | {"addTrack", "addTransceiver", "removeTrack", "restartIce"},
        ),
        Profile(
            "webrtc-internals",
            "chrome://webrtc-internals to M150: what the browser's layer below scripts was asked, "
            "and answered; calls on transceivers and senders are hidden, and restartIce; of "
            "addTrack, addTransceiver and removeTrack only what changed a transceiver is seen, "
            "in the older ones not even that; nothing after close()",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            tasks=False,
            hidden=ON_TRANSCEIVERS | {"addTrack", "addTransceiver", "removeTrack", "restartIce"},
        ),
        Profile(
            "webrtc-internals-e",
            "chrome://webrtc-internals of M156: calls on transceivers and senders are hidden, and "
            "all that comes after close(); removeTrack is seen where it changed a transceiver",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            tasks=False,
            hidden=ON_TRANSCEIVERS | {"removeTrack"},
        ),
        Profile(
            "rtcstats",
            "rtcstats of 2016 to 2024, in the page: addTransceiver, restartIce and "
            "setConfiguration are hidden, and calls on transceivers and senders",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            tasks=False,
            hidden=ON_TRANSCEIVERS | {"addTransceiver", "restartIce", "setConfiguration"},
        ),
        Profile(
            "rtcstats-jitsi",
            "Jitsi's fork of rtcstats, in the page: restartIce and setConfiguration are hidden, "
            "and calls on transceivers and senders; mostly without the content of descriptions",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            descriptions=False,
            tasks=False,
            hidden=ON_TRANSCEIVERS | {"restartIce", "setConfiguration"},
        ),
        Profile(
            "rtcstats-nameless",
            "as rtcstats in Jitsi, of a connection that was made before the constructor was "
            "wrapped: no events",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset(),
            reads=frozenset(),
            descriptions=False,
            tasks=False,
            hidden=ON_TRANSCEIVERS | {"restartIce", "setConfiguration"},
        ),
        Profile(
            "rtcstats-getstream",
            "GetStream's tracer, in the page: createOffer, createAnswer, set*Description, "
            "addIceCandidate and close, and no other call",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            tasks=False,
            hidden=METHODS - CHAINED - {"close"},
        ),
        Profile(
            "peermetrics",
            "events alone, in the page: any call may have been missed",
            labels=frozenset(),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            descriptions=False,
            tasks=False,
            hidden=METHODS,
        ),
        Profile(
            "rtcstats-3",
            "rtcstats of 2025 and later, in the page: calls on transceivers and senders are hidden",
            labels=frozenset({"resolve", "reject"}),
            events=frozenset({"signalingstatechange", "negotiationneeded"}),
            reads=frozenset({"signalingState"}),
            tasks=False,
            hidden=ON_TRANSCEIVERS,
        ),
    )
}


def profile_named(name: str) -> Profile:
    """The profile of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in PROFILES:
        known = ", ".join(sorted(PROFILES))
        raise UsageError(f"there is no observability profile {name!r}; there are {known}")
    return PROFILES[name]
