"""What the checker remembers makes it fast, and decides nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.traces.decoding import Memory
from negotiation.conformance.traces.reading import open_trace
from negotiation.conformance.traces.said import Said

TRACES = Path(__file__).parents[3] / "traces"
BOUND = 240
RECORDINGS = [
    str(TRACES / stack / f"{program}.jsonl.gz")
    for program in ("rollback-of-a-local-offer", "data-channels-of-two-peers")
    for stack in ("wrtc/0.1.0", "libdatachannel/0.33.4", "chromium/106.0.5249.0")
]


@pytest.mark.parametrize("most_states", [1, 50, 200])
def test_a_forgetful_checker_says_the_same(most_states: int) -> None:
    forgetful, usual = Checker(most_states=most_states), Checker()
    for source in (*RECORDINGS, *RECORDINGS):
        forgetful.forget_recordings()
        assert forgetful.judge(source) == usual.judge(source)


def test_all_profiles_are_bounded_in_sum() -> None:
    """Each of them alone stays below the bound; together they would be far beyond it."""
    checker = Checker(most_states=BOUND)
    for source in RECORDINGS:
        checker.judge(source)
        each = [places.frontiers.remembered for places in checker._places.values()]
        assert max(each) < BOUND
        assert sum(each) < 2 * BOUND


HEADER = (
    b'{"kind":"header","format":"negotiation-trace","version":1,"date":"2026-01-20",'
    b'"peers":{"A":{"stack":{"name":"x"},"recorder":"y","configuration":{}}}}\n'
)
CALLED = (
    b'{"kind":"call","n":1,"t":1,"peer":"A","id":1,"method":"createOffer","args":{}}\n'
    b'{"kind":"return","n":2,"t":1,"peer":"A","call":1}\n'
)
SETTLED = b'{"kind":"resolve","n":3,"t":2,"peer":"A","call":1}\n'
SPURIOUS = b'{"kind":"event","n":1,"t":1,"peer":"A","name":"negotiationneeded"}\n'


def test_an_error_is_that_of_the_file_that_is_read(tmp_path: Path) -> None:
    checker = Checker()
    for name in ("a.jsonl", "b.jsonl"):
        path = tmp_path / name
        path.write_bytes(HEADER + CALLED + SETTLED + SETTLED.replace(b'"n":3', b'"n":4'))
        assert f"{path}:5: field `call`" in (checker.judge(str(path)).error or "")


def test_lines_are_those_of_the_file_that_is_read() -> None:
    """Blank lines before the header move all that follow, and say nothing."""
    checker = Checker()
    for blank in (0, 1, 0):
        data = b"\n" * blank + HEADER + SPURIOUS
        with open_trace(io.BytesIO(data), checker.memory) as reader:
            _, verdict = checker.follow("x", reader, lambda finding: False)
        assert [(one.id, one.line) for one in verdict.findings] == [("NN-SPURIOUS", 2 + blank)]


def test_lines_that_come_in_are_remembered_once() -> None:
    """Who judges thousands of programs live meets the same lines again and again."""
    checker = Checker()
    with open_trace(RECORDINGS[0]) as reader:
        lines = [line for _, line in reader]
    sizes = []
    for _ in range(3):
        checker.judge_lines("x", lines)
        everywhere = [one for places in checker._places.values() for one in places._places.values()]
        sizes.append(sum(len(place.steps) for place in everywhere))
    assert sizes[0] == sizes[1] == sizes[2] > 0


def test_a_line_that_comes_in_is_the_line_of_a_file() -> None:
    memory = Memory()
    with open_trace(RECORDINGS[0], memory) as reader:
        read = [(n, t, said) for _, n, t, said in reader.said() if isinstance(said, Said)]
    for n, t, said in read:
        assert memory.of(said.at(n, t)) is said
