"""`negotiation import`: dumps from the wild into traces."""
# ruff: noqa: N999 - the command is called so

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import TraceError, UsageError, reason_of
from ..importing.dumps import ImportedDump, head_of
from ..importing.formats import FORMATS
from ..importing.opening import MARK, begins_as_a_trace, dump_named, read_recording
from ..reports.gate_json import as_json
from ..reports.paper import Paper
from ..traces.finding_files import STDIN, find_traces
from ..traces.no_text import no_text
from ..traces.unpacking import DAMAGED
from .printing import paper_for, put, put_bytes

EXAMPLES = (
    "negotiation import webrtc_internals_dump.txt",
    "negotiation import webrtc_internals_dump.txt --into traces",
    "negotiation import rtcstats.jsonl.gz --call PC_0 --output call.jsonl",
    "negotiation import --formats",
    "",
    "check, replay, why and matrix read dumps as they are; a call is named FILE#CALL there:",
    "  negotiation check webrtc_internals_dump.txt",
    "  negotiation replay webrtc_internals_dump.txt#12-1",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("dumps", nargs="*", metavar="DUMP", help="a file, a pattern, or -")
    parser.add_argument("--into", metavar="FOLDER", help="write a trace for each call into it")
    parser.add_argument("--call", metavar="NAME", help="this call only")
    parser.add_argument("--output", metavar="FILE", help="write the one call to this file (or -)")
    parser.add_argument("--formats", action="store_true", help="list the formats, with limits")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    """Import, and tell what there was."""
    if arguments.formats:
        put(as_json(FORMATS) if arguments.format == "json" else _formats())
        return 0
    if not arguments.dumps:
        raise UsageError("no dump was named; name files or patterns, or - for stdin")
    if arguments.into is not None and arguments.output is not None:
        raise UsageError("--into and --output exclude each other; give one of them")
    dumps = {file: _dump(file) for file in find_traces(arguments.dumps)}
    if arguments.output is not None:
        return _write_one(dumps, arguments)
    written = _write_all(dumps, arguments) if arguments.into is not None else {}
    told = [_told(file, dump, written) for file, dump in dumps.items()]
    if arguments.format == "json":
        put(as_json(told))
        return 0
    paper = paper_for()
    for one in told:
        _tell(paper, one)
    put(paper.text())
    return 0


def _dump(file: str) -> ImportedDump:
    dump = dump_named(file)
    if dump is None:
        if file != STDIN and not os.path.exists(file):
            raise UsageError(f"{file}: there is no such file; check the path")
        raise TraceError(file, None, None, _why_no_dump(file))
    return dump


def _why_no_dump(file: str) -> str:
    why: str | None = None
    with suppress(OSError, *DAMAGED), open(file, "rb") as stream:
        head, _ = head_of(stream)
        if begins_as_a_trace(head):
            return "is a trace already: it can be checked and replayed as it is"
        why = no_text(head)
    known = ", ".join(one.name for one in FORMATS)
    what = f"is no dump that can be read; there are {known} (--formats tells more)"
    return why or f"{what}, each as it was saved, with nothing before it"


def _chosen(file: str, dump: ImportedDump, call: str | None) -> list[tuple[str, bytes]]:
    chosen = [(one.name, one.trace) for one in dump.calls if call in (None, one.name)]
    if call is not None and not chosen:
        there = ", ".join(one.name for one in dump.calls[:8]) or "none"
        raise UsageError(f"{file}: there is no call {call!r} in it; there are {there}")
    return chosen


def _write_one(dumps: dict[str, ImportedDump], arguments: argparse.Namespace) -> int:
    chosen = [
        trace for file, dump in dumps.items() for _, trace in _chosen(file, dump, arguments.call)
    ]
    if len(chosen) != 1:
        raise UsageError(f"these are {len(chosen)} calls; name one with --call, or use --into")
    if arguments.output == STDIN:
        put(chosen[0].decode("utf-8"))
    else:
        put_bytes(chosen[0], arguments.output)
    return 0


def _write_all(dumps: dict[str, ImportedDump], arguments: argparse.Namespace) -> dict[str, str]:
    """Write each call to a file of its own; gives the files by the calls' names."""
    folder = Path(arguments.into)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made ({reason_of(error)}); check the path") from None
    traces: dict[str, bytes] = {}
    written: dict[str, str] = {}
    for file, dump in dumps.items():
        for name, trace in _chosen(file, dump, arguments.call):
            target = str(folder / f"{_stem(file)}-{name}.jsonl")
            if target in traces:
                raise UsageError(f"two calls would be {target}; import their dumps one by one")
            traces[target] = trace
            written[f"{file}{MARK}{name}"] = target
    for target, trace in traces.items():
        put_bytes(trace, target)
    return written


def _stem(file: str) -> str:
    """What the traces of a dump are called after: its name without what tells its format."""
    name = Path(file).name.removesuffix(".gz")
    return "stdin" if file == STDIN else Path(name).stem


def _told(file: str, dump: ImportedDump, written: dict[str, str]) -> dict[str, Any]:
    """What is in a dump, as data."""
    return {
        "dump": file,
        "format": dump.format.name,
        "limits": dump.format.limits,
        "broken_off": dump.broken_off,
        "silent": dump.silent,
        "calls": [_call(f"{file}{MARK}{one.name}", written) for one in dump.calls],
    }


def _call(name: str, written: dict[str, str]) -> dict[str, Any]:
    trace = read_recording(name)
    lasts = trace.observations[-1][1].t if trace.observations else 0.0
    return {
        "name": name,
        "date": trace.header.date,
        "stacks": {peer: one.stack.title for peer, one in trace.header.peers.items()},
        "observations": len(trace.observations),
        "seconds": lasts / 1000,
        "written": written.get(name),
    }


def _tell(paper: Paper, told: dict[str, Any]) -> None:
    calls = told["calls"]
    many = "a call" if len(calls) == 1 else f"{len(calls)} calls"
    paper.paragraph(f"{told['dump']}: {told['format']}, {many if calls else 'no peer connection'}.")
    for one in calls:
        ends = " and ".join(f"{peer} ({stack})" for peer, stack in one["stacks"].items())
        what = f"{ends}: {one['observations']} observations in {one['seconds']:.1f} s"
        where = one["written"] or one["name"]
        paper.item(f"{what}, from {one['date']}: {where}")
    if told["silent"]:
        many = "a connection" if told["silent"] == 1 else f"{told['silent']} connections"
        paper.item(f"and {many} of which nothing was told")
    if told["broken_off"] is not None:
        paper.item(f"It could not be read any further: {told['broken_off']}", style="red")
    paper.item(f"What it cannot show: {told['limits']}", style="faint")
    paper.blank()


def _formats() -> str:
    paper = paper_for()
    for one in FORMATS:
        paper.paragraph(f"{one.name}: {one.says}.")
        paper.item(f"What it cannot show: {one.limits}")
        paper.blank()
    return paper.text()
