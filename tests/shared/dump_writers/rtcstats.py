"""Recordings of the model, as the members of the rtcstats family would have written them.

`seen` is what one of them sees of a recording, in JavaScript's order: importing has to give just
that. `WRITERS` make a dump of it.
"""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from negotiation.conformance.traces.format import (
    Arguments,
    Call,
    DescriptionRef,
    Event,
    Line,
    Observation,
    Reject,
    Resolve,
    Sdp,
)

EPOCH = 1_700_000_000_000
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
SETTING = ("setLocalDescription", "setRemoteDescription")
CREATING = ("createOffer", "createAnswer")
CHAINED = (*SETTING, *CREATING, "addIceCandidate")
WRAPPED = (*CHAINED, "createDataChannel", "close", "addTrack", "removeTrack")

CALLS: Mapping[str, tuple[str, ...]] = {
    "rtcstats-0": WRAPPED,
    "rtcstats-2": WRAPPED,
    "jitsi": (*WRAPPED, "addTransceiver"),
    "jitsi-numbered": (*WRAPPED, "addTransceiver"),
    "jitsi-empty": (*WRAPPED, "addTransceiver"),
    "rtcstats-3": (*WRAPPED, "addTransceiver", "restartIce", "setConfiguration"),
    "getstream": (*CHAINED, "close"),
    "getstream-lines": (*CHAINED, "close"),
    "peermetrics": (),
    "peermetrics-api": (),
}
"""Which calls each of them tells of."""

Description = tuple[str | None, str | None]


class Seen(msgspec.Struct, frozen=True):
    """One thing that is seen of a peer. `call` is the number of the call it is, or settles."""

    kind: str
    name: str
    t: float
    peer: str
    call: int | None = None
    description: Description | None = None
    state: str | None = None
    error: str | None = None
    args: Arguments = Arguments()

    @property
    def essence(self) -> tuple[object, ...]:
        """All but when, and of which call: what importing must neither lose nor invent."""
        args = self.args
        of_media = (args.kind, args.track, args.streams or (), args.direction, args.label)
        told = self.description if self.description != (None, None) else None
        return self.kind, self.name, told, self.state, self.error, of_media


def seen(lines: Iterable[Line], format: str) -> list[Seen]:
    """What a recorder of that format sees, of all peers, in order."""
    texts: dict[str, str] = {}
    calls: dict[int, Call] = {}
    found: list[Seen] = []
    for line in lines:
        if isinstance(line, Sdp):
            texts[line.id] = line.text
        elif isinstance(line, Observation):
            if isinstance(line, Call):
                calls[line.id] = line
            found += _seen(line, calls, texts, format)
    return found


def _seen(
    line: Observation, calls: Mapping[int, Call], texts: Mapping[str, str], format: str
) -> Iterator[Seen]:
    def described(ref: DescriptionRef | None) -> Description | None:
        return None if ref is None else (ref.type, texts[ref.sdp] if ref.sdp else None)

    if isinstance(line, Call) and line.method in CALLS[format]:
        given = described(line.args.description)
        args = _args(line)
        yield Seen("call", line.method, line.t, line.peer, line.id, given, args=args)
    elif isinstance(line, Resolve | Reject) and calls[line.call].method in CHAINED:
        call = calls[line.call]
        ended = Seen("resolve", call.method, line.t, line.peer, line.call)
        if isinstance(line, Reject):
            yield msgspec.structs.replace(ended, kind="reject", error=line.error)
        elif call.method in CREATING or (
            format == "rtcstats-3" and call.method == SETTING[0] and not call.args.description
        ):
            yield msgspec.structs.replace(ended, description=described(line.description))
        else:
            yield ended
    elif isinstance(line, Event) and line.name in ("signalingstatechange", "negotiationneeded"):
        is_change = line.name == "signalingstatechange" and line.state is not None
        state = line.state.signalingState if is_change and line.state else None
        yield Seen("event", line.name, line.t, line.peer, state=state)


def _args(line: Call) -> Arguments:
    args = line.args
    if line.method == "createDataChannel":
        return Arguments(label=args.label)
    if line.method == "addTrack":
        return Arguments(track=args.track, streams=args.streams)
    if line.method == "addTransceiver":
        return Arguments(
            args.description and None,
            None,
            None,
            args.kind,
            args.track,
            args.streams,
            args.direction,
        )
    return Arguments()


Row = list[Any]


class _Written:
    """Rows `[name, connection, value, *more]` of what was seen, with their times."""

    def __init__(self, format: str) -> None:
        self._format = format
        self._names: dict[str, str] = {}
        self._keys: dict[int, str] = {}
        self._compressing: dict[str, Compressing] = {}
        self.rows: list[tuple[int, Row]] = []

    def name(self, peer: str) -> str:
        """What the connection is called; told of when it is made."""
        if peer not in self._names:
            number = len(self._names)
            is_stream = self._format.startswith("getstream")
            name = f"{number}-pub" if is_stream else f"PC_{number}"
            self._names[peer] = name
            server = {"urls": "turn:turn.example", "username": "u"}
            self.rows.append((EPOCH, ["create", name, {"iceServers": [server]}]))
        return self._names[peer]

    def take(self, one: Seen) -> None:
        """The next thing that was seen."""
        name = self.name(one.peer)
        method, value = self._told(one)
        row = [method, name, value]
        if self._format == "rtcstats-3" and one.name in CHAINED and one.call is not None:
            key = self._keys.setdefault(one.call, f"{one.name}-{len(self._keys)}")
            row.append(key)
        self.rows.append((int(EPOCH + one.t), row))

    def _told(self, one: Seen) -> tuple[str, Any]:
        if one.kind == "event":
            on = "" if self._format.startswith("getstream") else "on"
            if self._format == "rtcstats-3":
                self._of(one.peer).takes(one)
            return on + one.name, one.state
        if one.kind == "reject":
            if self._format == "rtcstats-3":
                self._of(one.peer).takes(one)
            return one.name + "OnFailure", f"{one.error}: something about it"
        value = self._value(one)
        if one.kind == "resolve":
            return one.name + "OnSuccess", value
        if self._format.startswith("getstream") and one.name in CHAINED:
            return one.name, [] if value is None else [value]
        return one.name, value

    def _value(self, one: Seen) -> Any:
        if one.name in CREATING or one.name in SETTING:
            if self._format == "jitsi-empty":
                is_told = one.kind == "call" and one.name in CREATING
                return None if is_told or (one.kind == "resolve" and one.name in SETTING) else ""
            given = one.description
            if self._format == "rtcstats-3":
                given = self._of(one.peer).takes(one)
            return _init(given)
        if one.kind == "resolve":
            return None
        if self._format == "rtcstats-3":
            return _arguments_now(one)
        return _arguments_then(one)

    def _of(self, peer: str) -> Compressing:
        return self._compressing.setdefault(peer, Compressing())


def _init(given: Description | None) -> Any:
    if given is None:
        return None
    type, sdp = given
    return {name: one for name, one in (("type", type), ("sdp", sdp)) if one is not None}


def _arguments_then(one: Seen) -> Any:
    """The arguments as they were written until 2024."""
    args = one.args
    streams = [f"stream:{name}" for name in args.streams or ()]
    if one.name == "createDataChannel":
        return {"0": args.label, "1": {"ordered": True}}
    if one.name == "addTrack":
        return f"{args.track} {';'.join(streams) or '-'}"
    if one.name == "removeTrack":
        return "audio:mic"
    if one.name == "addTransceiver":
        init: dict[str, Any] = {"streams": list(args.streams or ())}
        init |= {"direction": args.direction} if args.direction else {}
        return f"{args.track or args.kind} {json.dumps(init)}"
    return {} if one.name == "close" else ""


def _arguments_now(one: Seen) -> Any:
    """The arguments as they are written since 2025."""
    args = one.args
    kind, _, id = (args.track or "").partition(":")
    if one.name == "createDataChannel":
        return [args.label]
    if one.name == "addTrack":
        return [kind, id, "a label", *(args.streams or ())]
    if one.name == "addTransceiver":
        init: dict[str, Any] = {"streams": list(args.streams or ())}
        init |= {"direction": args.direction} if args.direction else {}
        return [[kind, id, "a label"] if args.track else args.kind, init]
    return {"iceServers": []} if one.name == "setConfiguration" else None


class Compressing:
    """rtcstats-js of 2025: descriptions without the sections that are known."""

    def __init__(self) -> None:
        self._sides: dict[str, dict[str, Description]] = {"local": {}, "remote": {}}
        self._created: dict[str, Description] = {}
        self._open: dict[int | None, tuple[str, Description | None, Description | None]] = {}

    def takes(self, one: Seen) -> Description | None:
        """What is written of a description; None: nothing."""
        if one.kind == "event":
            if one.name == "signalingstatechange" and self._open:
                self._apply(next(iter(self._open)), None)
            return None
        if one.name in CREATING:
            return self._creates(one)
        side = "local" if one.name == SETTING[0] else "remote"
        if one.kind == "call":
            return self._sets(one, side)
        _, _, base = self._open.get(one.call, ("", None, None))
        told = None if one.description is None else compressed(base, one.description)
        if one.kind == "resolve":
            self._apply(one.call, one.description)
        self._open.pop(one.call, None)
        return told

    def _now(self, side: str) -> Description | None:
        slots = self._sides[side]
        return slots.get("pending") or slots.get("current")

    def _creates(self, one: Seen) -> Description | None:
        if one.kind != "resolve" or one.description is None:
            return None
        local = self._now("local")
        if local is None:
            self._created[one.name] = one.description
        return compressed(local, one.description)

    def _sets(self, one: Seen, side: str) -> Description | None:
        base = self._now(side)
        self._open[one.call] = (side, one.description, base)
        if one.description is None:
            return None
        if side == "local":
            creating = {"offer": "createOffer", "answer": "createAnswer"}
            base = base or self._created.get(creating.get(one.description[0] or "", ""))
            self._created.clear()
        return compressed(base, one.description)

    def _apply(self, call: int | None, told: Description | None) -> None:
        side, given, base = self._open.get(call, ("", None, None))
        given = given or told
        if given is None or not side:
            return
        self._open[call] = (side, None, base)
        other = "remote" if side == "local" else "local"
        if given[0] == "rollback":
            self._sides["local"].pop("pending", None)
            self._sides["remote"].pop("pending", None)
        elif given[0] == "answer":
            offer = self._sides[other].get("pending")
            self._sides = {side: {"current": given}, other: {"current": offer} if offer else {}}
        else:
            self._sides[side]["pending"] = given
            if given[0] == "offer":
                self._sides[other].pop("pending", None)


def compressed(base: Description | None, given: Description) -> Description:
    """As the writer's own function: sections that are the same in their place become a bare one."""
    type, sdp = given
    if base is None or base[0] != type or not sdp or not base[1]:
        return given
    known = _sections(base[1])
    parts = [
        ("m=" if at else "v=") if at < len(known) and known[at] == one else one
        for at, one in enumerate(_sections(sdp))
    ]
    return type, "\r\n".join(parts) + "\r\n"


def _sections(sdp: str) -> list[str]:
    return [("m=" + one if at else one).strip() for at, one in enumerate(sdp.split("\nm="))]


def rows_of(
    things: Iterable[Seen], format: str, peers: Iterable[str] = ()
) -> list[tuple[int, Row]]:
    """Rows with their times, each connection made first."""
    written = _Written(format)
    for peer in peers:
        written.name(peer)
    for one in things:
        written.take(one)
    return written.rows


NUMBERS: Mapping[str, int] = {
    "createOffer": 2, "createOfferOnSuccess": 3, "createOfferOnFailure": 12,
    "createAnswer": 4, "createAnswerOnSuccess": 5, "createAnswerOnFailure": 13,
    "setLocalDescription": 6, "setLocalDescriptionOnSuccess": 7, "setLocalDescriptionOnFailure": 14,
    "setRemoteDescription": 8, "setRemoteDescriptionOnSuccess": 9,
    "setRemoteDescriptionOnFailure": 15,
    "addIceCandidate": 10, "addIceCandidateOnSuccess": 11, "addIceCandidateOnFailure": 16,
    "onsignalingstatechange": 23, "onnegotiationneeded": 27, "addTrack": 30, "addTransceiver": 32,
    "removeTrack": 34, "createDataChannel": 35, "close": 36, "restartIce": 37,
    "setConfiguration": 38, "create": 39,
}  # fmt: skip


def objects(rows: list[tuple[int, Row]], chance: random.Random) -> bytes:
    """The first rtcstats."""
    connections: dict[str, list[dict[str, Any]]] = {}
    for time, (name, connection, value, *_) in rows:
        told = {"time": _iso(time), "type": name}
        told |= {} if value is None else {"value": value}
        kept = connections.setdefault(connection, [])
        kept.append(told)
        if chance.random() < 0.3:
            kept.append({"time": _iso(time), "type": "getStats", "value": {"ssrc": [1, {}]}})
    members: dict[str, Any] = {"userAgent": AGENT, "getUserMedia": [], "PeerConnections": {}}
    return json.dumps(members | {"peerConnections": connections}).encode()


def _iso(time: int) -> str:
    moment = datetime.datetime.fromtimestamp(time / 1000, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def lines(rows: list[tuple[int, Row]], chance: random.Random) -> bytes:
    """fileFormat 2."""
    about = {"path": "/room", "origin": "https://call.example", "fileFormat": 2, "userAgent": AGENT}
    told = [json.dumps(about)]
    for time, row in rows:
        told.append(json.dumps([*row[:3], time]))
        if chance.random() < 0.3:
            told.append(json.dumps(["getstats", row[1], {"RTCx": {"timestamp": 0}}, time]))
        if chance.random() < 0.2:
            told.append(json.dumps(["onicecandidate", row[1], None, time]))
    return "\n".join(told).encode()


def jitsi(rows: list[tuple[int, Row]], chance: random.Random) -> bytes:
    """Jitsi's, in order of time."""
    return _jitsi([json.dumps([*row[:3], time]) for time, row in rows], chance)


def jitsi_numbered(rows: list[tuple[int, Row]], chance: random.Random) -> bytes:
    """Jitsi's newer ones: lines anywhere, some of them twice, but numbered."""
    told = [json.dumps([*row[:3], time, n]) for n, (time, row) in enumerate(rows, 1)]
    told += [one for one in told if chance.random() < 0.2]
    chance.shuffle(told)
    return _jitsi(told, chance)


def _jitsi(told: list[str], chance: random.Random) -> bytes:
    about = json.dumps({"userAgent": AGENT, "clientProtocol": "3.1_STANDARD"})
    noise = [
        json.dumps(["identity", None, {"sessionId": 1}, EPOCH]),
        json.dumps(["e2eRtt", None, {"rtt": 3}]),
        json.dumps(["dominantSpeaker", None, {}, EPOCH + 3]),
    ]
    for one in noise:
        told.insert(chance.randrange(len(told) + 1), one)
    return "\n".join([json.dumps(["connectionInfo", None, about, EPOCH]), *told, ""]).encode()


def numbered(rows: list[tuple[int, Row]], chance: random.Random) -> bytes:
    """fileFormat 3."""
    about = {"url": "/", "userAgent": AGENT, "clientProtocol": "rtcstats#5.0", "fileFormat": 3}
    told = ["RTCStatsDump", json.dumps(about)]
    last = 0
    for time, (name, *rest) in [(EPOCH - 5, ["create", None, {"deviceMemory": 8}]), *rows]:
        method = NUMBERS.get(name, name) if chance.random() < 0.9 else name
        told.append(json.dumps([method, *rest, time - last]))
        last = time
        if chance.random() < 0.3:
            told.append(json.dumps(["g", rest[0] or "PC_0", {"0": {"a": 1}}, 1]))
            last += 1
    told.append(json.dumps(["close", None, 1001, 60_000]))
    return "\n".join(told).encode()


def getstream(rows: list[tuple[int, Row]], chance: random.Random) -> bytes:
    """GetStream's, as it is sent: an array for all connections, now and then."""
    cut = chance.randrange(len(rows) + 1)
    arrays = []
    for part in (rows[:cut], rows[cut:]):
        names = sorted({row[1] for _, row in part})
        told = [[*row[:3], time] for name in names for time, row in part if row[1] == name]
        arrays.append(json.dumps([["signal.ws.open", "0", {"isTrusted": True}, EPOCH], *told]))
    return "\n".join(arrays).encode()


def getstream_lines(rows: list[tuple[int, Row]], chance: random.Random) -> bytes:
    """GetStream's, an array a line."""
    told = [json.dumps([*row[:3], time]) for time, row in rows]
    noise = json.dumps(["device-enumeration", None, [{"kind": "audioinput"}], EPOCH])
    told.insert(chance.randrange(len(told) + 1), noise)
    return "\n".join(told).encode()


def peermetrics(things: Iterable[Seen], chance: random.Random) -> bytes:
    """The events of a conference, in the shape of its demonstration."""
    events = [
        {"participant": 0, "eventName": "getUserMedia", "peer": None, "data": {"audio": True},
         "connectionId": None, "delta": 0.0},
        *(_event(one, "eventName", "connectionId", {"delta": one.t}) for one in things),
    ]  # fmt: skip
    chance.shuffle(events)
    return json.dumps({"EVENTS": events} if chance.random() < 0.5 else events).encode()


def peermetrics_api(things: Iterable[Seen], chance: random.Random) -> bytes:
    """The same as the API gives it, the latest first."""
    rows = [
        {"id": str(number), "conference": "c", "is_active": True,
         **_event(one, "type", "connection", {"created_at": _iso_of(EPOCH + one.t)})}
        for number, one in enumerate(things)
    ]  # fmt: skip
    start: dict[str, Any] = {"type": "addConnection", "connection": None, "data": {}}
    rows = [*reversed(rows), start | {"created_at": _iso_of(EPOCH)}]
    name = "results" if chance.random() < 0.5 else "data"
    return json.dumps({name: rows, "count": len(rows)}).encode()


def _iso_of(time: float) -> str:
    """With microseconds and no zone, as Django gives what it keeps in UTC."""
    moment = datetime.datetime.fromtimestamp(time / 1000, datetime.UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


def _event(one: Seen, name: str, connection: str, when: dict[str, Any]) -> dict[str, Any]:
    data = None
    if one.state is not None:
        data = {"signalingState": one.state, "localDescription": None, "remoteDescription": None}
    return {name: "on" + one.name, connection: one.peer, "peer": 1, "data": data, **when}


Writer = Callable[[list[tuple[int, Row]], random.Random], bytes]
WRITERS: Mapping[str, Writer] = {
    "rtcstats-0": objects,
    "rtcstats-2": lines,
    "jitsi": jitsi,
    "jitsi-numbered": jitsi_numbered,
    "jitsi-empty": jitsi,
    "rtcstats-3": numbered,
    "getstream": getstream,
    "getstream-lines": getstream_lines,
}
