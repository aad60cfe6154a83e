"""What recording costs, against a bare script that makes the same calls in the same stack.

`python -m benchmarks.record --format json` prints one JSON object. Each program is recorded, and
done by a bare script (`bare`), which observes nothing: no readings, nothing sent before its end, of
events the time alone. It has its own interpreter of programs; shared with the recorder is how one
call is made, how tracks and streams are, how texts are edited, and the waits: methods.js, media.js,
edits.js, settling.js, and their counterparts in `adapters`.

The waits for quiet are made on both sides, as without them other calls would be made, and are then
taken out on both sides: what passes between the last thing that was done or told (a call, a
settlement, an event) and the end of the wait. Seconds are wall clock:

* `bare_seconds` is measured inside of the stack: tracks, peer connections, calls, close.
* `recording_seconds` is measured here, from a program to its trace on the disk, with the way there
  and back. As traces are written during the waits, too, all CPU time of this process between the
  first line and the end of the last wait (`writing_seconds`) is added, although what was written
  outside of the waits is then counted twice: the ratio is an upper bound.

Programs are those that the stack supports, which are found out in a first round that counts for
nothing. They take turns on both sides, in several rounds, as the machine may be busy with something
else; a program's time is the median. Programs that did not do the same on both sides (calls,
exceptions, rejections, fulfilments) are named, and count on neither.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec

from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.stacks.links import Link
from negotiation.conformance.stacks.preparing import prepared
from negotiation.conformance.stacks.registry import STACKS, StackRow, available, row
from negotiation.conformance.stacks.session import Outcome, Session
from negotiation.conformance.traces.format import (
    Call,
    Header,
    Idle,
    Line,
    Mark,
    Observation,
    Reject,
    Resolve,
    Throw,
)
from negotiation.conformance.traces.recordings import Recordings

from .bare import bare, has_bare_script
from .machine import machine, say, version

LIMIT = 3.0
ROUNDS = 3
COUNTED = {Call: "calls", Throw: "thrown", Resolve: "fulfilled", Reject: "rejected"}

Done = dict[str, int]
"""What was done with a program: calls, and how they ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.record", description=__doc__)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--stack",
        nargs="+",
        metavar="NAME",
        choices=[each.name for each in STACKS],
        help="all that are here and have a bare script, if left out",
    )
    parser.add_argument("--programs", type=int, metavar="N", help="so many, evenly chosen (all)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"({ROUNDS})")
    parser.add_argument("--limit", type=float, default=LIMIT, help=f"the highest ratio ({LIMIT})")
    given = parser.parse_args(arguments)
    rows = [row(name) for name in given.stack or ()] or list(filter(has_bare_script, available()))
    programs = spread([load(name) for name in names()], given.programs)
    count = given.programs or len(programs)
    measuring = (measured(each, programs, count, given.rounds) for each in rows)
    stacks = {each.name: asyncio.run(one) for each, one in zip(rows, measuring, strict=True)}
    if given.format == "json":
        told = {"limit": given.limit, "rounds": given.rounds, "stacks": stacks, **_conditions()}
        print(json.dumps(told, indent=2))
    else:
        _print_table(stacks)
    return 0 if stacks and all(one["ratio"] <= given.limit for one in stacks.values()) else 1


def spread(programs: Sequence[Program], count: int | None) -> list[Program]:
    """All of them, in an order of which the first so many are evenly chosen, as are the next."""
    places = range(len(programs))
    return [programs[at] for at in sorted(places, key=lambda at: at * (count or 0) % len(places))]


class Taken(msgspec.Struct):
    """The times that one program took, in seconds, one for each round."""

    recording: list[float] = []
    writing: list[float] = []
    bare: list[float] = []
    calls: int = 0
    differs: str = ""


async def measured(
    stack: StackRow, programs: Iterable[Program], count: int, rounds: int
) -> dict[str, Any]:
    """The figures of one stack, for the first so many programs that it supports."""
    async with AsyncExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory(prefix="negotiation-"))
        recordings = running.enter_context(Recordings(Path(folder)))
        session = await running.enter_async_context(Session(stack))
        link = await running.enter_async_context(bare(stack))
        sides = Sides(session, recordings, link)
        chosen, unsupported = await _supported(sides, programs, count)
        taken = {program.name: Taken() for program in chosen}
        for number in range(rounds):
            say(f"{stack.name}: round {number + 1} of {rounds}, {len(chosen)} programs")
            for index, program in enumerate(chosen):
                await sides.take(program, taken[program.name], number + index)
    differing = {name: one.differs for name, one in taken.items() if one.differs}
    return {
        "version": stack.stack().version,
        **_figures([one for one in taken.values() if not one.differs]),
        "unsupported": unsupported,
        "differing": differing,
    }


async def _supported(
    sides: Sides, programs: Iterable[Program], count: int
) -> tuple[list[Program], int]:
    """The first so many that the stack supports, and how many before the last of them it does not.

    Each of them is done once on both sides, which warms both up.
    """
    chosen: list[Program] = []
    unsupported = 0
    say("warming up")
    for program in programs:
        if len(chosen) == count:
            break
        if await sides.take(program, Taken(), 0):
            chosen.append(program)
        else:
            unsupported += 1
    return chosen, unsupported


def _figures(taken: Sequence[Taken]) -> dict[str, Any]:
    recording = sum(statistics.median(one.recording) for one in taken)
    writing = sum(statistics.median(one.writing) for one in taken)
    bare = sum(statistics.median(one.bare) for one in taken)
    return {
        "programs": len(taken),
        "calls": sum(one.calls for one in taken),
        "recording_seconds": round(recording + writing, 3),
        "writing_seconds": round(writing, 3),
        "bare_seconds": round(bare, 3),
        "ratio": round((recording + writing) / bare, 2) if bare else float("inf"),
    }


class Sides:
    """The recorder and the bare script, each in an instance of the stack."""

    def __init__(self, session: Session, recordings: Recordings, link: Link) -> None:
        self._session = session
        self._recordings = recordings
        self._link = link

    async def take(self, program: Program, taken: Taken, turn: int) -> bool:
        """Does a program on both, the bare one first in odd turns. False: it is unsupported."""
        done: dict[bool, Done] = {}
        for is_bare in (turn % 2 == 1, turn % 2 == 0):
            one = await (self._bare if is_bare else self._recorded)(program, taken)
            if one is None:
                return False
            done[is_bare] = one
        taken.calls = done[False]["calls"]
        if done[False] != done[True]:
            taken.differs = f"recorded {done[False]}, bare {done[True]}"
        return True

    async def _recorded(self, program: Program, taken: Taken) -> Done | None:
        spent: list[float] = []

        def take(of: Program, line: Line) -> None:
            if isinstance(line, Header | Idle):
                spent.append(time.process_time())
            self._recordings.take(of.name, line)

        began = time.perf_counter()
        recording = await self._session.run(program, take)
        self._recordings.finish()
        seconds = time.perf_counter() - began
        if recording.outcome is Outcome.UNSUPPORTED:
            return None
        if recording.outcome in (Outcome.DIED, Outcome.HUNG):
            print(f"left out: {program.name}: {recording.outcome}", file=sys.stderr)
            return None  # what a stack dies of has no time that could be compared
        if recording.outcome is not Outcome.COMPLETE:
            raise SystemExit(f"{program.name}: {recording.outcome}: {recording.detail}")
        taken.recording.append(seconds - waits(recording.lines))
        taken.writing.append(spent[-1] - spent[0])
        done = dict.fromkeys(COUNTED.values(), 0)
        for line in recording.lines:
            if type(line) in COUNTED:
                done[COUNTED[type(line)]] += 1
        return done

    async def _bare(self, program: Program, taken: Taken) -> Done | None:
        await self._link.send(msgspec.json.encode(prepared(program)).decode())
        done = json.loads(await self._link.receive())
        if "failed" in done:
            raise SystemExit(f"{program.name}: the bare script failed: {done['failed']}")
        taken.bare.append(done.pop("seconds"))
        counts: Done = done
        return counts


def waits(lines: Iterable[Line]) -> float:
    """The seconds between the last observation and the end of a wait, for all waits.

    A wait for quiet is told by one idle for each peer; only reading is between these. A step that
    is given up is told by a mark.
    """
    waited, last, first_peer = 0.0, 0.0, ""
    for line in lines:
        match line:
            case Header(peers=peers):
                first_peer = next(iter(peers))
            case Idle(peer=peer, quiet=quiet) if peer == first_peer:
                waited += quiet
            case Mark(text=text, t=now) if text.startswith("step abandoned"):
                waited += now - last
        if isinstance(line, Observation):
            last = line.t
    return waited / 1000


def _conditions() -> dict[str, Any]:
    versions = {"python": platform.python_version()}
    versions |= {name: version(name) for name in ("negotiation", "msgspec", "websockets")}
    return {"machine": machine(), "load": os.getloadavg(), "versions": versions}


def _print_table(stacks: dict[str, dict[str, Any]]) -> None:
    columns = ("programs", "calls", "recording_seconds", "bare_seconds", "ratio")
    print(" ".join([f"{'stack':24}", *(f"{column:>18}" for column in columns)]))
    for name, one in stacks.items():
        title = f"{name} {one['version']}"
        print(" ".join([f"{title:24}", *(f"{one[column]:>18}" for column in columns)]))
        for program, how in one["differing"].items():
            print(f"  not the same: {program}: {how}")


if __name__ == "__main__":
    sys.exit(main())
