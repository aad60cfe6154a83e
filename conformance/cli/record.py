"""`negotiation record`: run programs on a stack, write a trace of each."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from negotiation.model import REVISION

from ..errors import UsageError, reason_of
from ..programs.language import Program
from ..programs.library import load, names, read_program
from ..programs.model_stack import EndlessProgramError, run_program, trace_of
from ..programs.written_out import written_out
from ..reports.comparing import Pair, compared
from ..reports.comparing_text import counted, tell_pair
from ..reports.counts import count
from ..reports.paper import plain
from ..traces.format import Line
from ..traces.profiles import profile_named
from ..traces.recordings import Recordings, prune, write_unsupported
from .printing import Progress, paper_for, put, warn
from .recorded_stacks import (
    add_stack_options,
    check_stack_options,
    name_of_stack,
    rows_of,
    settings_of,
)
from .stacks import MODEL

EXAMPLES = (
    "negotiation record --stack model --all --output traces",
    "negotiation record --stack chromium first-change two-peers-glare --output traces",
    "negotiation record --stack firefox mine.json --output traces --gzip",
    "negotiation record --stack model --seed 7 --profile no-tasks first-change --output traces",
    "negotiation record --stack chromium@131 --all --twice --gzip --into traces",
    "negotiation record --adapter 'node mine.mjs' --name mine --all --output traces",
    "negotiation record --stack chromium --stack wrtc two-peers-glare --output traces",
    "negotiation record --stack page --name phone --listen 192.0.2.7 --all --output traces",
    "",
    "--twice records all programs again, in a new session and the other way round, and compares:",
    "what differs is chance, in the stack or in the recorder, and no evidence. Both recordings are",
    "kept then (NAME.jsonl and NAME.second.jsonl), and the exit code is 1.",
    "",
    "--written-out is for stacks without setLocalDescription(): programs are also recorded with",
    "createOffer or createAnswer written out in its place, as NAME-written-out.",
    "",
    "--into DIR writes to DIR/STACK/VERSION. With --all, recordings that are there and were not",
    "made this time (of programs that there are no more, say) are removed.",
    "",
    "Two stacks are the two peers of each program, in this order: they exchange real descriptions.",
    "--all then means all programs with two peers.",
    "",
    "--stack page prints an address with a secret in it and waits for a browser to open it: any,",
    "on a telephone too with --listen. Whoever has the address can make up a recording.",
)

DIFFERENT = 1
"""The exit code where a second recording differs."""

_UNSUPPORTED = "unsupported: "

_Take = Callable[[Program, Line], None]
_RunOne = Callable[[Program, _Take], str]
"""Runs a program, and tells what was wrong with its end ("" is nothing)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "programs", nargs="*", metavar="PROGRAM", help="a program that comes along, or a file"
    )
    parser.add_argument("--all", action="store_true", help="all programs that come along")
    add_stack_options(parser)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--output", metavar="DIR", help="the folder for the traces")
    where.add_argument("--into", metavar="DIR", help="the folder with DIR/STACK/VERSION in it")
    parser.add_argument(
        "--seed", type=int, metavar="S", help="picks the model's schedule (default: 0)"
    )
    parser.add_argument(
        "--profile",
        metavar="P",
        help="what is recorded of the model (default: full), or what an adapter sees (page)",
    )
    parser.add_argument("--gzip", action="store_true", help="compress the traces")
    parser.add_argument(
        "--twice", action="store_true", help="record all again, and compare both recordings"
    )
    parser.add_argument(
        "--written-out",
        action="store_true",
        help="record each also with its implicit descriptions written out",
    )


def run(arguments: argparse.Namespace) -> int:
    """Record the programs."""
    programs = _programs(arguments)
    check_stack_options(arguments)
    stack = _stack(arguments)
    folder = _folder(arguments.output or _folder_into(arguments.into, arguments))
    first = Recordings(folder, gzip=arguments.gzip)
    unfinished = _record(stack, programs, first, "recording")
    lacking = _lacking(unfinished)
    keep = [first.path(name) for name in first.written]
    differing: dict[str, Pair | None] = {}
    if arguments.twice:
        second = Recordings(folder, gzip=arguments.gzip, mark=".second")
        # The other way round, so that it shows whether a program depends on those before it.
        again = _record(stack, programs[::-1], second, "recording again")
        unfinished |= {
            f"{program} (the second time)": detail
            for program, detail in again.items()
            if unfinished.get(program) != detail
        }
        differing = _differing(programs, first, second)
        keep += [second.path(name) for name in differing]
    gone: list[Path] = []
    if arguments.all and arguments.into is not None:
        gone = prune(folder, keep)
        write_unsupported(folder, lacking)
    _tell(name_of_stack(arguments), first, unfinished, gone)
    if arguments.twice:
        put(_in_words(differing))
    return DIFFERENT if differing else 0


def _programs(arguments: argparse.Namespace) -> list[Program]:
    if arguments.all == bool(arguments.programs):
        raise UsageError("name programs, or --all of them; `negotiation programs` lists them")
    given: Sequence[str] = names() if arguments.all else arguments.programs
    programs = [_program(one) for one in given]
    if arguments.all and len(arguments.stack or ()) == 2:
        programs = [one for one in programs if len(one.peers) == 2]
    if arguments.written_out:
        programs += [one for one in map(written_out, programs) if one is not None]
    told = [one.name for one in programs]
    for name in told:
        if told.count(name) > 1:
            raise UsageError(f"two programs, and so two traces, are called {name!r}; name one")
    return programs


def _program(name: str) -> Program:
    is_file = os.path.sep in name or name.endswith(".json") or os.path.isfile(name)
    return read_program(name) if is_file and name not in names() else load(name)


def _folder(name: str) -> Path:
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        message = f"{name}: no folder can be made there ({reason_of(error)}); check it"
        raise UsageError(message) from None
    return folder


def _folder_into(parent: str, arguments: argparse.Namespace) -> str:
    if arguments.stack == [MODEL]:
        return os.path.join(parent, MODEL, REVISION[:12])
    from ..stacks.registry import MissingStackError

    try:
        told = [(row.name, row.stack().version) for row in rows_of(arguments)]
    except MissingStackError as error:
        raise UsageError(str(error)) from None
    for name, version in told:
        if not re.fullmatch(r"\w[\w.+-]*", version):
            raise UsageError(f"{name} does not tell its version; name the folder with --output")
    return os.path.join(parent, *("+".join(each) for each in zip(*told, strict=True)))


def _record(
    stack: Callable[[], AbstractContextManager[_RunOne]],
    programs: Sequence[Program],
    recordings: Recordings,
    doing: str,
) -> dict[str, str]:
    """Record the programs in one session; gives what was wrong with their ends."""
    unfinished: dict[str, str] = {}
    with recordings, Progress(doing) as progress, stack() as run_one:
        for done, program in enumerate(programs, start=1):
            detail = run_one(program, lambda of, line: recordings.take(of.name, line))
            recordings.finish()
            if detail:
                unfinished[program.name] = detail
            progress(done, len(programs), program.name)
    return unfinished


def _lacking(unfinished: Mapping[str, str]) -> dict[str, str]:
    """What the stack lacks, of the programs that it was not asked to run for want of it."""
    told = {name: detail.partition(_UNSUPPORTED) for name, detail in unfinished.items()}
    return {name: lacks for name, (before, found, lacks) in told.items() if found and not before}


def _stack(arguments: argparse.Namespace) -> Callable[[], AbstractContextManager[_RunOne]]:
    """What begins a session of the stack."""
    if arguments.stack != [MODEL]:
        return partial(_live, arguments)
    return partial(_model, arguments.seed or 0, arguments.profile or "full")


@contextmanager
def _model(seed: int, profile: str) -> Iterator[_RunOne]:
    chosen = profile_named(profile)

    def run_one(program: Program, take: _Take) -> str:
        try:
            emissions = run_program(program, seed=seed)
        except EndlessProgramError as error:
            raise UsageError(f"{error}; give its handlers fewer times") from None
        except (LookupError, ValueError) as error:
            raise UsageError(f"the program {program.name} cannot be run: {error}") from None
        for line in trace_of(program, emissions, seed=seed, profile=chosen):
            take(program, line)
        return ""

    yield run_one


@contextmanager
def _live(arguments: argparse.Namespace) -> Iterator[_RunOne]:
    rows = rows_of(arguments)
    from ..stacks import isolation
    from ..stacks.links import StackError
    from ..stacks.preparing import ProgramError
    from ..stacks.recording import LiveStack, LiveStacks, Outcome
    from ..stacks.registry import MissingStackError

    try:
        settings = settings_of(arguments)
        one = LiveStack(rows[0], settings) if len(rows) == 1 else LiveStacks(rows, settings)
        # A page that somebody opens may have to be reached from elsewhere.
        is_page = rows[0].kind == "page"
        network = nullcontext("") if is_page else isolation.loopback_only()
        with network as reason, one as live:
            if reason:
                stacks = name_of_stack(arguments)
                warn(f"{stacks} is recorded with the network of this machine: {reason}")

            def run_one(program: Program, take: _Take) -> str:
                ended = live.run(program, take)
                is_whole = ended.outcome is Outcome.COMPLETE
                return ended.leaked if is_whole else f"{ended.outcome}: {ended.detail}"

            yield run_one
    except (MissingStackError, StackError, ProgramError) as error:
        raise UsageError(str(error)) from None


def _differing(
    programs: Sequence[Program], first: Recordings, second: Recordings
) -> dict[str, Pair | None]:
    """The programs that differ, None where one recording is missing; equal ones are removed."""
    differing: dict[str, Pair | None] = {}
    for program in programs:
        times = sum(program.name in each.written for each in (first, second))
        if times == 1:
            differing[program.name] = None
        if times < 2:
            continue
        theirs = second.path(program.name)
        pair = compared(program.name, str(first.path(program.name)), str(theirs))
        if pair.differences:
            differing[program.name] = pair
        else:
            theirs.unlink()
    return differing


def _tell(stack: str, first: Recordings, unfinished: Mapping[str, str], gone: list[Path]) -> None:
    for program, detail in unfinished.items():
        warn(f"{program}: {detail}")
    traces = count(len(first.written), "trace")
    told = [f"recorded {traces} of {stack} in {first.folder}"]
    told += [f"removed {path}: it was not recorded this time" for path in gone]
    put("".join(f"{plain(line)}\n" for line in told))


def _in_words(differing: Mapping[str, Pair | None]) -> str:
    paper = paper_for()
    paper.paragraph(f"recorded them again: {counted(len(differing))}")
    for name, pair in differing.items():
        if pair is not None:
            tell_pair(paper, pair)
        else:
            paper.paragraph(f"{name} was recorded one time only", style="red")
    return paper.text()
