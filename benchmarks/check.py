"""How fast the checker judges, against merely decoding the same bytes.

`python -m benchmarks.check --format json` prints one JSON object. The corpus are recordings of
generated programs, with as much SDP as there is in the recordings of real stacks that come along.
The checker is warmed on one half, which gives the cold figures, and measured on the other: the same
programs on other schedules, as a gate sees them day after day. `again_...` is what it does with
recordings that it has seen, `line_by_line_...` with those of which it knows every line but not the
whole, `unseen_...` with programs that it never saw.

Seconds are CPU seconds of one process: the machine may be busy with something else.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import gc
import io
import json
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence

import msgspec

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.traces import format
from negotiation.conformance.traces.decoding import Memory
from negotiation.conformance.traces.profiles import profile_named
from negotiation.conformance.traces.reading import open_trace

from .corpus import Recorded, committed, program_of, recordings_of, shape_of
from .machine import machine, say, version

UNSEEN = 20
"""One in so many programs is kept away from the warming, and measured by itself."""

ROUNDS = 3

_LINES: msgspec.json.Decoder[format.Line] = msgspec.json.Decoder(format.Line)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--programs", type=int, default=1000, help="distinct programs (1000)")
    parser.add_argument(
        "--observations", type=int, default=1_000_000, help="in each half, at least (1000000)"
    )
    given = parser.parse_args(arguments)
    told = measured(given.programs, given.observations)
    if given.format == "json":
        print(json.dumps(told, indent=2))
    else:
        for name, value in told.items():
            print(f"{name:40} {value}")
    return 0


def measured(programs: int, observations: int) -> dict[str, object]:
    """All figures, by name."""
    say("looking at the recordings of real stacks")
    real = shape_of(committed())
    warming, measuring = _halves(programs, observations, real.lengths)
    unseen = _drawn(range(programs, programs + max(1, programs // UNSEEN)), range(2), real.lengths)
    ours = shape_of(data for _, data in measuring[::50])
    return {
        "programs": programs,
        "recordings": len(measuring),
        **_figures(warming, measuring, unseen),
        "bytes_per_observation": round(ours.bytes_per_observation),
        "sdp_texts_per_observation": round(ours.texts_per_observation, 3),
        "sdp_share_of_bytes": round(ours.share_of_bytes, 3),
        "sdp_texts_per_observation_in_recordings": round(real.texts_per_observation, 3),
        "sdp_share_of_bytes_in_recordings": round(real.share_of_bytes, 3),
        "machine": machine(),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("negotiation", "msgspec")},
        },
    }


class Timed(msgspec.Struct, frozen=True):
    """What came of each recording, and the CPU seconds of all."""

    results: list[int]
    seconds: float


def _figures(
    warming: list[Recorded], measuring: list[Recorded], unseen: list[Recorded]
) -> dict[str, object]:
    """How fast, and where the time goes."""
    checker = Checker()
    frontiers = checker.places(profile_named("page")).frontiers
    say(f"cold: {len(warming)} recordings")
    cold = _timed(warming, lambda one: _judge(checker, one))
    gc.collect()
    gc.freeze()
    computed = frontiers.computed
    say(f"warm: {len(measuring)} recordings")
    warm = _timed(measuring, lambda one: _judge(checker, one))
    computed = frontiers.computed - computed
    say("once more, taken apart")
    again = _timed(measuring, lambda one: _judge(checker, one))
    by_line = _timed(measuring, lambda one: _judge_by_line(checker, one))
    reading = _timed(measuring, lambda one: _read(checker.memory, one))
    decoding = min((_timed(measuring, _decode) for _ in range(ROUNDS)), key=lambda one: one.seconds)
    say(f"unseen: {len(unseen)} recordings")
    new = _timed(unseen, lambda one: _judge(checker, one))
    count = sum(warm.results)
    megabytes = sum(len(data) for _, data in measuring) / 1e6

    def each(seconds: float) -> float:
        """Microseconds for an observation."""
        return round(seconds / count * 1e6, 2)

    return {
        "observations": count,
        "cold_observations_per_second": round(sum(cold.results) / cold.seconds),
        "warm_observations_per_second": round(count / warm.seconds),
        "again_observations_per_second": round(count / again.seconds),
        "line_by_line_observations_per_second": round(count / by_line.seconds),
        "unseen_observations_per_second": round(sum(new.results) / new.seconds),
        "megabytes_per_second": round(megabytes / warm.seconds, 1),
        "memoised_share": round(1 - computed / count, 5),
        "ratio_to_decoding": round(warm.seconds / decoding.seconds, 2),
        "microseconds_per_observation": {
            "decoding_with_msgspec": each(decoding.seconds),
            "recognising_whole_recordings": each(again.seconds),
            "what_was_not_recognised": each(warm.seconds - again.seconds),
            "line_by_line": {
                "reading": each(reading.seconds),
                "recognising_and_judging": each(by_line.seconds - reading.seconds),
            },
        },
    }


def _timed(recordings: Iterable[Recorded], work: Callable[[Recorded], int]) -> Timed:
    begun = time.process_time()
    results = [work(one) for one in recordings]
    return Timed(results, time.process_time() - begun)


def _judge(checker: Checker, recorded: Recorded) -> int:
    name, data = recorded
    with open_trace(io.BytesIO(data), checker.memory) as reader:
        _, verdict = checker.follow(name, reader)
    wrong = [one.id for one in verdict.findings if one.class_ == "departure"]
    if wrong or verdict.undecided or verdict.error:
        raise SystemExit(f"{name}: the model does not conform to itself: {wrong} {verdict}")
    return verdict.observations


def _judge_by_line(checker: Checker, recorded: Recorded) -> int:
    checker.forget_recordings()
    return _judge(checker, recorded)


def _read(memory: Memory, recorded: Recorded) -> int:
    with open_trace(io.BytesIO(recorded[1]), memory) as reader:
        return sum(1 for _ in reader.said())


def _decode(recorded: Recorded) -> int:
    return len(_LINES.decode_lines(recorded[1]))


def _halves(
    programs: int, observations: int, lengths: Sequence[int]
) -> tuple[list[Recorded], list[Recorded]]:
    """Two halves with so many observations each: of the same programs, on other schedules."""
    warming: list[Recorded] = []
    measuring: list[Recorded] = []
    schedules = 0
    missing = observations
    while missing > 0:
        for half, seed in ((warming, 2 * schedules), (measuring, 2 * schedules + 1)):
            drawn = _drawn(range(programs), range(seed, seed + 1), lengths)
            half += drawn
        missing -= min(_count(drawn), _count(warming[-len(drawn) :]))
        schedules += 1
        say(f"drawing: {observations - max(missing, 0)} of {observations} observations")
    return warming, measuring


def _count(recordings: Iterable[Recorded]) -> int:
    lines = (line for _, data in recordings for line in data.splitlines())
    return sum(1 for line in lines if not line.startswith((b'{"kind":"sdp"', b'{"kind":"header"')))


def _drawn(programs: range, seeds: range, lengths: Sequence[int]) -> list[Recorded]:
    parts = [programs[start : start + 50] for start in range(0, len(programs), 50)]
    with concurrent.futures.ProcessPoolExecutor() as pool:
        tasks = [pool.submit(_drawn_here, part, seeds, lengths) for part in parts]
        return [one for task in tasks for one in task.result()]


def _drawn_here(programs: range, seeds: range, lengths: Sequence[int]) -> list[Recorded]:
    return [one for p in programs for one in recordings_of(program_of(p), seeds, lengths)]


if __name__ == "__main__":
    sys.exit(main())
