"""Equal fingerprints are equal contents; what no reader accepts is not equal to what it does."""

from __future__ import annotations

import io
import random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recordings import altered, recording
from strategies import SEEDS, programs

from negotiation.conformance.programs.language import Program
from negotiation.conformance.traces.fingerprints import LARGEST, fingerprint
from negotiation.conformance.traces.format import Idle, Line, Sdp
from negotiation.conformance.traces.reading import open_trace
from negotiation.conformance.traces.said import is_settled

RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

HEADER = (
    b'{"kind":"header","format":"negotiation-trace","version":1,"date":"2026-01-20",'
    b'"peers":{"A":{"stack":{"name":"x"},"recorder":"y"}}}\n'
)
CALL = (
    b'{"kind":"call","n":%d,"t":%s,"peer":"A","id":1,"method":"setRemoteDescription",'
    b'"args":{"description":{"type":"offer","sdp":"s1"}}}\n'
)
SDP = b'{"kind":"sdp","id":"s1","text":%s,"summary":{}}\n'
IDLE = b'{"kind":"idle","n":2,"t":%s,"peer":"A","quiet":%s,"turns":%d%s}\n'


def example(
    *,
    text: bytes = b'"v=0\\r\\n"',
    n: int = 1,
    t: bytes = b"1.5",
    quiet: bytes = b"30.25",
    turns: int = 6,
    canary: bytes = b',"canary":true',
) -> bytes:
    return SDP % text + CALL % (n, t) + IDLE % (b"9", quiet, turns, canary)


def of(lines: bytes) -> bytes | None:
    return fingerprint(b"\n" + lines)


def content(data: bytes) -> list[tuple[int, object]]:
    """What is read, without what may differ between recordings of the same fingerprint."""
    with open_trace(io.BytesIO(data)) as reader:
        return [(number, _content(line)) for number, line in reader]


def _content(line: Line) -> object:
    told = msgspec.to_builtins(line)
    if isinstance(line, Idle):
        told |= {"quiet": is_settled(line), "turns": 0}
    for name in ("t", "text") if isinstance(line, Sdp) else ("t",):
        told.pop(name, None)
    return told


def test_times_texts_and_quiet_may_differ() -> None:
    known = of(example())
    assert known is not None
    assert known == of(example(text=b'"v=0\\r\\no=- 2\\r\\n"'))
    assert known == of(example(t=b"2"))
    assert known == of(example(quiet=b"71.0", turns=9))
    assert of(example(canary=b"")) == of(example(canary=b"", quiet=b"31"))


@pytest.mark.parametrize(
    "other",
    [
        example(canary=b""),
        example(canary=b"") + example(canary=b"").replace(b'"n":', b'"n":1'),
        example().replace(b"s1", b"s2"),
        example().replace(b"offer", b"answer"),
        example().replace(b'"A"', b'"B"'),
        example().replace(b'"summary":{}', b'"summary":{"problem":"syntax"}'),
        example() + b"\n",
        example().replace(b'"idle"', b'"mark"'),
    ],
)
def test_all_else_may_not_differ(other: bytes) -> None:
    assert of(other) != of(example())


def test_quiet_that_counts_as_settled_is_not_the_same_as_less_of_it() -> None:
    assert of(example(canary=b"", quiet=b"199.9")) != of(example(canary=b"", quiet=b"200"))


@pytest.mark.parametrize(
    "lines",
    [
        example(n=3),
        example(n=2),
        example(t=b"9.5"),
        example(text=b'"v=0\\q"'),
        example(text=b'"\\ud800"'),
        example(text=b'"v=0","text":"w"'),
        example(text=b'"v=0" , "x"'),
        example()[:-1],
        example().replace(b'"A"', b'"A\0"'),
        example().replace(b'"A"', '"Ä"'.encode()),
    ],
)
def test_what_has_no_fingerprint(lines: bytes) -> None:
    assert of(lines) is None


@pytest.mark.parametrize("written", [b"01", b"+1", b"1.", b".5", b"1e3", b"-1", b"1" * 99, b" 1"])
def test_numbers_that_are_written_in_another_way_are_not_cut_out(
    written: bytes,
) -> None:
    assert of(example(t=written)) != of(example())
    assert of(example(quiet=written)) != of(example())


def test_what_looks_like_a_cut_elsewhere_is_content() -> None:
    def configured(value: bytes) -> bytes:
        return (
            b'{"kind":"call","n":1,"t":1,"peer":"A","id":1,"method":"setConfiguration",'
            b'"args":{"configuration":%b}}\n' % value
        )

    told = [b'{"kind":"x","n":2,"t":%d,"quiet":%d}' % pair for pair in ((3, 4), (3, 5), (4, 4))]
    told += [b'{"text":"%b","summary":1}' % word for word in (b"a", b"b")]
    assert len({of(configured(each)) for each in told}) == len(told)


def test_a_trace_that_is_too_large_has_no_fingerprint() -> None:
    mark = b'{"kind":"mark","n":%d,"t":1,"peer":"A","text":"%s"}\n'
    lines = b"".join(mark % (n, b"m" * 5000) for n in range(1, LARGEST // 5000 + 2))
    with open_trace(io.BytesIO(HEADER + lines)) as reader:
        assert reader.fingerprint() is None
        assert sum(1 for _ in reader) == lines.count(b"\n") + 1


@settings(max_examples=150, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seeds=st.lists(SEEDS, min_size=1, max_size=3), choice=SEEDS)
def test_equal_fingerprints_are_equal_contents(
    program: Program, seeds: list[int], choice: int
) -> None:
    rng = random.Random(choice)
    known: dict[bytes, list[tuple[int, object]]] = {}
    for seed in [*seeds, *seeds]:
        whole = recording(program, seed)
        for told in (whole, altered(whole, rng)):
            fingerprint = of(b"".join(told[1:]))
            if fingerprint is not None and told is whole:
                known.setdefault(fingerprint, content(b"".join(whole))[1:])
            if fingerprint in known:
                assert content(b"".join(told))[1:] == known[fingerprint]
