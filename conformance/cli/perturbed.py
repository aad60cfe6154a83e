"""`negotiation fuzz TRACE...`: the checker tried on perturbed recordings."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..checking.judging import Checker
from ..errors import UsageError
from ..fuzzing.perturbing.campaign import perturb_recordings, save_failures
from ..reports.perturbed_text import perturbed_as_json, tell_perturbed
from .outputs import Tell, outputs_of, put_own
from .places import recordings_named
from .printing import Progress, on_paper

USUAL_EXAMPLES = 1000
USUAL_SECONDS = 600.0
NOTHING_WRONG, FOUND = 0, 1

FORMATS = ("text", "json")
"""What perturbed recordings are told in: what is found is this checker's, and no stack's."""


def perturb(arguments: argparse.Namespace, seed: int) -> int:
    """Perturbs the recordings, tells where the checker contradicts the text; the exit code."""
    outputs = outputs_of(arguments, FORMATS, "perturbed recordings")
    files = recordings_named(arguments.traces)
    minutes = arguments.minutes
    with Progress("perturbing") as progress:
        told = perturb_recordings(
            files,
            Checker(),
            examples=arguments.examples or USUAL_EXAMPLES,
            seconds=USUAL_SECONDS if minutes is None else minutes * 60,
            seed=seed,
            progress=progress,
        )
    if not told.examples:
        raise UsageError("nothing was perturbed; the traces hold nothing that fits, name others")
    told = save_failures(told, Path(arguments.cases)) if told.failures else told
    own: dict[str, Tell] = {
        "text": lambda output: on_paper(lambda paper: tell_perturbed(paper, told), output.file),
        "json": lambda output: perturbed_as_json(told),
    }
    put_own(outputs, own)
    return FOUND if told.failures else NOTHING_WRONG
