"""Where the time of a campaign goes: the stack, waits for quiet, the checker, the generator.

`python -m benchmarks.fuzz --format json` prints one JSON object. The programs of a round are those
of a campaign on a small scale: as many of each length. They are played twice by the same instance
of the stack, one way and the other first in turns:

* bare: the programs were made before, and nobody judges the lines. What passes between a program
  and its recording, without the waits for quiet, is `stack`: the time that the stack works, with
  the way there and back.
* whole: as `negotiation fuzz` does it. The programs are made meanwhile, in another thread, and the
  lines are judged as they come.

`checker` and `generator` are CPU time, each of its own thread. As the stack is another process, and
rests in the waits, much of it passes beside the stack's work: `added` is how much longer a whole
round takes than a bare one, what is done between programs included. All are milliseconds a program,
each the median of the rounds. `share` is what checker and generator take of `stack`, `added_share`
what is added to it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import Any

import msgspec

from negotiation.conformance.fuzzing.collecting import seldom_collected
from negotiation.conformance.fuzzing.generating import LENGTHS, Generated
from negotiation.conformance.fuzzing.opening import hurried, judge
from negotiation.conformance.fuzzing.playing import OnStack, quiet_in
from negotiation.conformance.fuzzing.supports import Supported
from negotiation.conformance.programs.language import Program
from negotiation.conformance.stacks.recording import LiveStack, Settings
from negotiation.conformance.stacks.registry import STACKS, row

from .machine import machine, say, version

LIMIT = 0.2
ROUNDS = 5
PROGRAMS = 240
USUAL = ("chromium", "wrtc")


class Side(msgspec.Struct):
    """Milliseconds a program, of one way in one round."""

    wall: float = 0.0
    stack: float = 0.0
    quiet: float = 0.0
    checker: float = 0.0
    generator: float = 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--stack",
        action="append",
        metavar="NAME",
        choices=[each.name for each in STACKS],
        help=f"may be given several times ({', '.join(USUAL)})",
    )
    parser.add_argument("--programs", type=int, default=PROGRAMS, help=f"a round ({PROGRAMS})")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"({ROUNDS})")
    parser.add_argument("--limit", type=float, default=LIMIT, help=f"the highest share ({LIMIT})")
    given = parser.parse_args(arguments)
    names = given.stack or USUAL
    with ExitStack() as running, seldom_collected():
        taken = {name: running.enter_context(Taken(name)) for name in names}
        for number in range(given.rounds + 1):
            for name, one in taken.items():
                say(
                    f"{name}: round {number} of {given.rounds}" if number else f"{name}: warming up"
                )
                one.round(number, given.programs)
    stacks = {name: one.figures() for name, one in taken.items()}
    if given.format == "json":
        told = {"limit": given.limit, "rounds": given.rounds, "stacks": stacks, **_conditions()}
        print(json.dumps(told, indent=2))
    else:
        _print_table(stacks)
    return 0 if all(one["share"] <= given.limit for one in stacks.values()) else 1


class Taken:
    """A context manager: one stack, and what its rounds took. The first one warms up."""

    def __init__(self, name: str) -> None:
        self._row = row(name)
        self._live = LiveStack(self._row, hurried(Settings()))
        self._supported = Supported(OnStack(judge(), self._live))
        self.bare: list[Side] = []
        self.whole: list[Side] = []
        self.programs = 0

    def __enter__(self) -> Taken:
        self._live.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._live.__exit__(*error)

    def round(self, number: int, programs: int) -> None:
        """Plays one round both ways; round 0 counts for nothing."""
        ways: list[Callable[[int, int], None]] = [self._bare, self._whole]
        for way in ways if number % 2 else reversed(ways):
            way(number, programs)
        if number == 0:
            self.bare, self.whole, self.programs = [], [], 0

    def _bare(self, number: int, programs: int) -> None:
        with _campaign(number, programs) as generated:
            made = [*islice(generated, programs)]
        side = Side()

        def play(program: Program) -> None:
            began = time.perf_counter()
            lines = self._live.run(self._supported.fitting(program)).lines
            passed = time.perf_counter() - began
            waited = quiet_in(lines) / 1000
            side.quiet += waited
            side.stack += passed - waited

        side.wall = _passed(made, play)
        self.bare.append(_each(side, len(made)))

    def _whole(self, number: int, programs: int) -> None:
        generated = _campaign(number, programs)
        side = Side()

        def play(program: Program) -> None:
            side.checker += self._supported.play(program).times.checker

        with generated as endless:
            side.wall = _passed(islice(endless, programs), play)
        side.generator = generated.seconds_each * programs
        self.whole.append(_each(side, programs))
        self.programs += programs

    def figures(self) -> dict[str, Any]:
        """The medians of the rounds."""
        bare, whole = _median(self.bare), _median(self.whole)
        ours = whole.checker + whole.generator
        added = statistics.median(
            one.wall - other.wall for one, other in zip(self.whole, self.bare, strict=True)
        )
        return {
            "version": self._row.stack().version,
            "programs": self.programs,
            "stack": round(bare.stack, 2),
            "quiet": round(bare.quiet, 2),
            "checker": round(whole.checker, 2),
            "generator": round(whole.generator, 2),
            "added": round(added, 2),
            "share": round(ours / bare.stack, 3),
            "added_share": round(added / bare.stack, 3),
        }


def _campaign(seed: int, programs: int) -> Generated:
    """So many programs, after all lengths of which it would begin again."""
    return Generated(seed, a_round=max(1, programs // len(LENGTHS)))


def _passed(programs: Iterable[Program], play: Callable[[Program], None]) -> float:
    began = time.perf_counter()
    for program in programs:
        play(program)
    return time.perf_counter() - began


def _each(side: Side, programs: int) -> Side:
    """In milliseconds a program."""
    return Side(*(one / programs * 1000 for one in msgspec.structs.astuple(side)))


def _median(sides: Sequence[Side]) -> Side:
    return Side(*map(statistics.median, zip(*map(msgspec.structs.astuple, sides), strict=True)))


def _conditions() -> dict[str, Any]:
    versions = {"python": platform.python_version()}
    versions |= {name: version(name) for name in ("negotiation", "hypothesis", "msgspec")}
    return {"machine": machine(), "load": os.getloadavg(), "versions": versions}


def _print_table(stacks: dict[str, dict[str, Any]]) -> None:
    columns = [one for one in next(iter(stacks.values())) if one != "version"]
    print(" ".join([f"{'stack':24}", *(f"{column:>12}" for column in columns)]))
    for name, one in stacks.items():
        title = f"{name} {one['version']}"
        print(" ".join([f"{title:24}", *(f"{one[column]:>12}" for column in columns)]))


if __name__ == "__main__":
    sys.exit(main())
