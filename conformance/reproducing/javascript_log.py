"""JavaScript: the functions that keep the log, and the verdict that is worked out from it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .languages import Lines
from .verdicts import SURVIVES, allowed_in_words, count_in_words, is_named, line_in_words
from .witnesses import Count, Outcome, Reading, Survival, Witness


def helpers(body: str, witness: Witness, connection: str, chained: str) -> Lines:
    """The functions that the code uses."""
    log = "log.push(text);"
    takes = "(text)"
    lines: Lines = []
    if isinstance(witness, Reading):
        takes = "(text, value)"
        lines += reading(witness, connection)
        opening = json.dumps(witness.when.text)
        told = ", ".join(witness.aspects)
        log = (
            f"log.push(text.startsWith({opening}) ? `${{text}} | {told}: ${{read(value)}}` : text);"
        )
    seen = ["  names();"] if is_named(witness) else []
    lines += [f"const note = {takes} => {{", *seen, f"  {log}", "  show(log.at(-1));", "};"]
    lines += [
        line
        for needed, told in _helping(witness, chained, waits="quiet()" in body)
        if needed in body
        for line in told
    ]
    return lines


def _logged(value: str, chained: str, *, waits: bool) -> Sequence[str]:
    """Logs how a promise settles, and counts it until then where something waits for quiet."""
    if not waits:
        return [
            "const logged = (name, promise) =>",
            f"  promise{chained}then(",
            f"    (value) => (note(`${{name}} resolves`{value}), value),",
            "    (error) => note(`${name} rejects with ${error.name}`),",
            "  );",
        ]
    return [
        "const logged = (name, promise) => {",
        "  if (promise) pending++;",
        f"  return promise{chained}then(",
        f"    (value) => (pending--, note(`${{name}} resolves`{value}), value),",
        "    (error) => (pending--, note(`${name} rejects with ${error.name}`)),",
        "  );",
        "};",
    ]


def _helping(witness: Witness, chained: str, *, waits: bool) -> list[tuple[str, Sequence[str]]]:
    """Each function that code may use, by how a use of it looks."""
    value = ", value" if isinstance(witness, Reading) else ""
    return [
        ("task()", _TASK),
        ("quiet()", _QUIET),
        ("logged(", _logged(value, chained, waits=waits)),
        ("tried(", _TRIED),
        ("section(", _SECTION),
        ("collect()", _COLLECT),
        ("canvas()", _CANVAS),
    ]


_TASK = (
    "const task = () => new Promise((resolve) => {",
    "  const { port1, port2 } = new MessageChannel(); // sooner than a timer",
    "  port1.onmessage = resolve;",
    "  port2.postMessage(null);",
    "});",
)
_QUIET = (
    "let pending = 0; // promises that have not settled: the first ones of a process may take long",
    "const quiet = async () => {",
    "  for (let lines = -1, late = 4; lines < log.length || (pending > 0 && late-- > 0); ) {",
    "    lines = log.length;",
    "    await new Promise((resolve) => setTimeout(resolve, 400));",
    "  }",
    '  note("quiet");',
    "};",
)
_TRIED = (
    "const tried = (name, call) => {",
    "  try {",
    "    call();",
    "    note(`${name} returns`);",
    "  } catch (error) {",
    "    note(`${name} throws ${error.name}`);",
    "  }",
    "};",
)
_SECTION = (
    "const section = (sdp, index, change) =>",
    '  sdp.split(/^(?=m=)/m).map((one, at) => (at === index + 1 ? change(one) : one)).join("");',
)
_COLLECT = (
    "// Chromium: --js-flags=--expose-gc; Firefox: dom.testing.testutils.enabled",
    "const collect = () => {",
    "  const once = () => (globalThis.gc ? gc() : globalThis.TestUtils?.gc());",
    "  once();",
    "  setTimeout(once);",
    "};",
)
_CANVAS = (
    "const canvas = () => {",
    '  const made = document.createElement("canvas");',
    '  made.getContext("2d"); // Firefox captures nothing from a canvas without a context',
    "  return made;",
    "};",
)


def verdict(witness: Witness, course: Sequence[str] = ()) -> Lines:
    """Works out `seen`, `specified`, `departs` and `verdict` from the log."""
    match witness:
        case Outcome():
            lines = _outcome(witness)
        case Count():
            lines = _count(witness)
        case Reading():
            lines = _reading(witness)
        case Survival():
            lines = [
                f"const specified = {json.dumps([SURVIVES])}; // DEPARTS: this is never shown",
                'const seen = "it does";',
                "const departs = false;",
            ]
    if not course:
        return [*lines, 'const verdict = departs ? "DEPARTS" : "AS SPECIFIED";']
    return [
        f"const course = {json.dumps(course)}; // departs, too",
        "const same = course.every((told) => log.some((line) => line.startsWith(told)));",
        *(line.replace("const departs =", "const departs = same &&") for line in lines),
        'const verdict = departs ? "DEPARTS" : same ? "AS SPECIFIED" : "ANOTHER COURSE";',
    ]


def _nth(text: str, nth: int) -> str:
    found = f"log.filter((line) => line.startsWith({json.dumps(text)}))"
    return f"{found}[{nth - 1}]"


def _outcome(witness: Outcome) -> Lines:
    name = witness.call.text.strip()
    allowed = [f"{name} {one}" for one in witness.specified]
    return [
        f"const specified = {json.dumps(allowed)};",
        f"const seen = {_nth(witness.call.text, witness.call.nth)}"
        f" ?? {json.dumps(f'{name} does not settle')};",
        "const departs = !specified.some((one) => seen.startsWith(one));",
    ]


def _count(witness: Count) -> Lines:
    text, until = json.dumps(witness.text), witness.until
    late = ""
    if witness.late:
        late = f" && log.filter((line) => line.startsWith({text})).length >= {witness.times}"
    compared = ">" if witness.at == "most" else "<"
    lines = [f"const end = log.indexOf({_nth(until.text, until.nth)});"]
    if until.nth > 1:
        lines = [
            f"const ends = log.flatMap((line, at) => (line.startsWith({json.dumps(until.text)})"
            " ? [at] : []));",
            f"const end = ends[{until.nth - 1}] ?? -1;",
        ]
    return [
        *lines,
        "const before = end < 0 ? log : log.slice(0, end);",
        f"const times = before.filter((line) => line.startsWith({text})).length;",
        "const seen = `${times} times`;",
        f"const specified = {json.dumps([count_in_words(witness)])};",
        f"const departs = times {compared} {witness.times}{late};",
    ]


def _reading(witness: Reading) -> Lines:
    when = _nth(witness.when.text, witness.when.nth)
    missing = json.dumps(f"no {line_in_words(witness.when)}")
    return [
        f"const specified = {json.dumps(allowed_in_words(witness))};",
        f"const found = {when};",
        f'const seen = found?.split(" | ")[1] ?? {missing};',
        "const departs = found !== undefined && !specified.includes(seen);",
    ]


_TRANSCEIVERS = {
    "transceivers": "{pc}.getTransceivers().length",
    "directions": '{pc}.getTransceivers().map((one) => one.direction).join(", ") || "none"',
    "currentDirections": '{pc}.getTransceivers().map((one) => one.currentDirection ?? "null")'
    '.join(", ") || "none"',
    "mids": '{pc}.getTransceivers().map((one) => (one.mid == null ? "null" : "set")).join(", ")'
    ' || "none"',
    "signalingState": "{pc}.signalingState",
    "names of transceivers": "names()",
}
_SECTIONS = {
    "m-sections": "sections.length",
    "kinds of m-sections": 'sections.map((one) => one.split(" ")[0])',
    "rejected m-sections": "sections.map((one) => /^\\w+ 0 /.test(one)"
    " && !/bundle-only/.test(one))",
    "mids of m-sections": "sections.map((one) => /a=mid:(\\S+)/.exec(one)?.[1])",
    "directions of m-sections": "sections.map((one) =>"
    " /^application|^\\w+ 0 (?!.*bundle-only)/s.test(one)"
    ' ? "-" : /a=(sendrecv|sendonly|recvonly|inactive)/.exec(one)?.[1])',
    "msids": "sections.map((one) => new Set(one.match(/(?<=^a=msid:)(?!- )\\S+/gm)).size)",
}


def reading(witness: Reading, pc: str) -> Lines:
    """The function that reads the aspects."""
    lines: Lines = []
    if is_named(witness):
        lines = [
            "const known = []; // in the order of first sight",
            f"const names = () => {pc}.getTransceivers().map((one) => {{",
            "  if (!known.includes(one)) known.push(one);",
            "  return `t${known.indexOf(one) + 1}`;",
            '}).join(", ");',
        ]
    told = [_expression(aspect, pc) for aspect in witness.aspects]
    value = f'[{", ".join(told)}].join("; ")' if len(told) > 1 else told[0]
    if not any(aspect in _SECTIONS for aspect in witness.aspects):
        return [*lines, f"const read = (value) => {value};"]
    return [
        *lines,
        "const read = (value) => {",
        f"  const told = value?.sdp ? value : {pc}.localDescription;",
        "  const sections = told.sdp.split(/^m=/m).slice(1);",
        f"  return {value};",
        "};",
    ]


def _expression(aspect: str, pc: str) -> str:
    if aspect in _TRANSCEIVERS:
        return _TRANSCEIVERS[aspect].replace("{pc}", pc)
    if aspect.endswith("Description"):
        return f'({pc}.{aspect}?.type ?? "null")'
    if aspect == "type":
        return f"(value?.sdp ? value : {pc}.localDescription).type"
    return (
        _SECTIONS[aspect]
        if aspect == "m-sections"
        else f'({_SECTIONS[aspect]}.join(", ") || "none")'
    )
