"""What programs tell under a handful of schedules: even ones, hasty ones and lazy ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from sequences import expected_sequences, told_sequences

from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_scheduled
from negotiation.model import Specification

EXPECTED = Path(__file__).parents[1] / "expected"
MOSTLY = 0.9

Sequences = dict[str, set[tuple[str, ...]]]


@cache
def expected_of(name: str) -> Sequences:
    """What was derived by hand for a program."""
    return expected_sequences((EXPECTED / f"{name}.txt").read_text(encoding="utf-8"))


def seeds_for(name: str) -> range:
    """More schedules for a program that may run in several ways."""
    several = any(len(sequences) > 1 for sequences in expected_of(name).values())
    return range(60 if several else 6)


def told_by(
    program: Program, seeds: Iterable[int], specification: Specification | None = None
) -> Sequences:
    """All sequences of each peer under the schedules that the seeds stand for."""
    told: Sequences = {}
    for seed in seeds:
        emissions = run_scheduled(program, schedule(seed), specification)
        observations = [one.observation for one in emissions]
        for peer, sequence in told_sequences(observations).items():
            told.setdefault(peer, set()).add(sequence)
    return told


def schedule(seed: int) -> Callable[[int], int]:
    """Picks evenly, mostly the first option (work ends soon) or mostly the last (work goes on)."""
    rng = random.Random(seed)
    preferred = (None, 0, -1)[seed % 3]

    def choose(options: int) -> int:
        if preferred is None or rng.random() > MOSTLY:
            return rng.randrange(options)
        return preferred % options

    return choose
