"""`negotiation record`: run programs on a stack, write a trace of each."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from ..errors import MissingExtraError, NegotiationError, UsageError
from ..programs.language import Program
from ..programs.library import load, names, read_program
from ..programs.model_stack import EndlessProgramError, run_program, trace_of
from ..traces.format import Header, Line
from ..traces.profiles import profile_named
from ..traces.writing import TraceWriter
from .printing import Progress
from .stacks import MODEL

EXAMPLES = (
    "negotiation record --stack model --all --output traces",
    "negotiation record --stack chromium first-change two-peers-glare --output traces",
    "negotiation record --stack firefox mine.json --output traces --gzip",
    "negotiation record --stack model --seed 7 --profile no-tasks first-change --output traces",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "programs", nargs="*", metavar="PROGRAM", help="a program that comes along, or a file"
    )
    parser.add_argument("--all", action="store_true", help="all programs that come along")
    parser.add_argument(
        "--stack", required=True, metavar="NAME", help="`negotiation stacks` lists them"
    )
    parser.add_argument("--output", required=True, metavar="DIR", help="the folder for the traces")
    parser.add_argument(
        "--seed", type=int, metavar="S", help="picks the model's schedule (default: 0)"
    )
    parser.add_argument(
        "--profile", metavar="P", help="what is recorded of the model (default: full)"
    )
    parser.add_argument("--gzip", action="store_true", help="compress the traces")


def run(arguments: argparse.Namespace) -> int:
    """Record the programs."""
    programs = _programs(arguments)
    if arguments.stack != MODEL and (arguments.seed, arguments.profile) != (None, None):
        raise UsageError("--seed and --profile are for --stack model; leave them out")
    traces = _Traces(_folder(arguments.output), gzip=arguments.gzip)
    if arguments.stack == MODEL:
        return _record_model(programs, traces, arguments.seed or 0, arguments.profile or "full")
    return _record_live(programs, traces, arguments.stack)


def _programs(arguments: argparse.Namespace) -> list[Program]:
    if arguments.all == bool(arguments.programs):
        raise UsageError("name programs, or --all of them; `negotiation programs` lists them")
    given: Sequence[str] = names() if arguments.all else arguments.programs
    programs = [_program(one) for one in given]
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
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{name}: no folder can be made there ({reason}); check it") from None
    return folder


class _Traces:
    """The traces that are being written: one file a program, opened by its first line."""

    def __init__(self, folder: Path, *, gzip: bool) -> None:
        self._folder = folder
        self._suffix = ".jsonl.gz" if gzip else ".jsonl"
        self._open = ExitStack()
        self._writer: TraceWriter | None = None
        self.written = 0

    def take(self, program: Program, line: Line) -> None:
        """Write a line, at once, to the trace of its program."""
        if self._writer is None or isinstance(line, Header):
            self.close()
            target = self._folder / f"{program.name}{self._suffix}"
            self._writer = self._open.enter_context(TraceWriter(target))
            self.written += 1
        self._writer.write(line)

    def close(self) -> None:
        """End the trace that is being written."""
        self._open.close()
        self._writer = None

    def __enter__(self) -> _Traces:
        return self

    def __exit__(self, *ending: object) -> None:
        self.close()


def _record_model(programs: list[Program], traces: _Traces, seed: int, profile: str) -> int:
    chosen = profile_named(profile)
    with traces, Progress("recording") as progress:
        for done, program in enumerate(programs, start=1):
            try:
                emissions = run_program(program, seed=seed)
            except EndlessProgramError as error:
                raise UsageError(f"{error}; give its handlers fewer times") from None
            except (LookupError, ValueError) as error:
                raise UsageError(f"the program {program.name} cannot be run: {error}") from None
            for line in trace_of(program, emissions, seed=seed, profile=chosen):
                traces.take(program, line)
            progress(done, len(programs), program.name)
    return _told(traces, MODEL, [])


def _record_live(programs: list[Program], traces: _Traces, stack: str) -> int:
    from ..stacks.registry import MissingStackError, UnknownStackError, row

    try:
        from ..stacks.browsers import BrowserError
        from ..stacks.preparing import ProgramError
        from ..stacks.recording import LiveStack, Outcome
    except ModuleNotFoundError:
        raise MissingExtraError(f"recording {stack}", "live") from None
    unfinished: list[str] = []
    try:
        with traces, Progress("recording") as progress, LiveStack(row(stack)) as live:
            for done, program in enumerate(programs, start=1):
                recording = live.run(program, traces.take)
                traces.close()
                if recording.outcome is not Outcome.COMPLETE:
                    unfinished.append(f"{program.name}: {recording.outcome}: {recording.detail}")
                progress(done, len(programs), program.name)
    except UnknownStackError as error:
        raise UsageError(f"{error}; the model is a stack, too: --stack {MODEL}") from None
    except (MissingStackError, BrowserError, ProgramError) as error:
        raise UsageError(str(error)) from None
    return _told(traces, stack, unfinished)


def _told(traces: _Traces, stack: str, unfinished: list[str]) -> int:
    for one in unfinished:
        print(NegotiationError(one), file=sys.stderr)
    folder = traces._folder
    many = "" if traces.written == 1 else "s"
    print(NegotiationError(f"recorded {traces.written} trace{many} of {stack} in {folder}"))
    return 0
