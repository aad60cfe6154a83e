"""Recordings of the model, written as chrome://webrtc-internals would have written them.

`told` is what the page tells of a peer, in JavaScript's order: importing has to give just that.
`written` makes a dump of it, in the words and in the order of a generation.
"""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    Throw,
)

GENERATIONS = ("A", "B", "C", "D", "E")
EPOCH = 1_700_000_000_000.0
STATES = ("stable", "have-local-offer", "have-remote-offer", "closed")
SETTING = ("setLocalDescription", "setRemoteDescription")
CREATING = ("createOffer", "createAnswer")
CHAINED = (*SETTING, *CREATING)
ALWAYS = (*CHAINED, "createDataChannel", "setConfiguration", "removeTrack", "addTrack", "close")
CALLS = {
    "A": ALWAYS,
    "B": (*ALWAYS, "addTransceiver"),
    "C": (*ALWAYS, "addTransceiver"),
    "D": (*ALWAYS, "addTransceiver"),
    "E": (*ALWAYS, "addTransceiver", "restartIce"),
}
"""Which calls a generation tells, where they succeed."""

UNPARSED = "Failed to parse SessionDescription. x Expect line: v="
CANNOT_ANSWER = (
    "PeerConnection cannot create an answer in a state other than have-remote-offer or "
    "have-local-pranswer."
)


class Told(msgspec.Struct, frozen=True):
    """One thing that the page tells; `t` in milliseconds."""

    kind: str
    name: str
    t: float
    description: tuple[str | None, str | None] | None = None
    state: str | None = None
    error: str | None = None
    args: Arguments = Arguments()
    made_up: bool = False

    @property
    def essence(self) -> tuple[object, ...]:
        """All but when: what importing must neither lose nor invent."""
        args = self.args if self.name in ("createDataChannel", "addTransceiver") else None
        seen = None if args is None else (args.label, args.kind, args.streams, args.direction)
        return self.kind, self.name, self.description, self.state, self.error, seen


class Recording:
    """The lines of a trace, with what they refer to."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = list(lines)
        self.texts = {line.id: line for line in self.lines if isinstance(line, Sdp)}
        seen = [line for line in self.lines if isinstance(line, Observation)]
        self.calls = {line.id: line for line in seen if isinstance(line, Call)}
        self.thrown = {line.call for line in seen if isinstance(line, Throw)}
        self.observations = seen

    def described(self, ref: DescriptionRef | None) -> tuple[str | None, str | None] | None:
        if ref is None:
            return None
        return ref.type, self.texts[ref.sdp].text if ref.sdp is not None else None

    def is_unparsed(self, ref: DescriptionRef | None) -> bool:
        text = None if ref is None or ref.sdp is None else self.texts[ref.sdp]
        return text is not None and text.summary.problem == "syntax"


def told(recording: Recording, peer: str, generation: str) -> list[Told]:
    """What the page tells of a peer until it is closed, in JavaScript's order."""
    found: list[Told] = []
    for line in recording.observations:
        if line.peer != peer:
            continue
        found += _told(recording, line, generation)
        if isinstance(line, Call) and line.method == "close":
            break
    return found if generation in "AE" else list(_settled_first(found))


def _told(recording: Recording, line: Observation, generation: str) -> Iterator[Told]:
    if isinstance(line, Call):
        yield from _called(recording, line, generation)
    elif isinstance(line, Event) and line.name == "negotiationneeded":
        yield Told("event", line.name, line.t)
    elif isinstance(line, Event) and line.name == "signalingstatechange":
        assert line.state is not None
        yield Told("event", line.name, line.t, state=line.state.signalingState)
    elif isinstance(line, Resolve | Reject):
        yield from _settled(recording, line, generation)


def _called(recording: Recording, line: Call, generation: str) -> Iterator[Told]:
    if line.method not in CALLS[generation] or line.id in recording.thrown:
        return
    given = line.args.description
    if generation == "E" and recording.is_unparsed(given):
        return
    args = line.args
    if line.method == "addTransceiver":
        track = (args.track or "").partition(":")[0] or None
        args = Arguments(
            kind=args.kind or track,
            streams=args.streams or None,
            direction=args.direction or "sendrecv",
        )
    description = recording.described(given)
    if description is not None and description[0] is None:
        description = None
    yield Told("call", line.method, line.t, description, args=args)


def _settled(recording: Recording, line: Resolve | Reject, generation: str) -> Iterator[Told]:
    call = recording.calls[line.call]
    given = call.args.description
    if call.method not in CHAINED:
        if call.method == "addIceCandidate":
            kind = "success" if isinstance(line, Resolve) else "failure"
            yield Told(kind, call.method, line.t, args=call.args)
        return
    if isinstance(line, Resolve):
        is_implicit = call.method == "setLocalDescription" and given is None
        tells = call.method in CREATING or is_implicit
        description = recording.described(line.description) if tells else None
        yield Told("success", call.method, line.t, description)
        return
    is_unparsed = recording.is_unparsed(given) and line.error == "OperationError"
    if generation == "E" and is_unparsed:
        yield Told("call", call.method, line.t, (None, None), made_up=True)
    error = "OperationError" if is_unparsed else line.error
    if error not in ("OperationError", "InvalidStateError") or not (
        is_unparsed or line.error == "InvalidStateError"
    ):
        error = ""
    if error == "InvalidStateError" and call.method == "createOffer":
        error = ""  # Chromium says nothing of a state there
    yield Told("failure", call.method, line.t, error=error, made_up=is_unparsed)


def _settled_first(found: Sequence[Told]) -> Iterator[Told]:
    """Settlements right behind the last change of state that they brought: no more is told."""
    open_: list[str] = []
    gone: set[int] = set()
    for at, one in enumerate(found):
        if at in gone:
            continue
        if one.kind == "call" and one.name in CHAINED:
            open_.append(one.name)
        elif one.kind in ("success", "failure") and one.name in open_:
            open_.remove(one.name)
        if one.name != "signalingstatechange" or not open_:
            yield one
            continue
        block, settled = _block(found, at, open_[0])
        gone.update(block)
        yield from (found[each] for each in block if each != settled)
        if settled is not None:
            open_.pop(0)
            yield msgspec.structs.replace(found[settled], t=found[block[-2]].t)


def _block(found: Sequence[Told], at: int, method: str) -> tuple[list[int], int | None]:
    """Where the changes from here on are, up to the success of the method, and where that is."""
    block = []
    for each in range(at, len(found)):
        if found[each].name == "signalingstatechange":
            block.append(each)
        elif found[each].kind == "success" and found[each].name == method:
            return [*block, each], each
    return [at], None


def written(
    peers: Mapping[str, Sequence[Told]],
    generation: str,
    *,
    agent_first: bool = False,
    indent: int | None = 1,
    gzipped: bool = False,
    late: bool = True,
) -> bytes:
    """A dump with these connections, named 7-1, 7-2, ... in their order.

    `late`: this generation tells how things stand when the page is opened late.
    """
    if not late:
        peers = {
            name: [one for one in told if one.kind != "snapshot"] for name, told in peers.items()
        }
    connections = {
        f"7-{number}": _record(list(told), generation)
        for number, told in enumerate(peers.values(), 1)
    }
    media = [{"origin": "https://call.example", "rid": 7, "pid": 9, "audio": "", "video": ""}]
    dump: dict[str, Any] = {"getUserMedia": media, "PeerConnections": connections}
    about = {"UserAgent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0 Safari/537.36"}
    dump = about | dump if agent_first else dump | about
    text = json.dumps(dump, indent=indent).encode()
    return gzip.compress(text) if gzipped else text


def _record(told: list[Told], generation: str) -> dict[str, Any]:
    updates = [_stamped(one, generation) for one in _in_order(told, generation)]
    series = {"startTime": "2023-11-14T22:13:21.000Z", "endTime": "2023-11-14T22:13:29.000Z"}
    return {
        "pid": 9,
        "url": "https://call.example/room",
        "rtcConfiguration": '{"iceServers":[{"urls":["turn:turn.example"]}]}',
        "constraints": "",
        "stats": {"ssrc-1-bytesSent": {**series, "values": "[1,2,3,4,5]"}},
        "updateLog": updates,
    }


def _in_order(told: list[Told], generation: str) -> Iterator[tuple[float, str, str]]:
    """Updates in the order of the generation: B to D tell settlements before changes of state."""
    held: list[Told] = []
    for one in told:
        if generation in "BCD" and one.kind == "event" and one.state is not None:
            held.append(one)
            continue
        if held and one.kind == "success" and one.name in SETTING:
            yield from _updates(one, generation)
            for each in held:
                yield from _updates(each, generation)
            held = []
            continue
        for each in held:
            yield from _updates(each, generation)
        held = []
        yield from _updates(one, generation)
    for each in held:
        yield from _updates(each, generation)


def _stamped(update: tuple[float, str, str], generation: str) -> dict[str, Any]:
    t, type, value = update
    moment = datetime.datetime.fromtimestamp((EPOCH + t) / 1000, datetime.UTC)
    clock = moment.strftime("%-m/%-d/%Y, %-I:%M:%S %p")
    entry: dict[str, Any] = {"type": type, "value": value}
    if generation in "ABC":
        entry = {"time": clock, **entry}
    return entry if generation in "AB" else {"timestamp": EPOCH + t, **entry}


def _updates(one: Told, generation: str) -> Iterator[tuple[float, str, str]]:
    if one.kind == "snapshot":
        yield one.t, *_event(one, generation)
        for name in ("iceconnectionstatechange", "connectionstatechange"):
            yield one.t, *_event(Told("event", name, one.t, state="new"), generation)
    elif one.kind == "event":
        yield one.t, *_event(one, generation)
    elif one.name == "addIceCandidate":
        failed = "Failed" if one.kind == "failure" else ""
        yield one.t, "addIceCandidate" + failed, _candidate(one, generation)
    elif one.kind == "call" and not one.made_up:
        yield from ((one.t, *update) for update in _call(one, generation))
    elif one.kind == "success":
        yield one.t, one.name + "OnSuccess", _described(one.description, generation)
    elif one.kind == "failure":
        yield one.t, one.name + "OnFailure", _message(one)


def _event(one: Told, generation: str) -> tuple[str, str]:
    names = {"A": {"negotiationneeded": "onRenegotiationNeeded"}.get(one.name, "")}
    name = names.get(generation, "") or one.name
    if generation == "A" and one.name == "signalingstatechange":
        name = "signalingStateChange"
    name = "on" + name if generation in "DE" else name
    if one.state is None:
        return name, ""
    if generation == "A":
        return name, "SignalingState" + "".join(map(str.capitalize, one.state.split("-"))).replace(
            "Pranswer", "PrAnswer"
        )
    return name, one.state if generation == "B" else json.dumps(one.state)


def _call(one: Told, generation: str) -> Iterator[tuple[str, str]]:
    is_text = generation in "AB"
    if one.name in SETTING:
        yield one.name, _described(one.description, generation)
    elif one.name in CREATING:
        yield one.name, _options(one, generation)
    elif one.name == "createDataChannel":
        name = "createLocalDataChannel" if generation == "A" else one.name
        told = {"label": one.args.label, "ordered": True}
        yield name, f"label: {one.args.label}, reliable: true" if is_text else json.dumps(told)
    elif one.name == "close":
        yield "stop" if generation == "A" else "close", ""
    elif one.name == "restartIce":
        yield one.name, ""
    elif one.name == "setConfiguration":
        yield one.name, "{ iceServers: [] }" if is_text else "{}"
    else:
        yield from _transceiver(one, generation)


def _transceiver(one: Told, generation: str) -> Iterator[tuple[str, str]]:
    kind, _, track = (one.args.track or "").rpartition(":")
    kind = one.args.kind or kind or "audio"
    streams = list(one.args.streams or ())
    direction = one.args.direction or "sendrecv"
    name = "transceiverModified" if one.name == "removeTrack" else "transceiverAdded"
    if generation in "AB":
        yield name, _text(one.name, kind, track, streams, direction, generation)
    else:
        yield name, _json(one.name, kind, track, streams, direction)
    if generation == "E" and one.name == "addTrack":
        yield one.name, json.dumps({"kind": kind, "id": track, "streams": streams})
    elif generation == "E" and one.name == "addTransceiver":
        told = {"kind": kind, "track": track or None, "direction": direction, "streams": streams}
        yield one.name, json.dumps(told)


def _text(
    cause: str, kind: str, track: str, streams: list[str], direction: str, generation: str
) -> str:
    quoted = ",".join(f"'{one}'" for one in streams)
    sent = f"'{track}'" if track else "null"
    of_kind = "" if generation == "A" else f"  kind:'{kind}',\n"
    return (
        f"Caused by: {cause}\n\ngetTransceivers()[0]:{{\n  mid:null,\n{of_kind}"
        f"  sender:{{\n    track:{sent},\n    streams:[{quoted}],\n  }},\n"
        f"  receiver:{{\n    track:'r',\n    streams:[],\n  }},\n"
        f"  direction:'{direction}',\n  currentDirection:null,\n}}"
    )


def _json(cause: str, kind: str, track: str, streams: list[str], direction: str) -> str:
    told = {
        "mid": None,
        "kind": kind,
        "sender": {"track": track or None, "streams": streams, "encodings": [{"active": True}]},
        "receiver": {"track": "r", "streams": []},
        "direction": direction,
        "currentDirection": None,
        "reason": cause,
        "transceiverIndex": 0,
    }
    return json.dumps(told)


def _described(description: tuple[str | None, str | None] | None, generation: str) -> str:
    if description is None or description[0] is None:
        return ""
    type, sdp = description
    if generation in "AB":
        return f"type: {type}, sdp: {sdp or ''}"
    told = {"type": type} if sdp is None else {"type": type, "sdp": sdp}
    return json.dumps(told)


def _options(one: Told, generation: str) -> str:
    if generation in "AB":
        return "options: {offerToReceiveVideo: -1, offerToReceiveAudio: -1, iceRestart: false}"
    told = {"voiceActivityDetection": True}
    if one.name == "createOffer" and generation in "CD":
        told |= {"offerToReceiveAudio": True, "offerToReceiveVideo": True}
    return json.dumps(told)


def _candidate(one: Told, generation: str) -> str:
    given = one.args.candidate
    text, mid = (given.candidate, given.sdpMid) if given else ("", None)
    if generation in "AB":
        return f"sdpMid: {mid or ''}, sdpMLineIndex: null, candidate: {text}"
    return json.dumps({"sdpMid": mid, "sdpMLineIndex": None, "candidate": text})


def _message(one: Told) -> str:
    if one.made_up:
        return UNPARSED
    if one.name == "createAnswer":
        return CANNOT_ANSWER if one.error else "something else"
    side = "local" if one.name == "setLocalDescription" else "remote"
    if one.error == "InvalidStateError":
        return f"Failed to set {side} answer sdp: Called in wrong state: stable"
    return f"Failed to set {side} answer sdp: something else"
