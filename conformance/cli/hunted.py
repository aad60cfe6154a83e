"""`negotiation fuzz --stack model --mutation PATTERN`: a table of which mutations are found."""

from __future__ import annotations

import argparse
import fnmatch
import time
from itertools import islice

from ..errors import UsageError
from ..fuzzing.generating import Generated
from ..fuzzing.mutants import hunted, ran
from ..fuzzing.opening import judge
from ..mutations import EQUIVALENT, MUTATIONS
from ..reports.gate_json import as_json
from ..reports.mutants_text import MutantsReport, mutants_as_markdown, tell_mutants
from .outputs import Tell, outputs_of, put_own
from .printing import Progress, on_paper

USUAL_PROGRAMS = 1000

FORMATS = ("text", "json", "markdown")
"""What a table of mutations is told in."""


def is_pattern(name: str | None) -> bool:
    """Whether the option names several mutations."""
    return name is not None and any(sign in name for sign in "*?[")


def hunt(arguments: argparse.Namespace, seed: int) -> int:
    """Hunts the mutations, tells the table, and returns the exit code: 0."""
    named = [one for one in MUTATIONS if fnmatch.fnmatchcase(one, arguments.mutation)]
    if not named:
        raise UsageError(f"no mutation is like {arguments.mutation!r}; '*' is all of them")
    outputs = outputs_of(arguments, FORMATS, "a table of mutations")
    report = _report(named, arguments.examples or USUAL_PROGRAMS, seed)
    own: dict[str, Tell] = {
        "text": lambda output: on_paper(lambda paper: tell_mutants(paper, report), output.file),
        "json": lambda output: as_json(report),
        "markdown": lambda output: mutants_as_markdown(report),
    }
    put_own(outputs, own)
    return 0


def _report(named: list[str], programs: int, seed: int) -> MutantsReport:
    began = time.monotonic()
    checker = judge()
    with Progress("running on the model:") as progress, Generated(seed) as generated:
        pool = []
        for one in ran(islice(generated, programs)):
            pool.append(one)
            progress(one.number, programs)
    wanted = [name for name in named if name not in EQUIVALENT]
    caught = []
    with Progress("hunting mutations:") as progress:
        for done, name in enumerate(wanted, start=1):
            progress(done, len(wanted), name)
            caught.append(hunted(MUTATIONS[name], pool, checker))
    equivalent = tuple(name for name in named if name in EQUIVALENT)
    seconds = round(time.monotonic() - began, 1)
    return MutantsReport(seed, programs, seconds, tuple(caught), equivalent)
