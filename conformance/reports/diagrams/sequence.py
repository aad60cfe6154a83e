"""A recording as a sequence: what each peer's connection was asked and showed, and the messages.

No more of it than a person can read: what repeats is told once, and in a long recording only the
beginning, the end and what is near a finding is shown, with a note for what is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from ...checking.findings import Finding
from ...errors import UsageError
from ...traces import format
from ..counts import count
from ..observing import Methods, observation_in_words
from ..paper import plain
from ..replaying import WHOLE, Part, Replay

MOST_ROWS = 90
"""Rows of a diagram beyond which some are left out."""

NEAR_FINDINGS = 4
AT_THE_ENDS = 15
LONGEST_PATTERN = 12
LEAST_TIMES = 3
LONGEST_TEXT = 240

DEPTH = 12
"""Rows before a line that was asked for, and after it."""

Kind = Literal["call", "settled", "failed", "event", "send", "receive", "note", "finding", "remark"]


class Item(msgspec.Struct, frozen=True):
    """A row of the diagram: what a peer did, saw or was told at a line of the recording.

    `state` is the signaling state that was found new with it; `message` names what was sent, and
    `lost` that no other peer of the recording received it. `told` is what it says without the
    numbers and names of one time, so that repeats are recognised.
    """

    line: int
    t: float
    peer: str
    kind: Kind
    text: str
    told: str
    state: str | None = None
    message: str | None = None
    lost: bool = False


class Repeat(msgspec.Struct, frozen=True):
    """Rows that were repeated, told once; `last` is the last line of the last time."""

    items: tuple[Item, ...]
    times: int
    last: int


class LeftOut(msgspec.Struct, frozen=True):
    """So many lines were left out, from one to another."""

    lines: int
    first: int
    last: int


Row = Item | Repeat | LeftOut


class Lifeline(msgspec.Struct, frozen=True):
    """A peer: its name, and the stack that it is."""

    name: str
    stack: str


class Chart(msgspec.Struct, frozen=True):
    """A sequence before anybody draws it; `about` is the verdict in a few words."""

    title: str
    about: str
    peers: tuple[Lifeline, ...]
    rows: tuple[Row, ...]


def sequence_of(
    replay: Replay,
    part: Part = WHOLE,
    *,
    focus: int | None = None,
    depth: int = DEPTH,
    most: int = MOST_ROWS,
) -> Chart:
    """The sequence of a part of a recording, or of so many rows around the line `focus`.

    Raises:
        UsageError: there is nothing in the part that was asked for.
    """
    header = replay.trace.header
    items = list(_with_messages(list(_items(replay)), several=len(header.peers) > 1))
    near = items if focus is None else _near(items, focus, depth)
    wanted = [_plainly(one) for one in near if part.has(one.line, one.peer)]
    if not items:
        what = "nothing to draw: it tells of states at rest alone, of no call and no event"
        raise UsageError(f"{replay.trace.file}: {what}; replay it")
    if not wanted:
        raise UsageError(
            f"{replay.trace.file}: no such lines; --from, --to or --peer leave nothing"
        )
    rows = bounded(collapsed(wanted), most)
    peers = [name for name in header.peers if part.peer in (None, name)]
    stacks = {name: peer.stack for name, peer in header.peers.items()}
    return Chart(
        title=plain(_short_name(replay.trace.file)),
        about=_about(replay),
        peers=tuple(Lifeline(plain(one), plain(stacks[one].title)) for one in peers),
        rows=tuple(rows),
    )


def _plainly(item: Item) -> Item:
    """The item, its peer called as its lifeline is."""
    return msgspec.structs.replace(item, peer=plain(item.peer))


def _with_messages(items: list[Item], *, several: bool) -> Iterator[Item]:
    """The items; what is sent and never received is lost, what is received is what was sent."""
    arrived = {one.message for one in items if one.kind == "receive"}
    sent = {one.message: one for one in items if one.kind == "send"}
    replace = msgspec.structs.replace
    for one in items:
        if several and one.kind == "send" and one.message not in arrived:
            yield replace(one, lost=True)
        elif one.kind == "receive" and one.message in sent:
            known = sent[one.message]
            yield replace(one, text=known.text, told=known.told.replace("send", "receive", 1))
        else:
            yield one


def _short_name(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2] or file


def _about(replay: Replay) -> str:
    verdict = replay.verdict
    findings = len(verdict.findings)
    found = count(findings, "finding") if findings else "no findings"
    return f"{verdict.verdict}, {found}, {verdict.observations} observations"


def _near(items: list[Item], line: int, depth: int) -> list[Item]:
    nearest = min(range(len(items)), key=lambda at: abs(items[at].line - line), default=0)
    return items[max(0, nearest - depth) : nearest + depth + 1]


# Observations as rows.


def _items(replay: Replay) -> Iterator[Item]:
    methods: Methods = {}
    states: dict[str, str] = {}
    returned = {
        one.call: one.value
        for _, one in replay.observations
        if isinstance(one, format.Return) and one.value
    }
    findings: dict[int, list[Finding]] = {}
    for finding in replay.verdict.findings:
        findings.setdefault(finding.line, []).append(finding)
    for line, one in replay.observations:
        if isinstance(one, format.Call):
            methods[one.id] = one.method
        read = None if one.state is None else one.state.signalingState
        new = read if read is not None and read != states.get(one.peer, "stable") else None
        if new is not None:
            states[one.peer] = new
        item = _item(line, one, methods, returned)
        if item is None and new is not None:
            item = Item(line, one.t, one.peer, "remark", "", "")
        if item is not None:
            yield msgspec.structs.replace(item, state=None if new is None else _cut(new))
        yield from (_finding(each, one.t) for each in findings.get(line, ()))


def _item(
    line: int, one: format.Observation, methods: Methods, returned: dict[int, str]
) -> Item | None:
    """The row of an observation; None for what returned, and for quiet times."""
    kind, text, message = _kind_of(one), observation_in_words(one, methods), None
    told = _without_numbers(one, methods, text)
    if isinstance(one, format.Call):
        text = text.removeprefix("call ")
        value = returned.get(one.id)
        text += f" → {value}" if value else ""
    if isinstance(one, format.Event):
        text = text.removeprefix("event ")
    if isinstance(one, format.Send | format.Receive):
        message = one.message
        text = _message(one)
        told = f"{kind} {text.rpartition(' (')[0]}"
    return (
        None if kind is None else Item(line, one.t, one.peer, kind, _cut(text), told, None, message)
    )


def _cut(text: str) -> str:
    shown = plain(text)
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]}…"


_KINDS: dict[type, Kind] = {
    format.Call: "call",
    format.Resolve: "settled",
    format.Throw: "failed",
    format.Reject: "failed",
    format.Event: "event",
    format.Send: "send",
    format.Receive: "receive",
    format.Mark: "note",
}


def _kind_of(one: format.Observation) -> Kind | None:
    return _KINDS.get(type(one))


def _message(one: format.Send | format.Receive) -> str:
    """What is in a message, and what it is called."""
    what = ""
    if one.description is not None:
        what = " ".join(filter(None, (one.description.type, one.description.sdp)))
    elif isinstance(one, format.Send) and one.candidate is not None:
        what = "candidate"
    return f"{what or 'message'} ({one.message})"


def _without_numbers(one: format.Observation, methods: Methods, text: str) -> str:
    if isinstance(one, format.Call):
        return f"call {one.method} {one.args.description.type if one.args.description else ''}"
    if isinstance(one, format.Resolve):
        return f"resolve {methods.get(one.call)}"
    if isinstance(one, format.Reject | format.Throw):
        return f"{type(one).__name__} {methods.get(one.call)} {one.error}"
    return text


_CLASSES = {"departure": "✗ departure", "fault": "✗ fault", "note": "note"}


def _finding(finding: Finding, t: float) -> Item:
    after = f" (after line {finding.after})" if finding.after is not None else ""
    text = f"{_CLASSES[finding.class_]} {finding.id}{after}: {finding.message}"
    return Item(finding.line, t, finding.peer, "finding", _cut(text), text)


# Repeats, and what is left out.


def collapsed(items: Sequence[Item]) -> list[Row]:
    """The rows, with what was repeated at once told once; findings never are."""
    rows: list[Row] = []
    keys = [_key(one) for one in items]
    at = 0
    while at < len(items):
        size, times = _repeated(keys, at)
        if times == 1:
            rows.append(items[at])
        else:
            whole = items[at : at + size * times]
            rows.append(Repeat(tuple(whole[:size]), times, whole[-1].line))
        at += size * times
    return rows


_Key = tuple[str, str, str, str | None] | None


def _key(item: Item) -> _Key:
    return None if item.kind == "finding" else (item.peer, item.kind, item.told, item.state)


def _repeated(keys: list[_Key], at: int) -> tuple[int, int]:
    """The pattern that begins here and saves the most rows: its length, and how often it comes."""
    best, saved = (1, 1), 0
    for size in range(1, LONGEST_PATTERN + 1):
        pattern = keys[at : at + size]
        if len(pattern) < size or None in pattern:
            break
        times = 1
        while keys[at + size * times : at + size * (times + 1)] == pattern:
            times += 1
        gain = size * (times - 1)
        if times >= LEAST_TIMES and gain > saved:
            best, saved = (size, times), gain
    return best


def _height(row: Row) -> int:
    return len(row.items) + 1 if isinstance(row, Repeat) else 1


def _lines(row: Row) -> tuple[int, int]:
    match row:
        case Item():
            return row.line, row.line
        case Repeat():
            return row.items[0].line, row.last
    return row.first, row.last


def bounded(rows: list[Row], most: int) -> list[Row]:
    """The rows, or where they are too many those at the ends and near findings."""
    if sum(map(_height, rows)) <= most:
        return rows
    kept = _kept(rows, most)
    shown: list[Row] = []
    gap: list[Row] = []
    for at, row in enumerate(rows):
        if at not in kept:
            gap.append(row)
            continue
        shown += _left_out(gap)
        gap = []
        shown.append(row)
    return shown + list(_left_out(gap))


def _left_out(gap: list[Row]) -> Iterator[LeftOut]:
    if gap:
        first, last = _lines(gap[0])[0], _lines(gap[-1])[1]
        yield LeftOut(last - first + 1, first, last)


def _kept(rows: list[Row], most: int) -> set[int]:
    """Which rows are shown: the ends, what is near findings, then more of the beginning."""
    found = [at for at, row in enumerate(rows) if isinstance(row, Item) and row.kind == "finding"]
    wanted = [*range(AT_THE_ENDS), *range(len(rows) - AT_THE_ENDS, len(rows))]
    for at in found:
        wanted += [at, *range(at - 1, at - 1 - NEAR_FINDINGS, -1), *range(at + 1, at + 3)]
    wanted += range(len(rows))
    kept: set[int] = set()
    height = 0
    for at in wanted:
        if at in kept or not 0 <= at < len(rows):
            continue
        height += _height(rows[at])
        if height > most:
            break
        kept.add(at)
    return kept
