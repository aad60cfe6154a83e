"""Python: the W3C's API in asyncio, as `wrtc` has it, and what `aiortc` has of it."""

# ruff: noqa: D102 - languages.py tells what each method is for

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .languages import Given, Lines
from .naming import snake

_RESERVED = frozenset(keyword.kwlist) | frozenset(
    [
        "aiortc",
        "asyncio",
        "begin",
        "departs",
        "index",
        "log",
        "logged",
        "message",
        "note",
        "quiet",
        "re",
        "read",
        "run",
        "seen",
        "section",
        "specified",
        "text",
        "tried",
        "types",
        "value",
        "webrtc",
        "json",
        "gc",
        "print",
        "list",
        "set",
        "type",
    ]
)
_ALWAYS = 99


class Python:
    """What both stacks have in common: calls are functions, so that they are made when logged."""

    module = ""
    lets_go = False
    errors: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Names of the specification's errors that are others here."""

    def connection(self) -> str:
        raise NotImplementedError

    def track(self, kind: str) -> str:
        raise NotImplementedError

    def stream(self) -> str:
        raise NotImplementedError

    def name(self, wanted: str) -> str:
        return snake(wanted, _RESERVED)

    def literal(self, value: Any) -> str:
        if isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict):
            pairs = (f"{json.dumps(key)}: {self.literal(each)}" for key, each in value.items())
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, list | tuple):
            return "[" + ", ".join(self.literal(each) for each in value) + "]"
        return repr(value)

    def text(self, sdp: str) -> str:
        told = sdp.replace("\r\n", "\n")
        if sdp.count("\n") < 2 or told.replace("\n", "\r\n") != sdp or re.search(r'[\\"]', sdp):
            return repr(sdp)
        return f'"""{told}""".replace("\\n", "\\r\\n")'

    def constant(self, name: str, value: str) -> str:
        return f"{name} = {value}"

    def variables(self, names: Sequence[str], value: str | None = None) -> Lines:
        return [f"{' = '.join(names)} = {value}"] if names else []

    def assignment(self, name: str, value: str) -> str:
        return f"{name} = {value}"

    def reaches_out(self, names: Sequence[str]) -> Lines:
        return [f"nonlocal {', '.join(names)}"] if names else []

    # Calls.

    def call(self, connection: str, method: str, given: Given) -> str:
        transceiver = given.get("transceiver", "")
        match method:
            case "direction":
                value = self.literal(given.get("direction"))
                return f'setattr({transceiver}, "direction", {value})'
            case "stop":
                return self.stopped(f"{transceiver}.stop()")
            case "close":
                return self.stopped(f"{connection}.close()")
            case "removeTrack":
                return f"{connection}.removeTrack({transceiver}.sender)"
            case "replaceTrack":
                return f"{transceiver}.sender.replaceTrack({given.get('track') or 'None'})"
            case "setStreams":
                streams = ", ".join(given.get("streams") or [])
                return f"{transceiver}.sender.setStreams({streams})"
            case "setParameters":
                sender = f"{transceiver}.sender"
                return f"{sender}.setParameters({sender}.getParameters())"
        return f"{connection}.{method}({', '.join(self.arguments(method, given))})"

    def stopped(self, call: str) -> str:
        """A call that is a plain one in JavaScript."""
        return call

    def arguments(self, method: str, given: Given) -> list[str]:
        raise NotImplementedError

    def statement(self, expression: str) -> str:
        setter = re.fullmatch(r'setattr\((.*), "direction", (.*)\)', expression)
        return f"{setter[1]}.direction = {setter[2]}" if setter else expression

    def tried(self, label: str, call: str) -> str:
        return f"tried({json.dumps(label)}, lambda: {call})"

    def logged(self, label: str, call: str, *, wait: bool) -> str:
        told = f"logged({json.dumps(label)}, lambda: {call})"
        return f"await {told}" if wait else f"begin({told})"

    def kept(self, name: str, logged: str) -> str | None:
        return None

    def awaited(self, name: str) -> str:
        return f"await {name}"

    def note(self, text: str) -> str:
        return f"note({json.dumps(text)})"

    # What there is.

    def transceiver(self, connection: str, index: int) -> str:
        return f"{connection}.getTransceivers()[{index}]"

    def attribute(self, connection: str, name: str) -> str:
        return f"{connection}.{name}"

    def sdp_of(self, description: str) -> str:
        return f"{description}.sdp"

    def described(self, type: str | None, sdp: str | None, of: str | None) -> str:
        raise NotImplementedError

    def edited(self, sdp: str, edit: dict[str, Any]) -> str:
        if edit.get("append") is not None:
            return f"{sdp} + {json.dumps(edit['append'] + chr(13) + chr(10))}"
        if edit.get("remove") is not None:
            return f'section({sdp}, {edit["remove"]}, lambda text: "")'
        if edit.get("reject") is not None:
            change, index = r're.sub(r"^(m=\S+) \d+", r"\1 0", text)', edit["reject"]
        elif edit.get("unmux") is not None:
            change, index = r'text.replace("a=rtcp-mux\r\n", "")', edit["unmux"]
        else:
            index, direction = edit["direction"]
            change = f're.sub("a=(sendrecv|sendonly|recvonly|inactive)", "a={direction}", text)'
        return f"section({sdp}, {index}, lambda text: {change})"

    # What an application decides.

    def condition(self, told: Sequence[str], connection: str, flags: dict[str, str]) -> str:
        return " and ".join(self._holds(one, connection, flags) for one in told)

    def _holds(self, told: str, connection: str, flags: dict[str, str]) -> str:
        negated, name = told.startswith("!"), told.removeprefix("!")
        kind, colon, value = name.partition(":")
        equals = "!=" if negated else "=="
        no = "not " if negated else ""
        if not colon:
            return f"{no}{flags[name]}"
        if kind == "state":
            return f"{self.value(f'{connection}.signalingState')} {equals} {json.dumps(value)}"
        if kind == "type":
            return f"{self.value('message.type')} {equals} {json.dumps(value)}"
        return f'" rejects" {"not in" if negated else "in"} log[-1]'

    def value(self, enumeration: str) -> str:
        """The string of an attribute that is an enumeration in JavaScript."""
        return enumeration

    def any_of(self, conditions: Sequence[str]) -> str:
        return " or ".join(conditions)

    def only_if(self, condition: str, lines: Lines) -> Lines:
        return [f"if {condition}:", *(f"    {line}" for line in lines)]

    def leave(self) -> str:
        return "return"

    def new_task(self) -> str:
        return "await asyncio.sleep(0)"

    def quiet(self) -> str:
        return "await quiet()"

    def collect(self) -> str:
        return "gc.collect()"

    # Events.

    def watch(
        self, connection: str, event: str, prefix: str, streams: Mapping[str, str] | None
    ) -> Lines:
        told = json.dumps(f"{prefix}{event}")
        if event == "signalingstatechange":
            state = self.value(f"{connection}.signalingState")
            told = f'f"{prefix}{event} ({{{state}}})"'
        elif event == "track":
            told = f'f"{prefix}{event} of transceiver {{place({connection}, event[0])}}"'
            if streams is not None:
                names = ", ".join(f"{one}.id: {json.dumps(name)}" for one, name in streams.items())
                named = f"{{{names}}}.get(s.id, s.id)" if names else "s.id"
                listed = f"[{named} for s in event[0].streams]"
                told += f' + " in {{" + ", ".join({listed}) + "}}"'
        return [f'{connection}.on("{event}", lambda *event: note({told}))']

    def handler(
        self,
        connection: str,
        event: str,
        body: Lines,
        *,
        via: str,
        times: int,
        waits: bool,
        name: str,
        hands_over: bool,
    ) -> Lines:
        lines = list(body)
        outer = [lines.pop(0)] if lines[0].startswith("nonlocal ") else []
        before: Lines = []
        if times < _ALWAYS:
            left = f"{name}_left"
            before = [f"{left} = {times}"]
            outer = [f"{outer[0]}, {left}" if outer else f"nonlocal {left}"]
            lines = [f"if {left} == 0:", "    return", f"{left} -= 1", *lines]
        body = [f"    {line}" for line in [*outer, *lines]]
        head = f"{'async ' if waits else ''}def {name}(*event):"
        call = f"lambda *event: begin({name}())" if waits else name
        return [*before, head, *body, f'{connection}.on("{event}", {call})']

    def receiver(self, name: str, body: Lines, waits: bool, reaches_out: Sequence[str]) -> Lines:
        head = f"{'async ' if waits else ''}def {name}(message):"
        return [head, *(f"    {line}" for line in [*self.reaches_out(reaches_out), *body])]

    def push(self, queue: str, message: str) -> str:
        return f"{queue}.append({message})"

    def deliver(self, queue: str, receiver: str) -> Lines:
        return [f"if {queue}:", f"    begin({receiver}({queue}.pop(0)))"]

    awaiting: Sequence[str] = ("value = await call()",)
    placing: Sequence[str] = ()


class Wrtc(Python):
    """libwebrtc in Python: `import webrtc`."""

    module = "webrtc"
    errors: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "TypeError": ("TypeError", "ValueError"),
        "OperationError": ("OperationError", "RTCError"),
        "SyntaxError": ("SyntaxError", "InvalidSyntaxError"),
        "RangeError": ("RangeError", "InvalidRangeError"),
    }

    def connection(self) -> str:
        return "webrtc.RTCPeerConnection()"

    def track(self, kind: str) -> str:
        return f'webrtc.MediaStreamTrackGenerator("{kind}")'

    def stream(self) -> str:
        return "webrtc.MediaStream()"

    def value(self, enumeration: str) -> str:
        return f"{enumeration}.value"

    placing: Sequence[str] = (
        "def place(pc, event):",
        "    there = [t is event.transceiver for t in pc.getTransceivers()]",
        "    return there.index(True) + 1 if True in there else 0",
    )

    def described(self, type: str | None, sdp: str | None, of: str | None) -> str:
        if type is None and of is not None:
            type = f"{of}.type"
        told = [one for one in (type, sdp) if one is not None]
        if type is None and sdp is not None:
            told = [f"sdp={sdp}"]
        name = "RTCSessionDescriptionInit" if type is not None else "RTCLocalSessionDescriptionInit"
        return f"webrtc.{name}({', '.join(told)})"

    def arguments(self, method: str, given: Given) -> list[str]:
        if method == "addTransceiver":
            first = given["track"] if given.get("track") else self.literal(given.get("kind"))
            streams, init = given.get("streams"), []
            if "direction" in given:
                init.append(f"direction={self.literal(given['direction'])}")
            if streams is not None:
                init.append(f"streams=[{', '.join(streams)}]")
            return [first, f"webrtc.RTCRtpTransceiverInit({', '.join(init)})"] if init else [first]
        if method == "addTrack":
            return [given.get("track") or "None", *(given.get("streams") or [])]
        if "description" in given:
            return [given["description"]]
        told = [self.literal(given["label"])] if "label" in given else []
        for key, name in _DICTIONARIES.items():
            if key in given:
                told.append(f"webrtc.{name}.from_json({self.literal(given[key])})")
        return told


_DICTIONARIES = {
    "init": "RTCDataChannelInit",
    "options": "RTCOfferOptions",
    "candidate": "RTCIceCandidateInit",
    "configuration": "RTCConfiguration",
}


class Aiortc(Python):
    """aiortc: no negotiationneeded, no streams; close() and stop() are coroutines."""

    module = "aiortc"

    def connection(self) -> str:
        return "aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))"

    def track(self, kind: str) -> str:
        return f"aiortc.{kind.capitalize()}StreamTrack()"

    def stream(self) -> str:
        return "None"

    def stopped(self, call: str) -> str:
        return f"begin({call})"

    placing: Sequence[str] = (
        "def place(pc, track):",
        "    there = [t.receiver.track is track for t in pc.getTransceivers()]",
        "    return there.index(True) + 1 if True in there else 0",
    )
    awaiting = (
        "value = call()",
        "if asyncio.iscoroutine(value):",
        "    value = await value",
    )

    def logged(self, label: str, call: str, *, wait: bool) -> str:
        told = f"logged({json.dumps(label)}, lambda: {call})"
        return f"await {told}" if wait else f"asyncio.ensure_future({told})"

    def described(self, type: str | None, sdp: str | None, of: str | None) -> str:
        if type is None:
            type = "None" if of is None else f"{of}.type"
        return f"aiortc.RTCSessionDescription({sdp or chr(34) * 2}, {type})"

    def arguments(self, method: str, given: Given) -> list[str]:
        if method == "addTransceiver":
            first = given["track"] if given.get("track") else self.literal(given.get("kind"))
            way = [f"direction={self.literal(given['direction'])}"] if "direction" in given else []
            return [first, *way]
        if method == "addTrack":
            return [given.get("track") or "None"]
        if "description" in given:
            return [given["description"]]
        if "candidate" in given:
            return [self._candidate(given["candidate"])]
        told = [self.literal(given["label"])] if "label" in given else []
        told += [f"{key}={self.literal(value)}" for key, value in given.get("init", {}).items()]
        return told

    def _candidate(self, told: dict[str, Any]) -> str:
        """As its documentation does it: the line is parsed, an empty one is the end."""
        if not (told or {}).get("candidate"):
            return "None"
        line, mid = told["candidate"].partition(":")[2], told.get("sdpMid")
        index = told.get("sdpMLineIndex")
        return f"candidate({self.literal(line)}, {self.literal(mid)}, {self.literal(index)})"
