"""The traces of a test's connections: both ends of a call are in one."""

from __future__ import annotations

import datetime
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from ..stacks.translating import Translator
from ..traces import format
from ..traces.writing import write_trace
from .peers import Log, Peer

RECORDER = "negotiation plugin 1"


def groups(peers: Sequence[Peer]) -> list[list[Peer]]:
    """Those that have heard of each other, and of nobody else, are two ends; others are alone."""
    met = {one.number: [two for two in peers if two is not one and one.meets(two)] for one in peers}
    grouped = []
    for peer in peers:
        others = met[peer.number]
        is_pair = len(others) == 1 and len(met[others[0].number]) == 1
        if not is_pair:
            grouped.append([peer])
        elif peer.number < others[0].number:
            grouped.append([peer, others[0]])
    return grouped


def write_traces(log: Log, peers: Sequence[Peer], folder: Path, program: str) -> list[Path]:
    """Writes the traces into a folder; which files these are."""
    written = []
    for group in groups(peers):
        names = _names(group)
        file = folder / f"connection-{'-'.join(_file_part(one) for one in group)}.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        write_trace(str(file), lines(log, group, names, program), numbering=True)
        written.append(file)
    return written


def _file_part(peer: Peer) -> str:
    return f"{peer.number}" if peer.name is None else f"{peer.number}{peer.name}"


def _names(group: Sequence[Peer]) -> dict[int, str]:
    """The names that the test gave, where they tell the ends apart; else A and B."""
    given = [one.name for one in group]
    if None in given or len(set(given)) < len(given):
        given = list("AB"[: len(group)])
    return {peer.number: str(name) for peer, name in zip(group, given, strict=True)}


def lines(
    log: Log, group: Sequence[Peer], names: dict[int, str], program: str
) -> Iterator[format.Line]:
    """The lines of a trace."""
    yield _header(group, names, program)
    translator = Translator({})
    for peer, observation in log.kept:
        if peer.number in names:
            yield from translator.lines(replace(observation, peer=names[peer.number]))
    if log.ended is not None and log.ended.peer.number in names:
        peer, trouble, why = log.ended
        name = names[peer.number]
        yield format.Mark(n=0, t=log.now(), peer=name, text=why, trouble=trouble)


def _header(group: Sequence[Peer], names: dict[int, str], program: str) -> format.Header:
    return format.Header(
        format="negotiation-trace",
        version=format.VERSION,
        date=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        program=program,
        peers={names[one.number]: _peer(one) for one in group},
    )


def _peer(peer: Peer) -> format.Peer:
    system = f"{platform.system().lower()}-{platform.machine()}"
    return format.Peer(
        stack=format.Stack(peer.stack.name, peer.stack.version, system),
        recorder=RECORDER,
        profile=peer.stack.profile,
        clock=format.Clock(resolution=0.001),
        begins="constructed" if peer.begins_known else "unknown",
    )
