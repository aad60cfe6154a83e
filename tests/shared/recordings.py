"""Recordings of programs on the model, as bytes, and what can be done to them."""

from __future__ import annotations

import random

import msgspec

from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of


def recording(program: Program, seed: int) -> list[bytes]:
    lines = trace_of(program, run_program(program, seed=seed), seed=seed, profile="page")
    return [msgspec.json.encode(line) + b"\n" for line in lines]


def altered(lines: list[bytes], rng: random.Random) -> list[bytes]:
    """The lines with one thing done to them, most of which no reader accepts."""
    at = rng.randrange(1, len(lines)) if len(lines) > 1 else 0
    line = lines[at]
    other = rng.choice(lines[1:] or lines)
    done = [
        [*lines[:at], *lines[at + 1 :]],
        [*lines[:at], line, *lines[at:]],
        [*lines[:at], other, *lines[at + 1 :]],
        [*lines[:at], line.replace(b'"t":', b'"t":-', 1), *lines[at + 1 :]],
        [*lines[:at], line.replace(b'"t":', b'"t":1,"t":', 1), *lines[at + 1 :]],
        [*lines[:at], line.replace(b'"kind":"re', b'"kind":"thr', 1), *lines[at + 1 :]],
        [*lines[:at], line.replace(b'"kind":"return"', b'"kind":"throw"', 1), *lines[at + 1 :]],
        [*lines[:at], line.replace(b'"A"', b'"B"', 1), *lines[at + 1 :]],
        [*lines[:at], line.replace(b'"s1"', b'"s2"', 1), *lines[at + 1 :]],
        [*lines[:at], b"\n", line, *lines[at + 1 :]],
        [*lines[:at], line[: rng.randrange(len(line))]],
        [*lines[:at], line.replace(b":", b": ", 1), *lines[at + 1 :]],
    ]
    return rng.choice(done)
