"""Whatever a checker has judged before: the verdict is the one that a fresh checker gives.

Memory errs where recordings share much and differ in something that a memory's key has not. So
those come together that share programs and beginnings, and differ in times, texts, names, profiles,
configurations, or in one thing that is wrong.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging_ways import WAYS, Fresh, Told, by_file, cut, settled_twice, torn, with_peers

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.fuzzing.perturbing import ROWS
from negotiation.conformance.fuzzing.perturbing.recorded import Recording, read_recorded, written

TRACES = Path(__file__).parents[3] / "traces"

STACKS = (
    "aiortc/1.16.0",
    "chromium/72.0.3617.0",
    "chromium/156.0.8078.79",
    "firefox/153.7.0esr",
    "libdatachannel/0.33.4",
    "pion/3.1.56",
    "webrtcbin/1.22.0",
    "werift/0.25.2",
    "wrtc/0.1.0",
)

PROGRAMS = (
    "rollback-of-a-local-offer",
    "wrong-calls-in-have-remote-offer",
    "offer-and-answer-of-two-peers",
    "perfect-negotiation-change-before-answering",
)

CHANGES: tuple[Callable[[bytes], bytes], ...] = (
    bytes,
    cut,
    torn,
    settled_twice,
    b"\n \n".__add__,
    partial(with_peers, configuration=None),
    partial(with_peers, configuration={"iceServers": [{"urls": 1}]}),
    partial(with_peers, configuration={"iceCandidatePoolSize": 3}),
    partial(with_peers, begins="unknown"),
    partial(with_peers, profile="no-tasks"),
    partial(with_peers, profile="late-settlements"),
    partial(with_peers, profile="webrtc-internals"),
    partial(with_peers, stack={"name": "another"}, recorder="another"),
)
"""What is done to a whole recording."""

FUZZERS, EARLY = partial(Checker, most_after=1000), partial(Checker, most_after=3, budget=50)
"""A checker as the fuzzer has it, and one that gives up early."""

FRESH = {make: Fresh(make) for make in (FUZZERS, EARLY)}

MOST_STATES = (1, 300, 1 << 21)
"""Where remembering begins anew all the time, now and then, and never: that decides nothing."""


class Recordings:
    """Recordings by file, each read once."""

    def __init__(self) -> None:
        self._read: dict[str, Recording] = {}

    def perturbed(self, source: str, rows: Sequence[str], at: float) -> bytes:
        """The recording with the rows applied, each at this part of the places that there are."""
        if source not in self._read:
            self._read[source] = read_recorded(source)
        recording = self._read[source]
        for name in rows:
            places = list(ROWS[name].applied(recording))
            if places:
                recording = ROWS[name].make(recording, places[int(at * len(places))])
        return written(recording)


READ = Recordings()


def recordings_of(program: str) -> list[str]:
    return [str(one) for stack in STACKS for one in TRACES.glob(f"{stack}/{program}.jsonl.gz")]


@st.composite
def perturbed(draw: st.DrawFn, sources: Sequence[str]) -> bytes:
    """A recording, perturbed in what it says, or not."""
    rows = draw(st.lists(st.sampled_from(sorted(ROWS)), max_size=2))
    at = draw(st.floats(0, 1, exclude_max=True))
    return READ.perturbed(draw(st.sampled_from(sources)), rows, at)


@st.composite
def of_one_program(draw: st.DrawFn) -> list[tuple[Told, int]]:
    """What is judged one after another, and in which way: few recordings, each in many guises."""
    sources = recordings_of(draw(st.sampled_from(PROGRAMS)))
    some = draw(st.lists(perturbed(sources), min_size=1, max_size=2))
    changes = draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=2))
    told = st.builds(
        lambda data, change, name, all_wanted: Told(change(data), name, all_wanted),
        st.sampled_from(some),
        st.sampled_from([bytes, *changes]),
        st.sampled_from("ab"),
        st.booleans(),
    )
    return draw(st.lists(st.tuples(told, st.integers(0, len(WAYS) - 1)), min_size=2, max_size=8))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_recording_is_judged_alike_among_its_guises(program: str) -> None:
    """All of them before it, and itself under another name: whole recordings are recognised."""
    sources = recordings_of(program)[::3]
    guises = [change(READ.perturbed(one, (), 0.0)) for change in CHANGES for one in sources]
    checker, fresh = FUZZERS(), FRESH[FUZZERS]
    for name in "ab":
        for data in guises:
            told = Told(data, name, all_wanted=False)
            verdict = by_file(checker, told)
            assert name == "a" or verdict == fresh.verdict(told)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(of_one_program(), st.sampled_from((FUZZERS, EARLY)), st.sampled_from(MOST_STATES))
def test_a_verdict_does_not_depend_on_what_was_judged_before(
    sequence: list[tuple[Told, int]], make: partial[Checker], most_states: int
) -> None:
    checker = make(most_states=most_states)
    for told, way in sequence:
        assert WAYS[way](checker, told) == FRESH[make].verdict(told)


SHOWING_VERDICTS = """
import sys
from negotiation.conformance.checking.judging import Checker
import msgspec
checker = Checker()
for source in sys.stdin.read().split("\\n"):
    print(msgspec.json.encode(checker.judge(source)).decode())
"""


def judged_in_another_process(sources: Sequence[str], seed: int) -> list[str]:
    """The verdicts of one checker, where strings have other hashes: no set has its order here."""
    told = subprocess.run(
        [sys.executable, "-c", SHOWING_VERDICTS],
        input="\n".join(sources),
        env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.splitlines()


def assert_judged_alike(sources: Sequence[str], seeds: Sequence[int]) -> None:
    """In each process in another order, and after other recordings."""
    told: dict[str, set[str]] = {source: set() for source in sources}
    for seed in seeds:
        order = random.Random(seed).sample(sources, len(sources))
        for source, verdict in zip(order, judged_in_another_process(order, seed), strict=True):
            told[source].add(verdict)
    assert not [source for source, verdicts in told.items() if len(verdicts) > 1]


def test_verdicts_are_the_same_in_every_process() -> None:
    assert_judged_alike([one for each in PROGRAMS for one in recordings_of(each)], [1, 2])


ALL = sorted(map(str, TRACES.glob("*/*/*.jsonl.gz")))


@pytest.mark.slow
def test_verdicts_on_many_recordings_are_the_same_in_every_process() -> None:
    assert_judged_alike(ALL[::4], [3, 4])


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_verdict_on_any_recording_does_not_depend_on_what_was_judged_before(seed: int) -> None:
    """Programs as they come, with all their recordings by some stacks, perturbed here and there."""
    rng = random.Random(seed)
    checker, fresh = FUZZERS(most_states=rng.choice((20_000, 1 << 21))), FRESH[FUZZERS]
    by_program: dict[str, list[str]] = {}
    for one in ALL:
        by_program.setdefault(Path(one).name, []).append(one)
    for program in rng.sample(sorted(by_program), 90):
        sources = by_program[program]
        for source in rng.sample(sources, min(4, len(sources))):
            for rows in ([], rng.sample(sorted(ROWS), 2)):
                data = rng.choice(CHANGES)(READ.perturbed(source, rows, rng.random()))
                told = Told(data, rng.choice("ab"), all_wanted=rng.random() < 0.5)
                for way in rng.sample(WAYS, 2):
                    assert way(checker, told) == fresh.verdict(told), (source, rows, way)
