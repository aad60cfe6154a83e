"""The model as a stack: it runs a program on a schedule that a seed picks, and is recorded."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator
from typing import cast

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.interpreting import summary_of
from negotiation.conformance.traces.profiles import Profile, profile_named
from negotiation.conformance.traces.projection import project
from negotiation.model import REVISION, Description, Readings, Specification

from .descriptions import text_of
from .language import Program
from .running import Emission, Execution

LONGEST_RUN = 20_000
"""Steps after which a run is given up: a program that feeds itself never ends."""

AS_STACK = Readings().changed(
    {
        "order-of-unrelated-reactions": "off",
        "track-envelope": "off",
        "credentials-of-answers": "off",
        "odd-texts": "off",
        "candidates-of-rejected-sections": "off",
        "data-channel-ids": "off",
    }
)
"""How the model reads the text when it plays a stack: nothing is refused that need not be."""

Choose = Callable[[int], int]
"""Picks one of so many options: the schedule."""


class EndlessProgramError(Exception):
    """The program did not end within `LONGEST_RUN` steps."""


def run_program(
    program: Program, *, seed: int = 0, specification: Specification | None = None
) -> list[Emission]:
    """The observations of one run of the program on the model, in full; the seed is its schedule.

    Raises:
        EndlessProgramError: it did not end.
    """
    rng = random.Random(seed)
    return run_scheduled(program, rng.randrange, specification)


def run_scheduled(
    program: Program, choose: Choose, specification: Specification | None = None
) -> list[Emission]:
    """The observations of the run in which `choose` picks what happens next."""
    execution = Execution(program, specification or Specification(AS_STACK))
    run = execution.start()
    told: list[Emission] = []
    for _ in range(LONGEST_RUN):
        options = list(execution.options(run))
        if not options:
            return told
        emissions, run = options[choose(len(options)) if len(options) > 1 else 0]
        told += emissions
    raise EndlessProgramError(f"{program.name} did not end within {LONGEST_RUN} steps")


def trace_of(
    program: Program,
    emissions: list[Emission],
    *,
    seed: int | None = None,
    profile: Profile | str = "full",
    date: str | None = None,
) -> list[format.Line]:
    """The trace of a run, as a recorder with this profile writes it. `date` defaults to today."""
    profile = profile_named(profile) if isinstance(profile, str) else profile
    stack = format.Stack("model", REVISION[:12])
    peer = format.Peer(stack, recorder="negotiation model", profile=profile.name, configuration={})
    header = format.Header(
        format="negotiation-trace",
        version=format.VERSION,
        date=date or datetime.date.today().isoformat(),
        peers=dict.fromkeys(program.peers, peer),
        program=program.name,
        seed=seed,
    )
    return [header, *_lines(emissions, profile)]


def _lines(emissions: list[Emission], profile: Profile) -> Iterator[format.Line]:
    told: set[str] = set()
    observations = project([one.observation for one in emissions], profile)
    used = {id(one.observation): one.descriptions for one in emissions}
    for number, (original, observation) in enumerate(observations, start=1):
        for description in used[id(original)]:
            if description.sdp not in told and _refers(observation, description.sdp):
                told.add(description.sdp)
                yield _sdp(description)
        yield cast(format.Line, msgspec.structs.replace(observation, n=number, t=float(number)))


def _refers(observation: format.Observation, name: str) -> bool:
    ref = getattr(observation, "description", None)
    if isinstance(observation, format.Call):
        ref = observation.args.description
    return ref is not None and ref.sdp == name


def _sdp(description: Description) -> format.Sdp:
    return format.Sdp(description.sdp, _text(description), summary_of(description))


def _text(description: Description) -> str:
    if description.problem is None:
        return text_of(description)
    return "" if description.problem == "empty" else f"its problem is {description.problem}"
