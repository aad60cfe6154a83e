"""What a generated program may say: the calls, with arguments on both sides of each rule.

What makes sense depends on where the peer is, so it is told the peer's run on the model. Options
that are listed first are the simpler ones.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from negotiation.model import Connection, Description, Kind

from ..programs.language import DescriptionSource, Do, Edit, SectionText
from ..programs.runs import PeerRun
from .picking import Pick

Script = tuple[Do, ...]
Type = Literal["offer", "answer", "pranswer"]
ANSWERS: tuple[Type, ...] = ("answer", "pranswer")
TYPES: tuple[Type, ...] = (*ANSWERS, "offer")

DIRECTIONS = ("sendrecv", "recvonly", "sendonly", "inactive")
STREAMS: tuple[tuple[str, ...], ...] = ((), ("s1",), ("s2",), ("s1", "s2"))
TRACKS = {Kind.AUDIO: ("audio:a1", "audio:a2"), Kind.VIDEO: ("video:v1", "video:v2")}
CANDIDATE = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host"


def call(
    method: str, description: DescriptionSource | None = None, *, wait: bool = False, **args: Any
) -> Do:
    """An item that makes a call."""
    return Do(call=method, args=args, description=description, wait=wait)


def _init(**members: Any) -> dict[str, Any]:
    """The members of a dictionary that are not left out."""
    return {name: value for name, value in members.items() if value not in (None, ())}


def set_local(source: DescriptionSource | None = None, *, wait: bool = True) -> Do:
    """setLocalDescription; without a source the implicit one."""
    return call("setLocalDescription", source, wait=wait)


def set_remote(source: DescriptionSource, *, wait: bool = True) -> Do:
    """setRemoteDescription."""
    return call("setRemoteDescription", source, wait=wait)


ADDING = (
    *(call("addTransceiver", kind=kind) for kind in ("audio", "video")),
    *(
        call("addTrack", track=track, **_init(streams=streams))
        for streams in (("s1",), (), ("s2",), ("s1", "s2"))
        for track in ("audio:a1", "video:v1", "audio:a2")
    ),
    *(
        call("addTransceiver", **_init(kind=kind, direction=direction, streams=streams))
        for direction in (*DIRECTIONS, None)
        for streams in STREAMS
        for kind in ("audio", "video")
        if (direction, streams) != (None, ())
    ),
    *(call("addTransceiver", track=f"{kind}:x1", streams=("s1",)) for kind in ("audio", "video")),
)
"""Calls that add a transceiver or use one anew."""

CHANNELS = tuple(
    call("createDataChannel", **_init(label=label, init=init))
    for label, init in (
        ("chat", None),
        ("more", None),
        ("five", {"negotiated": True, "id": 5}),
        ("none", {"negotiated": True}),
        ("high", {"negotiated": True, "id": 65535}),
        ("high", {"id": 65535}),
        ("both", {"maxPacketLifeTime": 10, "maxRetransmits": 1}),
        ("one", {"maxRetransmits": 1}),
        ("x" * 65536, None),
        ("x" * 65536, {"negotiated": True}),
    )
)

_CONFIGURATIONS: tuple[dict[str, Any], ...] = (
    {},
    {"bundlePolicy": "max-bundle"},
    {"rtcpMuxPolicy": "negotiate"},
    {"iceCandidatePoolSize": 1},
    {"iceCandidatePoolSize": 2},
    {"iceServers": [{"urls": []}]},
    {"iceServers": [{"urls": ["http://example.com"]}]},
    {"iceCandidatePoolSize": 1, "iceServers": [{"urls": ["http://example.com"]}]},
    {"iceTransportPolicy": "relay"},
)
CONFIGURATIONS = tuple(call("setConfiguration", configuration=one) for one in _CONFIGURATIONS)

CANDIDATES = tuple(
    call("addIceCandidate", candidate=candidate)
    for candidate in (
        {"candidate": CANDIDATE, "sdpMid": "0"},
        {"candidate": CANDIDATE, "sdpMLineIndex": 0},
        {"candidate": "", "sdpMid": "0"},
        {"candidate": ""},
        {},
        {"candidate": CANDIDATE},
        {"candidate": CANDIDATE, "sdpMid": "1"},
        {"candidate": CANDIDATE, "sdpMid": "7"},
        {"candidate": CANDIDATE, "sdpMLineIndex": 1},
        {"candidate": CANDIDATE, "sdpMLineIndex": 7},
        {"candidate": CANDIDATE, "sdpMid": "0", "sdpMLineIndex": 7},
        {"candidate": CANDIDATE, "sdpMid": "0", "usernameFragment": "nosuchfragment"},
        {"candidate": "", "sdpMid": "7"},
        {"candidate": "", "sdpMLineIndex": 1},
        {"candidate": "candidate:nonsense", "sdpMid": "0"},
    )
)

OPTIONS = tuple(
    call("createOffer", options=options)
    for options in (
        {"iceRestart": True},
        {"offerToReceiveAudio": True},
        {"offerToReceiveVideo": True},
        {"offerToReceiveAudio": False},
        {"offerToReceiveAudio": True, "offerToReceiveVideo": True},
        {"offerToReceiveAudio": False, "offerToReceiveVideo": False},
    )
)


def change(peer: PeerRun, pick: Pick) -> Do:
    """A call that changes the connection: something is to be negotiated, mostly."""
    known = [one for one in peer.connection.transceivers if not one.stopped][:4]
    way = pick.below(10)
    if known and way >= 4:
        one = pick.of(known)
        return pick.of(pick.of(_of_transceiver(one.id, one.kind)))
    if way == 2:
        return call("restartIce")
    if way == 3:
        return CHANNELS[0]
    return pick.of(ADDING)


def of_first_transceiver(pick: Pick) -> Do:
    """A change of the first transceiver, for scripts that run when nobody knows which there are."""
    return pick.of(pick.of(_of_transceiver("t1", Kind.AUDIO)))


@lru_cache(maxsize=64)
def _of_transceiver(id: str, kind: Kind) -> tuple[Script, ...]:
    """The calls of a transceiver, method by method."""
    return (
        (call("stop", transceiver=id),),
        (call("removeTrack", transceiver=id),),
        tuple(call("direction", transceiver=id, direction=one) for one in DIRECTIONS),
        tuple(call("replaceTrack", transceiver=id, track=one) for one in (*TRACKS[kind], None)),
        tuple(call("setStreams", transceiver=id, streams=list(one)) for one in STREAMS),
        (call("setParameters", transceiver=id),),
    )


ILL_MADE = (
    call("addTransceiver", kind="depth"),
    call("addTransceiver", kind="audio", direction="stopped"),
)


def wrong_call(peer: PeerRun, pick: Pick) -> Do:
    """A call that mostly has to fail, or that few make."""
    transceivers = peer.connection.transceivers[:4]
    ways = (OPTIONS, CANDIDATES, CONFIGURATIONS, CHANNELS, ILL_MADE, (call("createAnswer"),))
    way = pick.below(len(ways) + 2)
    if way < len(ways):
        return pick.of(ways[way])
    if not transceivers or way == len(ways):
        return call("createOffer")
    return pick.of(_wrong_of_transceiver(pick.of(transceivers).id, transceivers[0].kind))


@lru_cache(maxsize=64)
def _wrong_of_transceiver(id: str, kind: Kind) -> Script:
    other = Kind.VIDEO if kind is Kind.AUDIO else Kind.AUDIO
    return (
        call("direction", transceiver=id, direction="stopped"),
        call("replaceTrack", transceiver=id, track=TRACKS[other][0]),
        call("stop", transceiver=id),
    )


def _by_method(*scripts: Script) -> dict[str, Script]:
    found: dict[str, list[Do]] = {}
    for item in (item for script in scripts for item in script):
        found.setdefault(item.call or "", []).append(item)
    return {method: tuple(items) for method, items in found.items()}


_FREE = _by_method(
    ADDING,
    CHANNELS,
    CONFIGURATIONS,
    CANDIDATES,
    (call("createOffer"), *OPTIONS),
    ILL_MADE,
    tuple(map(call, ("createAnswer", "restartIce", "close", "setLocalDescription"))),
)
_BOUND = {scripts[0].call: index for index, scripts in enumerate(_of_transceiver("t1", Kind.AUDIO))}
METHODS = (*_FREE, *filter(None, _BOUND))
"""The methods that can be aimed at."""


def of_method(method: str, peer: PeerRun, pick: Pick) -> Do | None:
    """A call of this method, if there is something to call it on."""
    if method in _FREE:
        return pick.of(_FREE[method])
    transceivers = peer.connection.transceivers[:4]
    if not transceivers:
        return None
    one = pick.of(transceivers)
    return pick.of(_of_transceiver(one.id, one.kind)[_BOUND[method]])


# Descriptions.

ROLLBACK = DescriptionSource(type="rollback")
BROKEN = ("v=0\r\n", "not a session description", "")

Way = Literal["sendrecv", "recvonly", "sendonly", "inactive", "rejected"]
_WAYS: tuple[Way, ...] = (*DIRECTIONS, "rejected")  # type: ignore[assignment]
_MSIDS = (("r1",), ("r2",), (), ("r1", "r2"))
_MORE: tuple[tuple[str, ...], ...] = (("audio",), (), ("video",), ("application",))


def of(peer: str, attribute: str) -> DescriptionSource:
    """The description that a peer has."""
    return DescriptionSource(of=(peer, attribute))


def invented_offer(connection: Connection, pick: Pick) -> DescriptionSource:
    """An offer of a remote end that goes on from what was negotiated, mostly."""
    known = kinds_of(connection.current_remote_description)
    more = pick.of(_MORE)
    kinds = (*known, *more) or ("audio",)
    if known and pick.whether(16):
        kinds = kinds[1:]
    return _invented("offer", kinds, pick)


def invented_answer(connection: Connection, pick: Pick, type: Type = "answer") -> DescriptionSource:
    """An answer of a remote end that has the sections of the local offer, mostly."""
    kinds = kinds_of(connection.local_description) or ("audio",)
    if pick.whether(24):
        kinds = (*kinds[1:], "audio")
    return _invented(type, kinds, pick)


def invented_answer_to(
    kinds: tuple[str, ...], pick: Pick, type: Type = "answer"
) -> DescriptionSource:
    """An answer to an offer that is still to be made, of m-sections of these kinds."""
    return _invented(type, kinds or ("audio",), pick)


def kinds_of(description: Description | None) -> tuple[str, ...]:
    """The kinds of the m-sections of a description, if there is one."""
    return tuple(str(one.kind) for one in description.sections) if description is not None else ()


def _invented(type: Type, kinds: tuple[str, ...], pick: Pick) -> DescriptionSource:
    sections = tuple(_section(kind, pick) for kind in kinds)
    ice = "remote2" if pick.whether(16) else "remote1"
    edits = (Edit(unmux=0),) if type == "offer" and pick.whether(32) else ()
    return DescriptionSource(type=type, sections=sections, ice=ice, edits=edits)


def _section(kind: Any, pick: Pick) -> SectionText:
    way = pick.of((*_WAYS, "sendrecv", "sendrecv"))
    if kind == "application":
        return SectionText(kind, rejected=way == "rejected")
    if way == "rejected":
        return SectionText(kind, rejected=True, direction="inactive")
    msids = pick.of(_MSIDS) if way in ("sendrecv", "sendonly") else ()
    return SectionText(kind, direction=way, msids=msids)


def edits(sections: int, pick: Pick) -> tuple[Edit, ...]:
    """One change to a text with so many m-sections."""
    index = pick.below(max(sections, 1))
    return (
        pick.of(
            (
                Edit(append="a=altered"),
                Edit(reject=index),
                *(Edit(direction=(index, one)) for one in DIRECTIONS),
                Edit(remove=index),
                Edit(unmux=index),
            )
        ),
    )
