"""What was read before changes nothing but the time that reading takes."""

from __future__ import annotations

import io
import random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.errors import TraceError
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import decoding, paths
from negotiation.conformance.traces.decoding import Memory
from negotiation.conformance.traces.format import Line
from negotiation.conformance.traces.paths import NOWHERE
from negotiation.conformance.traces.reading import open_trace

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


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


def read(data: bytes, memory: Memory) -> tuple[list[tuple[int, Line]], str, bool]:
    lines: list[tuple[int, Line]] = []
    with open_trace(io.BytesIO(data), memory) as reader:
        try:
            lines.extend(reader)
        except TraceError as error:
            return lines, str(error), reader.truncated
    return lines, "", reader.truncated


@settings(max_examples=150, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seeds=st.lists(SEEDS, min_size=1, max_size=3), choice=SEEDS)
def test_a_memory_changes_nothing_of_what_is_read(
    program: Program, seeds: list[int], choice: int
) -> None:
    rng = random.Random(choice)
    memory = Memory()
    for seed in [*seeds, *seeds]:
        lines = recording(program, seed)
        for data in (b"".join(lines), b"".join(altered(lines, rng)), b"".join(lines)):
            assert read(data, memory) == read(data, Memory())


@settings(max_examples=60, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seeds=st.lists(SEEDS, min_size=1, max_size=2), choice=SEEDS)
def test_a_checker_that_has_seen_it_says_the_same(
    program: Program, seeds: list[int], choice: int
) -> None:
    rng = random.Random(choice)
    checker = Checker()
    for seed in [*seeds, *seeds]:
        lines = recording(program, seed)
        for data in (b"".join(lines), b"".join(altered(lines, rng)), b"".join(lines)):
            told = []
            for one in (checker, Checker()):
                with open_trace(io.BytesIO(data), one.memory) as reader:
                    told.append(one.follow("x", reader)[1])
            assert told[0] == told[1]


def test_recordings_that_say_the_same_go_the_same_way() -> None:
    first, again = (
        b'{"kind":"header","format":"negotiation-trace","version":1,"date":"2026-01-20",'
        b'"peers":{"A":{"stack":{"name":"x"},"recorder":"y"}}}\n'
        b'{"kind":"mark","n":1,"t":%d,"peer":"A","text":"m"}\n'
        b'{"kind":"idle","n":2,"t":%d,"peer":"A","quiet":%d.5,"canary":true}\n' % numbers
        for numbers in ((1, 2, 30), (7, 9, 41))
    )
    memory = Memory()
    gone = []
    for data in (first, again):
        with open_trace(io.BytesIO(data), memory) as reader:
            quiet = [line for _, line in reader][-1]
            gone.append((reader.path, getattr(quiet, "quiet", None)))
    (one, first_quiet), (other, other_quiet) = gone
    assert one is other is not NOWHERE
    assert (first_quiet, other_quiet) == (30.5, 41.5)


def test_a_full_memory_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MOST_KEPT", 2)
    monkeypatch.setattr(paths, "MOST_PATHS", 3)
    header = (
        b'{"kind":"header","format":"negotiation-trace","version":1,"date":"2026-01-20",'
        b'"peers":{"A":{"stack":{"name":"x"},"recorder":"y"}}}\n'
    )
    memory = Memory()
    for word in ("a", "b", "a"):
        lines = [
            b'{"kind":"mark","n":%d,"t":1,"peer":"A","text":"%s%d"}\n' % (n, word.encode(), n)
            for n in range(1, 6)
        ]
        data = header + b"".join(lines)
        assert read(data, memory) == read(data, Memory())
