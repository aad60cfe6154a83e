"""`negotiation fuzz`: programs that nobody wrote, on stacks and against recordings."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    MultiplexedDatabase,
    ReadOnlyDatabase,
)

from ..errors import UsageError, reason_of
from ..fuzzing.campaign import Bounds, Campaign, Core, Listener, Tally
from ..fuzzing.cases import Case, read_case
from ..fuzzing.collecting import seldom_collected
from ..fuzzing.generating import Generated
from ..fuzzing.machine import PEERS
from ..fuzzing.playing import Played
from ..fuzzing.saving import Cases
from ..fuzzing.supports import Supported
from ..programs.language import Program
from ..reports.fuzzed import (
    FOUND,
    NOTHING_NEW,
    FoundCase,
    FuzzReport,
    Seen,
    breakdown,
    comparison,
    covered,
    found_case,
)
from ..reports.fuzzed_text import tell_case, tell_fuzzed
from ..reports.gate_json import as_json
from ..reports.paper import Paper
from ..stacks.links import StackError
from .amounts import at_least, positive
from .fuzzed_stacks import Tolerated, faults_shown, option_of, player
from .hunted import hunt, is_pattern
from .outputs import TEXT, Output, Tell, add_output_options, outputs_of, put_own, put_reports
from .perturbed import perturb
from .printing import Progress, on_paper, paper_for, warn
from .recorded_stacks import add_stack_options, check_stacks, name_of_stack
from .stacks import MODEL

if TYPE_CHECKING:
    from ..reports.formats.report import Report

EXAMPLES = (
    "negotiation fuzz --stack chromium --minutes 10",
    "negotiation fuzz --stack wrtc --examples 500 --seed 7 --cases found",
    "negotiation fuzz --stack firefox --known traces/firefox/153.7.0esr",
    "negotiation fuzz --stack chromium --expectations traces/chromium/expectations.json",
    "negotiation fuzz --stack werift --against traces/werift/0.25.2 --format json",
    "negotiation fuzz --stack chromium --stack firefox --minutes 5",
    "negotiation fuzz --stack wrtc --database examples --database shared/examples",
    "negotiation fuzz --stack chromium --output found.html --format junit --output found.xml",
    "negotiation fuzz --stack chromium --replay cases/chromium-nn-early-0a1b.case.json",
    "negotiation fuzz --stack model --mutation return_to_stable/skipped",
    "negotiation fuzz --stack model --mutation '*' --examples 1000 --seed 1",
    "negotiation fuzz traces/chromium --examples 2000",
    "",
    "Recordings are perturbed: what the specification allows must stay accepted, what it forbids",
    "must be flagged. A finding is one about this checker, and no stack's.",
    "",
    "What was known before (--known, --expectations, cases in the folder of --cases) is counted,",
    "and stops nothing. A new fault is cut down to the shortest program that shows it, tried three",
    "times more, and written to the folder: NAME.case.json and its trace, NAME.jsonl.",
    "`negotiation reproduce` makes a script of a case that needs nothing of this tool.",
    "docs/fuzzing.md tells the rest.",
)

USUAL_SECONDS = 60.0

INTERRUPTED, UNSTARTED, ENDED = 130, 2, 128 + signal.SIGTERM
"""Exit codes where nothing new was found, but not all was tried; and of who was ended."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "traces", nargs="*", metavar="TRACE", help="recordings, to try the checker on: see below"
    )
    add_stack_options(parser, required=False)
    parser.set_defaults(profile=None)
    how_long = parser.add_argument_group("how long", "what comes first ends it")
    how_long.add_argument("--examples", type=at_least(1), metavar="N", help="so many programs")
    how_long.add_argument(
        "--minutes", type=positive, metavar="M", help="so long, shrinking included (default: 1)"
    )
    parser.add_argument(
        "--seed", type=int, metavar="S", help="what the programs follow from (default: chance)"
    )
    parser.add_argument(
        "--mutation",
        metavar="NAME",
        help="for --stack model: with this rule broken; a pattern makes a table of all",
    )
    known = parser.add_argument_group("what is known, and stops nothing")
    known.add_argument(
        "--known", action="append", default=[], metavar="TRACE", help="what recordings show"
    )
    known.add_argument(
        "--expectations", action="append", default=[], metavar="FILE", help="what a file expects"
    )
    known.add_argument(
        "--cases", default="cases", metavar="DIR", help="the folder of the cases (default: cases)"
    )
    parser.add_argument(
        "--against", action="append", default=[], metavar="TRACE", help="compare with recordings"
    )
    parser.add_argument("--replay", metavar="CASE", help="play one case again, and tell")
    parser.add_argument(
        "--database",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of Hypothesis's, to go on from, and to share; further ones are only read",
    )
    add_output_options(
        parser, besides="; tables of mutations and perturbed recordings have some of them only"
    )


def run(arguments: argparse.Namespace) -> int:
    """Fuzz the stack, tell what was found, and return the exit code."""
    is_stack = bool(arguments.stack) or arguments.adapter is not None
    if is_stack and arguments.traces:
        raise UsageError(
            f"{arguments.traces[0]}: programs are played on a stack, recordings are perturbed "
            "without one; leave the stack out, or the recordings (or name these with --known)"
        )
    if not is_stack and not arguments.traces:
        raise UsageError(
            "name a stack with --stack (`negotiation stacks` lists them), or recordings to perturb"
        )
    if arguments.traces:
        _check_unused(arguments, ("mutation", *_OF_CAMPAIGNS), "perturbed recordings")
        return perturb(arguments, _seed(arguments))
    check_stacks(arguments)
    if arguments.mutation is not None and arguments.stack != [MODEL]:
        raise UsageError("--mutation is for --stack model; leave it out")
    if is_pattern(arguments.mutation):
        _check_unused(arguments, ("minutes", *_OF_CAMPAIGNS), "a table of mutations")
        return hunt(arguments, _seed(arguments))
    if arguments.replay is not None:
        return _replay(arguments, read_case(arguments.replay))
    outputs = outputs_of(arguments)
    report, code = _fuzzed(arguments, waits=outputs == [Output(TEXT)])
    own: dict[str, Tell] = {
        "text": lambda output: on_paper(lambda paper: tell_fuzzed(paper, report), output.file),
        "json": lambda output: as_json(report),
    }
    put_reports(outputs, own, lambda: _report(report))
    return code


_OF_CAMPAIGNS = ("replay", "database", "known", "expectations", "against")
"""Options that only a campaign on a stack looks at."""


def _check_unused(arguments: argparse.Namespace, options: Iterable[str], doing: str) -> None:
    """Refuses what would be left out in silence."""
    for option in options:
        if getattr(arguments, option):
            raise UsageError(f"--{option} is not for {doing}; leave it out")


def _report(report: FuzzReport) -> Report:
    from ..reports.formats.of_fuzzed import report_of_campaign

    return report_of_campaign(report)


def _replay(arguments: argparse.Namespace, case: Case) -> int:
    outputs = outputs_of(arguments, (TEXT,), "a case that is played again")
    with player(arguments, case.found.seed) as playing:
        played = playing.play(case.program)
    own: dict[str, Tell] = {
        TEXT: lambda output: on_paper(lambda paper: _tell_played(paper, case, played), output.file)
    }
    put_own(outputs, own)
    return FOUND if case.fault in played.faults else NOTHING_NEW


def _tell_played(paper: Paper, case: Case, played: Played) -> None:
    found = played.faults.get(case.fault)
    if found is not None:
        paper.paragraph(f"It shows the fault: {found.message} (line {found.line}).", style="red")
    elif played.faults:
        others = "; ".join(f"{one.id}: {one.message}" for one in played.faults.values())
        paper.paragraph(f"It shows something else: {others}.", style="yellow")
    else:
        told = f" ({played.outcome}: {played.detail})" if played.detail else ""
        paper.paragraph(f"It does not show the fault{told}.", style="green")


class _Telling(Listener):
    """Saves each case when it is found, tells it to who waits, and how far the campaign is."""

    def __init__(self, cases: Cases, progress: Progress, tally: Tally, *, waits: bool) -> None:
        self._cases = cases
        self._progress = progress
        self._tally = tally
        self._waits = waits
        self.cases: list[FoundCase] = []

    def found(self, core: Core) -> None:
        """Writes the case."""
        try:
            file = self._cases.save(core, self._tally)
        except (OSError, UsageError) as error:
            warn(
                f"{self._cases.folder}: {reason_of(error)}; the report tells what was found, "
                "but there is no file of it"
            )
            self.cases.append(found_case(core, self._tally, ""))
        else:
            replay = self._cases.replay(file)
            self.cases.append(found_case(core, self._tally, str(file), replay))
        if self._waits:
            paper = paper_for("")
            tell_case(paper, self.cases[-1], len(self.cases))
            self._progress.clear()
            print(paper.text(), file=sys.stderr)

    def goes_on(self, tally: Tally) -> None:
        """Tells how far it is."""
        new = len(self.cases)
        self._progress.tell(f"{tally.programs} programs, {new} new, {tally.seconds:.0f} s")


def _seed(arguments: argparse.Namespace) -> int:
    given: int | None = arguments.seed
    return given if given is not None else random.SystemRandom().randrange(1 << 31)


def _fuzzed(arguments: argparse.Namespace, *, waits: bool) -> tuple[FuzzReport, int]:
    seed = _seed(arguments)
    stack = name_of_stack(arguments)
    folder = Cases(Path(arguments.cases), stack, option_of(arguments), seed)
    _check_folder(folder.folder)
    tolerated = Tolerated(arguments, folder)
    shown = faults_shown(arguments.against)
    apart = len(arguments.stack or ()) == 2
    generated = Generated(seed, apart=apart)
    with Progress(f"fuzzing {stack}:") as progress, player(arguments, seed) as playing:
        campaign = Campaign(
            Supported(playing, PEERS[1] if apart else ()),
            tolerated,
            _bounds(arguments),
            database=_database(arguments.database),
            key=stack,
        )
        waits = waits and sys.stderr.isatty()
        campaign.listener = telling = _Telling(folder, progress, campaign.tally, waits=waits)
        with seldom_collected(), generated as programs:
            stopped, code = _run(campaign, programs)
    tally = campaign.tally
    cases = _counted(telling.cases, tally)
    report = FuzzReport(
        stack=stack,
        seed=seed,
        stopped=stopped,
        seconds=round(tally.seconds, 1),
        programs=tally.programs,
        runs=tally.runs,
        cases=tuple(one for one in cases if not one.is_fleeting),
        known=tuple(Seen(one, tally.times[one]) for one in sorted(tally.known)),
        unsupported=tuple(" ".join(kind) for kind in tally.lacking),
        troubles=tally.troubles,
        breakdown=breakdown(tally, generated.seconds_each),
        coverage=covered(generated.coverage),
        comparison=comparison(tally.times, shown) if arguments.against else None,
        fleeting=tuple(one for one in cases if one.is_fleeting),
    )
    return report, report.exit_code if code == NOTHING_NEW else code


def _run(campaign: Campaign, programs: Iterable[Program]) -> tuple[str, int]:
    """Runs it; why it ended, and the exit code that this asks for.

    What was found stays, and is told, when somebody interrupts or ends it, and when the stack does
    not start any more. One that has never started is an error.
    """
    try:
        return campaign.run(programs), NOTHING_NEW
    except KeyboardInterrupt:
        stopped, code = "interrupted", INTERRUPTED
    except SystemExit as exit:
        stopped, code = "somebody ended it", int(exit.code or NOTHING_NEW)
    except StackError as error:
        if not campaign.tally.runs:
            raise
        stopped, code = f"the stack does not start any more: {error}", UNSTARTED
    campaign.leave()
    return stopped, FOUND if campaign.tally.cores and code != ENDED else code


def _check_folder(folder: Path) -> None:
    """Refuses a folder in which no case could be written, before it is needed."""
    there = next((one for one in (folder, *folder.absolute().parents) if one.exists()), folder)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"--cases {folder}: nothing can be written there; name another folder")


def _counted(cases: Iterable[FoundCase], tally: Tally) -> tuple[FoundCase, ...]:
    """The cases with how often they came in the end: those that come alone, the commonest first."""
    counted = (msgspec.structs.replace(one, times=tally.times.get(one.fault, 0)) for one in cases)
    return tuple(sorted(counted, key=lambda one: (bool(one.behind), -one.times)))


def _bounds(arguments: argparse.Namespace) -> Bounds:
    minutes = arguments.minutes
    if minutes is None and arguments.examples is None:
        return Bounds(seconds=USUAL_SECONDS)
    return Bounds(arguments.examples, None if minutes is None else minutes * 60)


def _database(folders: list[str]) -> ExampleDatabase | None:
    """The first folder is written; the others are of other machines."""
    if not folders:
        return None
    for folder in folders[1:]:
        if not Path(folder).is_dir():
            raise UsageError(f"--database {folder} is no folder; only the first one is made")
    if Path(folders[0]).exists() and not Path(folders[0]).is_dir():
        raise UsageError(f"--database {folders[0]} is no folder; name another one, or none yet")
    first, *others = (DirectoryBasedExampleDatabase(folder) for folder in folders)
    return MultiplexedDatabase(first, *map(ReadOnlyDatabase, others))
