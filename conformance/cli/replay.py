"""`negotiation replay`: step through one trace with the model beside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from ..checking.judging import Checker
from ..errors import UsageError
from ..reports.expectations import expected_of
from ..reports.gate_json import as_json
from ..reports.replaying import Replay, Step, tell_steps
from ..reports.story import Story, story_of
from ..reports.story_text import tell_story
from .amounts import at_least
from .part_options import add_part, part_of
from .places import place, places, trace_with
from .printing import Progress, paper_for, put
from .reading_options import add_reading_options, readings_of

EXAMPLES = (
    "negotiation replay traces/first-change.jsonl",
    "negotiation replay traces/first-change.jsonl:4 --states 5",
    "negotiation replay call.jsonl --peer A --from 20 --to 40",
    "negotiation replay webrtc_internals_dump.txt --story",
    "negotiation replay call.jsonl --interactive",
    "negotiation replay call.jsonl --format html --output call.html",
    "",
    "The page is one file that needs no network: lifelines, the operations chain, what the model",
    "thought, and the findings where they were made. What it shows, and its keys: docs/replay.md.",
)

STATES_AT_A_LINE = 5
"""How many states are told at a line that was asked for, unless --states says otherwise."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "trace", metavar="TRACE[:LINE]", help="a trace; with a line: stop there, and tell all"
    )
    add_part(parser)
    parser.add_argument(
        "--states",
        type=at_least(0),
        metavar="N",
        help="tell so many of the possible states at each line",
    )
    parser.add_argument(
        "--story",
        action="store_true",
        help="only tell what happened, in a few sentences (of each call of a dump)",
    )
    parser.add_argument(
        "--interactive",
        action="store_true",
        help="step through it on the whole terminal (? there tells the keys)",
    )
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    parser.add_argument("--output", metavar="FILE", help="write it to a file")
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Replay the trace."""
    checker = Checker(readings_of(arguments))
    if arguments.interactive:
        return show_in_terminal(arguments, checker)
    if arguments.format == "html":
        return write_page(arguments, checker)
    files = places(arguments.trace) if arguments.story else []
    if len(files) > 1:
        put(_stories(files, checker, arguments.format), arguments.output)
        return 0
    file, line = place(arguments.trace)
    trace = trace_with(file, line, arguments.peer)
    replay = Replay(trace, checker, line)
    states = arguments.states
    if states is None:
        states = 0 if line is None else STATES_AT_A_LINE
    steps: list[Step] | None = None
    if not arguments.story:
        part = part_of(arguments)
        steps = [one for one in replay.steps(states=states) if part.has(one.line, one.peer)]
    story = _story(replay, file)
    put(_told(replay, story, steps, arguments), arguments.output)
    return 0


def write_page(arguments: argparse.Namespace, checker: Checker) -> int:
    """Write the replay as a page."""
    from ..reports.replay_page import replay_as_page

    if arguments.output is None and sys.stdout.isatty():
        raise UsageError("a page is not for a terminal; name its file with --output")
    if arguments.story or arguments.states is not None:
        option = "--story" if arguments.story else "--states"
        raise UsageError(f"{option} is for text and JSON, and the page has the story; leave it out")
    file, line = place(arguments.trace)
    trace = trace_with(file, line, arguments.peer)
    with Progress("following") as progress:
        replay = Replay(trace, checker, line, progress)
    with Progress("drawing") as progress:
        page = replay_as_page(replay, expected_of([file]), part_of(arguments), progress)
    put(page, arguments.output)
    return 0


def show_in_terminal(arguments: argparse.Namespace, checker: Checker) -> int:
    """Show the replay on the whole terminal, until it is left."""
    from ..terminal import Opened, Opening, show

    if arguments.story or arguments.format != "text" or arguments.output is not None:
        raise UsageError(
            "--interactive is for a terminal; leave out --story, --format and --output"
        )
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--interactive needs a terminal; without it, the replay is told as text")
    file, line = place(arguments.trace)

    def judge(progress: Callable[[int, int], None]) -> Opened:
        trace = trace_with(file, line, arguments.peer)
        if not trace.observations:
            raise trace.error or UsageError(f"{file}: there is no observation in it; record some")
        replay = Replay(trace, checker, progress=progress)
        return Opened(replay, _story(replay, file))

    show(Opening(file, judge), begin=line, peer=arguments.peer)
    return 0


def _stories(files: Sequence[str], checker: Checker, format: str) -> str:
    """The stories of several traces: of the calls of a dump, say."""
    stories = (_story(Replay(trace_with(file, None), checker), file) for file in files)
    if format == "json":
        return as_json({"stories": list(stories)})
    paper = paper_for()
    for story in stories:
        paper.blank()
        tell_story(paper, story)
    return paper.text()


def _story(replay: Replay, file: str) -> Story:
    """The story; what `check` expects without being told is known."""
    return story_of(replay, expected_of([file]))


def _told(
    replay: Replay, story: Story, steps: list[Step] | None, arguments: argparse.Namespace
) -> str:
    if arguments.format == "json":
        return _json(replay, story, steps)
    return _text(replay, story, steps, arguments.output)


def _json(replay: Replay, story: Story, steps: list[Step] | None) -> str:
    told = {"story": story, "verdict": replay.verdict, "line": replay.line}
    return as_json(told if steps is None else {**told, "steps": steps})


def _text(replay: Replay, story: Story, steps: list[Step] | None, output: str | None) -> str:
    paper = paper_for(output)
    tell_story(paper, story)
    if steps is not None:
        paper.blank()
        tell_steps(paper, replay, steps, story.is_known)
    return paper.text()
