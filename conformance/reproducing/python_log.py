"""Python: the functions that keep the log, and the verdict that is worked out from it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from .languages import Lines
from .python import Python
from .verdicts import SURVIVES, allowed_in_words, count_in_words, is_named, line_in_words
from .witnesses import Count, Outcome, Reading, Survival, Witness


def helpers(body: str, witness: Witness, language: Python) -> Lines:
    """The functions that the code uses."""
    lines = ["def note(text, value=None):"] if isinstance(witness, Reading) else ["def note(text):"]
    if isinstance(witness, Reading):
        opening = json.dumps(witness.when.text)
        aspects = ", ".join(witness.aspects)
        lines += [
            f"    if text.startswith({opening}):",
            '        text += f" | ' + aspects + ': {read(value)}"',
        ]
        lines += ["    names()"] if is_named(witness) else []
    lines += ["    log.append(text)", "    print(text)"]
    told: list[tuple[str, Sequence[str]]] = [
        ("quiet()", _QUIET),
        ("logged(", _following(witness, language)),
        ("tried(", _TRIED),
    ]
    told += [("begin(", _BEGIN), ("section(", _SECTION), ("candidate(", _CANDIDATE)]
    told += [("place(", language.placing)]
    for needed, function in told:
        if re.search(rf"\b{re.escape(needed)}", body):
            lines += ["", "", *function]
    return lines


def _following(witness: Witness, language: Python) -> Lines:
    value = ", value" if isinstance(witness, Reading) else ""
    return [
        "async def logged(name, call):",
        "    try:",
        *(f"        {line}" for line in language.awaiting),
        "    except Exception as error:",
        '        note(f"{name} rejects with {type(error).__name__}")',
        "    else:",
        f'        note(f"{{name}} resolves"{value})',
        "        return value",
    ]


def reading(witness: Reading, pc: str, language: Python) -> Lines:
    """The function that reads the aspects, in the scope of the connection."""
    lines: Lines = []
    if is_named(witness):
        every = f"{pc}.getTransceivers()"
        lines = [
            "known = []  # in the order of first sight",
            "",
            "def names():",
            f"    known.extend(t for t in {every} if not any(t is one for one in known))",
            f"    numbers = [[t is one for one in known].index(True) for t in {every}]",
            '    return ", ".join(f"t{number + 1}" for number in numbers)',
            "",
        ]
    lines += ["def read(value):"]
    if any(aspect in _SECTIONS for aspect in witness.aspects):
        text = f"(value or {pc}.localDescription).sdp"
        lines += [f'    sections = re.split("^m=", {text}, flags=re.MULTILINE)[1:]']
    told = [_expression(aspect, pc, language) for aspect in witness.aspects]
    if len(told) == 1:
        return [*lines, f"    return {told[0]}"]
    return [*lines, f'    return "; ".join(map(str, [{", ".join(told)}]))']


def _expression(aspect: str, pc: str, language: Python) -> str:
    every = f"{pc}.getTransceivers()"
    value = language.value
    current = f"{value('t.currentDirection')} if t.currentDirection else 'null'"
    told = {
        "signalingState": value(f"{pc}.signalingState"),
        "transceivers": f"len({every})",
        "names of transceivers": "names()",
        "directions": f'", ".join({value("t.direction")} for t in {every}) or "none"',
        "currentDirections": f'", ".join({current} for t in {every}) or "none"',
        "mids": f"\", \".join('null' if t.mid is None else 'set' for t in {every}) or \"none\"",
        "type": value(f"(value or {pc}.localDescription).type"),
    }
    if aspect.endswith("Description"):
        return f'({value(f"{pc}.{aspect}.type")} if {pc}.{aspect} else "null")'
    if aspect in told:
        return told[aspect] if aspect in ("transceivers", "type") else f"({told[aspect]})"
    if aspect == "m-sections":
        return _SECTIONS[aspect]
    return f'(", ".join({_SECTIONS[aspect]}) or "none")'


def verdict(witness: Witness, language: Python, course: Sequence[str] = ()) -> Lines:
    """Works out `seen`, `specified`, `departs` and `verdict` from the log."""
    match witness:
        case Outcome():
            lines = _outcome(witness, language)
        case Count():
            lines = _count(witness)
        case Reading():
            lines = _reading(witness)
        case Survival():
            lines = [
                f"specified = {json.dumps([SURVIVES])}  # DEPARTS: this is never shown",
                'seen = "it does"',
                "departs = False",
            ]
    if not course:
        return [*lines, 'verdict = "DEPARTS" if departs else "AS SPECIFIED"']
    return [
        f"course = {json.dumps(course)}  # departs, too",
        "same = all(any(line.startswith(told) for line in log) for told in course)",
        *(line.replace("departs =", "departs = same and") for line in lines),
        'verdict = "DEPARTS" if departs else "AS SPECIFIED" if same else "ANOTHER COURSE"',
    ]


def _outcome(witness: Outcome, language: Python) -> Lines:
    name, nth = witness.call.text.strip(), witness.call.nth - 1
    allowed = [f"{name} {one}" for told in witness.specified for one in _here(told, language)]
    found = f"[line for line in log if line.startswith({json.dumps(witness.call.text)})]"
    return [
        f"specified = {json.dumps(allowed)}",
        f"found = {found}[{nth} : {nth + 1}]",
        f"seen = found[0] if found else {json.dumps(f'{name} does not settle')}",
        "departs = not seen.startswith(tuple(specified))",
    ]


def _here(outcome: str, language: Python) -> Sequence[str]:
    """The outcome, with each name that its error has here."""
    opening, space, error = outcome.rpartition(" ")
    return [f"{opening}{space}{one}" for one in language.errors.get(error, (error,))]


def _count(witness: Count) -> Lines:
    until, compared = witness.until, ">" if witness.at == "most" else "<"
    opening = json.dumps(until.text)
    late = ""
    if witness.late:
        text = json.dumps(witness.text)
        late = f" and sum(line.startswith({text}) for line in log) >= {witness.times}"
    return [
        f"ends = [at for at, line in enumerate(log) if line.startswith({opening})]",
        f"before = log[: (ends + [len(log)] * {until.nth})[{until.nth - 1}]]",
        f"times = sum(line.startswith({json.dumps(witness.text)}) for line in before)",
        'seen = f"{times} times"',
        f"specified = [{json.dumps(count_in_words(witness))}]",
        f"departs = times {compared} {witness.times}{late}",
    ]


def _reading(witness: Reading) -> Lines:
    allowed = allowed_in_words(witness)
    opening, nth = json.dumps(witness.when.text), witness.when.nth
    return [
        f"specified = {json.dumps(allowed)}",
        f"found = [line for line in log if line.startswith({opening})][{nth - 1} : {nth}]",
        'seen = found[0].partition(" | ")[2] if found else '
        + json.dumps(f"no {line_in_words(witness.when)}"),
        "departs = bool(found) and seen not in specified",
    ]


_REJECTED = r're.match(r"\w+ 0 ", s) is not None and "bundle-only" not in s'
_SECTIONS = {
    "m-sections": "len(sections)",
    "kinds of m-sections": 's.split(" ")[0] for s in sections',
    "rejected m-sections": f"str({_REJECTED}).lower() for s in sections",
    "mids of m-sections": 're.search(r"a=mid:(\\S+)", s)[1] for s in sections',
    "directions of m-sections": f'"-" if s.startswith("application") or {_REJECTED} else '
    're.search("a=(sendrecv|sendonly|recvonly|inactive)", s)[1] for s in sections',
    "msids": 'str(len(set(re.findall(r"a=msid:(?!- )(\\S+)", s)))) for s in sections',
}
_QUIET = [
    "async def quiet():",
    "    lines = -1",
    "    while lines < len(log):",
    "        lines = len(log)",
    "        await asyncio.sleep(0.4)",
    '    note("quiet")',
]
_TRIED = [
    "def tried(name, call):",
    "    try:",
    "        call()",
    "    except Exception as error:",
    '        note(f"{name} throws {type(error).__name__}")',
    "    else:",
    '        note(f"{name} returns")',
]
_SECTION = [
    "def section(sdp, index, change):",
    '    parts = re.split("^(?=m=)", sdp, flags=re.MULTILINE)',
    "    parts[index + 1] = change(parts[index + 1])",
    '    return "".join(parts)',
]
_CANDIDATE = [
    "def candidate(line, mid, index):",
    "    made = aiortc.sdp.candidate_from_sdp(line)",
    "    made.sdpMid, made.sdpMLineIndex = mid, index",
    "    return made",
]
_BEGIN = [
    "def begin(coroutine):",
    '    """Runs it as far as its first await now, as a call in JavaScript does."""',
    "    @types.coroutine",
    "    def rest(awaited):",
    "        with contextlib.suppress(Exception):",
    "            yield awaited",
    "        return (yield from coroutine)",
    "    try:",
    "        return asyncio.ensure_future(rest(coroutine.send(None)))",
    "    except StopIteration as end:",
    "        ended = asyncio.get_running_loop().create_future()",
    "        ended.set_result(end.value)",
    "        return ended",
]
