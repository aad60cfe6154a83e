"""JavaScript: the W3C's API as browsers have it, and as packages for Node have it."""

# ruff: noqa: D102 - languages.py tells what each method is for

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from .languages import Given, Lines
from .naming import camel

_RESERVED = frozenset(
    [
        "at",
        "await",
        "break",
        "call",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "default",
        "delete",
        "departs",
        "do",
        "else",
        "enum",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "in",
        "instanceof",
        "let",
        "log",
        "logged",
        "module",
        "name",
        "new",
        "note",
        "nonstandard",
        "null",
        "out",
        "quiet",
        "read",
        "require",
        "return",
        "run",
        "seen",
        "specified",
        "super",
        "switch",
        "task",
        "test",
        "this",
        "throw",
        "tried",
        "true",
        "try",
        "typeof",
        "value",
        "var",
        "void",
        "while",
        "with",
        "yield",
    ]
)
_ALWAYS = 99
_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$]*")


class JavaScript:
    """A page in a browser."""

    lets_go = True
    target = "target"
    """The connection, as an event tells it; "" where events do not."""

    chained = "."
    """What is before a promise's `then`."""

    def name(self, wanted: str) -> str:
        return camel(wanted, _RESERVED)

    def literal(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = (f"{self._key(key)}: {self.literal(each)}" for key, each in value.items())
            return "{ " + ", ".join(pairs) + " }" if value else "{}"
        if isinstance(value, list | tuple):
            return "[" + ", ".join(self.literal(each) for each in value) + "]"
        return json.dumps(value, ensure_ascii=False)

    def _key(self, key: str) -> str:
        return key if _PLAIN_KEY.fullmatch(key) else json.dumps(key)

    def text(self, sdp: str) -> str:
        told = sdp.replace("\r\n", "\n")
        if sdp.count("\n") < 2 or told.replace("\n", "\r\n") != sdp or re.search(r"[`\\$]", sdp):
            return json.dumps(sdp)
        return f'`{told}`.replaceAll("\\n", "\\r\\n")'

    def connection(self) -> str:
        return "new RTCPeerConnection()"

    def track(self, kind: str) -> str:
        if kind == "video":
            return "canvas().captureStream(0).getTracks()[0]"
        return "new AudioContext().createMediaStreamDestination().stream.getTracks()[0]"

    def stream(self) -> str:
        return "new MediaStream()"

    def constant(self, name: str, value: str) -> str:
        return f"const {name} = {value};"

    def variables(self, names: Sequence[str], value: str | None = None) -> Lines:
        told = "" if value is None else f" = {value}"
        return [f"let {', '.join(f'{name}{told}' for name in names)};"] if names else []

    def assignment(self, name: str, value: str) -> str:
        return f"{name} = {value};"

    def reaches_out(self, names: Sequence[str]) -> Lines:
        return []

    # Calls.

    def call(self, connection: str, method: str, given: Given) -> str:
        transceiver = given.get("transceiver", "")
        match method:
            case "direction":
                return f"{transceiver}.direction = {self.literal(given.get('direction'))}"
            case "stop":
                return f"{transceiver}.stop()"
            case "removeTrack":
                return f"{connection}.removeTrack({transceiver}.sender)"
            case "replaceTrack":
                return f"{transceiver}.sender.replaceTrack({given.get('track') or 'null'})"
            case "setStreams":
                return self.set_streams(f"{transceiver}.sender", given.get("streams") or [])
            case "setParameters":
                sender = f"{transceiver}.sender"
                return f"{sender}.setParameters({sender}.getParameters())"
        return f"{connection}.{method}({', '.join(self._arguments(method, given))})"

    def set_streams(self, sender: str, streams: Sequence[str]) -> str:
        return f"{sender}.setStreams({', '.join(streams)})"

    def _arguments(self, method: str, given: Given) -> list[str]:
        if method == "addTransceiver":
            first = given["track"] if given.get("track") else self.literal(given.get("kind"))
            streams, init = given.get("streams"), []
            if "direction" in given:
                init.append(f"direction: {self.literal(given['direction'])}")
            if streams is not None:
                init.append(f"streams: [{', '.join(streams)}]")
            return [first, f"{{ {', '.join(init)} }}"] if init else [first]
        if method == "addTrack":
            return [given.get("track") or "null", *(given.get("streams") or [])]
        if "description" in given:
            return [given["description"]]
        keys = ("label", "init", "options", "candidate", "configuration")
        return [self.literal(given[key]) for key in keys if key in given]

    def tried(self, label: str, call: str) -> str:
        body = f"{{ {call}; }}" if " = " in call else call
        return f"tried({json.dumps(label)}, () => {body})"

    def logged(self, label: str, call: str, *, wait: bool) -> str:
        told = f"logged({json.dumps(label)}, {call})"
        return f"await {told}" if wait else told

    def statement(self, expression: str) -> str:
        return f"{expression};"

    def kept(self, name: str, logged: str) -> str | None:
        return f"{logged}.then((value) => ({name} = value));"

    def awaited(self, name: str) -> str:
        return f"await {name}"

    def note(self, text: str) -> str:
        return f"note({json.dumps(text)});"

    # What there is.

    def transceiver(self, connection: str, index: int) -> str:
        return f"{connection}.getTransceivers()[{index}]"

    def attribute(self, connection: str, name: str) -> str:
        return f"{connection}.{name}"

    def described(self, type: str | None, sdp: str | None, of: str | None) -> str:
        if type is None and of is not None:
            type = f"{of}.type"
        parts = [f"type: {type}"] if type is not None else []
        parts += [f"sdp: {sdp}"] if sdp is not None else []
        return f"{{ {', '.join(parts)} }}" if parts else "{}"

    def sdp_of(self, description: str) -> str:
        return f"{description}.sdp"

    def edited(self, sdp: str, edit: dict[str, Any]) -> str:
        if edit.get("append") is not None:
            return f"{sdp} + {json.dumps(edit['append'] + chr(13) + chr(10))}"
        if edit.get("remove") is not None:
            return f'section({sdp}, {edit["remove"]}, () => "")'
        if edit.get("reject") is not None:
            change = r'.replace(/^(m=\S+) \d+/, "$1 0")'
            index = edit["reject"]
        elif edit.get("unmux") is not None:
            change, index = r'.replace("a=rtcp-mux\r\n", "")', edit["unmux"]
        else:
            index, direction = edit["direction"]
            change = f'.replace(/a=(sendrecv|sendonly|recvonly|inactive)/, "a={direction}")'
        return f"section({sdp}, {index}, (text) => text{change})"

    # What an application decides.

    def condition(self, told: Sequence[str], connection: str, flags: dict[str, str]) -> str:
        return " && ".join(self._holds(one, connection, flags) for one in told)

    def _holds(self, told: str, connection: str, flags: dict[str, str]) -> str:
        negated, name = told.startswith("!"), told.removeprefix("!")
        kind, colon, value = name.partition(":")
        equals = "!==" if negated else "==="
        if not colon:
            return f"{'!' if negated else ''}{flags[name]}"
        if kind == "state":
            return f"{connection}.signalingState {equals} {json.dumps(value)}"
        if kind == "type":
            return f"message.type {equals} {json.dumps(value)}"
        return f'{"!" if negated else ""}log.at(-1).includes(" rejects")'

    def any_of(self, conditions: Sequence[str]) -> str:
        return " || ".join(
            f"({one})" if "&&" in one and len(conditions) > 1 else one for one in conditions
        )

    def only_if(self, condition: str, lines: Lines) -> Lines:
        if len(lines) == 1:
            return [f"if ({condition}) {lines[0]}"]
        return [f"if ({condition}) {{", *(f"  {line}" for line in lines), "}"]

    def leave(self) -> str:
        return "return;"

    def new_task(self) -> str:
        return "await task();"

    def quiet(self) -> str:
        return "await quiet();"

    def collect(self) -> str:
        return "collect();"

    # Events.

    def watch(
        self, connection: str, event: str, prefix: str, streams: Mapping[str, str] | None
    ) -> Lines:
        told = json.dumps(f"{prefix}{event}")
        given = "()"
        if event == "signalingstatechange":
            told = f"`{prefix}{event} (${{{self.target or connection}.signalingState}})`"
            given = "({ target })" if self.target else "()"
        elif event == "track":
            here = self.target or connection
            place = f"{here}.getTransceivers().indexOf(transceiver) + 1"
            told = f"`{prefix}{event} of transceiver ${{{place}}}`"
            given = f"({{ {f'{here}, ' if self.target else ''}transceiver }})"
            if streams is not None:
                names = ", ".join(
                    f"[{one}.id]: {json.dumps(name)}" for one, name in streams.items()
                )
                named = f"({{ {names} }})[id] ?? id" if names else "id"
                listed = f'streams.map(({{ id }}) => {named}).join(", ")'
                told = f"{told[:-1]} in {{${{{listed}}}}}`"
                given = given.replace("transceiver }", "transceiver, streams }")
        return [self.observe(connection, event, f"{given} => note({told})")]

    def observe(self, connection: str, event: str, listener: str) -> str:
        return f'{connection}.addEventListener("{event}", {listener});'

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
        given = f"({{ target: {connection} }})" if hands_over else "()"
        function = f"{'async ' if waits else ''}{given} => {{"
        attribute = f"{connection}.on{event}"
        lines = [f"  {line}" for line in body]
        before: Lines = []
        if times == 1 and via == "property":
            lines.insert(0, f"  {attribute} = null;")
        elif times < _ALWAYS:
            before = [f"let {name} = {times};"]
            lines.insert(0, f"  if ({name}-- <= 0) return;")
        if via == "property":
            return [*before, f"{attribute} = {function}", *lines, "};"]
        head, _, tail = self.observe(connection, event, "\0").partition("\0")
        return [*before, f"{head}{function}", *lines, f"}}{tail}"]

    def receiver(self, name: str, body: Lines, waits: bool, reaches_out: Sequence[str]) -> Lines:
        head = f"{'async ' if waits else ''}function {name}(message) {{"
        return [head, *(f"  {line}" for line in body), "}"]

    def push(self, queue: str, message: str) -> str:
        return f"{queue}.push({message});"

    def deliver(self, queue: str, receiver: str) -> Lines:
        return [f"if ({queue}.length > 0) {receiver}({queue}.shift());"]
