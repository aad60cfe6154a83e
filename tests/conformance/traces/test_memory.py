"""What was read before changes nothing but the time that reading takes."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recordings import altered, recording
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker, TraceVerdict
from negotiation.conformance.errors import TraceError
from negotiation.conformance.programs.language import Program
from negotiation.conformance.reports.judged import Quoted, quoted_lines
from negotiation.conformance.traces import decoding
from negotiation.conformance.traces.decoding import Memory
from negotiation.conformance.traces.format import Line
from negotiation.conformance.traces.reading import open_trace

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


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


def judged(data: bytes, checker: Checker) -> tuple[TraceVerdict, dict[int, Quoted]]:
    with open_trace(io.BytesIO(data), checker.memory) as reader:
        pass_, verdict = checker.follow("x", reader, lambda finding: finding.id == "OP-ORDER")
        return verdict, quoted_lines(pass_, verdict)


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
            assert judged(data, checker) == judged(data, Checker())


def test_a_full_memory_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MOST_KEPT", 2)
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
