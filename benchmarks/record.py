"""What recording costs, against a bare script that makes the same calls in the same stack.

`python -m benchmarks.record --format json` prints one JSON object. Each program is recorded, and
done by a bare script (`bare.js` in a page of its own, `bare_STACK.py`), which observes nothing:
no listeners, no readings, nothing sent before its end. It has its own interpreter of programs;
shared with the recorder is how one call is made, how tracks and streams are, how texts are edited,
and the waits: methods.js, media.js, edits.js, settling.js, and their counterparts in `adapters`.

The waits for quiet are made on both sides, as without them other calls would be made, and are then
taken out on both sides: what passes between the last thing that was done (a call, a settlement;
for the recorder, anything observed) and the end of the wait. Seconds are wall clock:

* `bare_seconds` is measured inside of the stack: tracks, peer connections, calls, close.
* `recording_seconds` is measured here, from a program to its trace on the disk, with the way there
  and back. As traces are written during the waits, too, all CPU time of this process between the
  first line and the end of the last wait (`writing_seconds`) is added, although what was written
  outside of the waits is then counted twice: the ratio is an upper bound.

Programs take turns on both sides, in several rounds, as the machine may be busy with something
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
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.stacks.browsers import FAMILIES, browser
from negotiation.conformance.stacks.links import Link
from negotiation.conformance.stacks.pages import PageLink
from negotiation.conformance.stacks.preparing import prepared
from negotiation.conformance.stacks.processes import ProgramLink
from negotiation.conformance.stacks.registry import STACKS, StackRow, available, row
from negotiation.conformance.stacks.server import PageServer
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

from .machine import machine, say, version

HERE = Path(__file__).parent
LIMIT = 3.0
ROUNDS = 3
COUNTED = {Call: "calls", Throw: "thrown", Resolve: "fulfilled", Reject: "rejected"}

Done = dict[str, int]
"""What was done with a program: calls, and how they ended."""


def has_bare_script(stack: StackRow) -> bool:
    """Whether there is one for the stack."""
    return stack.kind == "browser" or stack.name == "wrtc"


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
    programs = _chosen(given.programs)
    stacks = {each.name: asyncio.run(measured(each, programs, given.rounds)) for each in rows}
    if given.format == "json":
        told = {"limit": given.limit, "rounds": given.rounds, "stacks": stacks, **_conditions()}
        print(json.dumps(told, indent=2))
    else:
        _print_table(stacks)
    return 0 if stacks and all(one["ratio"] <= given.limit for one in stacks.values()) else 1


def _chosen(count: int | None) -> list[Program]:
    every = [load(name) for name in names()]
    if count is None or count >= len(every):
        return every
    return [every[index * len(every) // count] for index in range(count)]


class Taken(msgspec.Struct):
    """The times that one program took, in seconds, one for each round."""

    recording: list[float] = []
    writing: list[float] = []
    bare: list[float] = []
    calls: int = 0
    differs: str = ""


async def measured(stack: StackRow, programs: Sequence[Program], rounds: int) -> dict[str, Any]:
    """The figures of one stack."""
    taken = {program.name: Taken() for program in programs}
    unsupported: list[str] = []
    async with AsyncExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory(prefix="negotiation-"))
        recordings = running.enter_context(Recordings(Path(folder)))
        session = await running.enter_async_context(Session(stack))
        bare = await running.enter_async_context(_bare(stack))
        warming = Taken()
        for warm in programs[: min(5, len(programs))]:
            await _take(session, recordings, bare, warm, warming, 0)
        for number in range(rounds):
            for index, program in enumerate(programs):
                say(f"{stack.name}, round {number + 1}: {index + 1} of {len(programs)} programs")
                one = taken[program.name]
                supported = await _take(session, recordings, bare, program, one, number + index)
                if not supported and number == 0:
                    unsupported.append(program.name)
    left = {name: one for name, one in taken.items() if name not in unsupported}
    differing = {name: one.differs for name, one in left.items() if one.differs}
    return {
        "version": stack.stack().version,
        **_figures([one for name, one in left.items() if name not in differing]),
        "unsupported": len(unsupported),
        "differing": differing,
    }


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


async def _take(
    session: Session,
    recordings: Recordings,
    bare: Link,
    program: Program,
    taken: Taken,
    turn: int,
) -> bool:
    """Does a program on both sides, the bare one first in odd turns. False: it is unsupported."""
    done: list[Done] = []
    if turn % 2 and not taken.recording:
        turn += 1  # the recorder tells whether the program is supported
    for side in (turn, turn + 1):
        if side % 2:
            done.append(await _done_bare(bare, program, taken))
            continue
        recorded = await _recorded(session, recordings, program, taken)
        if recorded is None:
            return False
        done.append(recorded)
        taken.calls = recorded["calls"]
    if done[0] != done[1]:
        recorded, bared = done if turn % 2 == 0 else done[::-1]
        taken.differs = f"recorded {recorded}, bare {bared}"
    return True


async def _recorded(
    session: Session, recordings: Recordings, program: Program, taken: Taken
) -> Done | None:
    spent: list[float] = []

    def take(of: Program, line: Line) -> None:
        if isinstance(line, Header | Idle):
            spent.append(time.process_time())
        recordings.take(of.name, line)

    began = time.perf_counter()
    recording = await session.run(program, take)
    recordings.finish()
    seconds = time.perf_counter() - began
    if recording.outcome is Outcome.UNSUPPORTED:
        return None
    if recording.outcome is not Outcome.COMPLETE:
        raise SystemExit(f"{program.name}: {recording.outcome}: {recording.detail}")
    taken.recording.append(seconds - waits(recording.lines))
    taken.writing.append(spent[-1] - spent[0])
    done = dict.fromkeys(COUNTED.values(), 0)
    for line in recording.lines:
        if type(line) in COUNTED:
            done[COUNTED[type(line)]] += 1
    return done


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


async def _done_bare(bare: Link, program: Program, taken: Taken) -> Done:
    await bare.send(msgspec.json.encode(prepared(program)).decode())
    done = json.loads(await bare.receive())
    if "failed" in done:
        raise SystemExit(f"{program.name}: the bare script failed: {done['failed']}")
    taken.bare.append(done.pop("seconds"))
    counts: Done = done
    return counts


@asynccontextmanager
async def _bare(stack: StackRow) -> AsyncIterator[Link]:
    """A second instance of the stack, in which the bare script runs."""
    executable = stack.located()
    async with AsyncExitStack() as running:
        link: Link
        if stack.kind == "browser":
            server = await running.enter_async_context(_BareServer())
            link = PageLink(browser(executable, FAMILIES[stack.family], server.address), server)
        elif (HERE / f"bare_{stack.name}.py").is_file():
            link = ProgramLink((str(executable), str(HERE / f"bare_{stack.name}.py")))
        else:
            raise SystemExit(f"there is no bare script for {stack.title}")
        await running.enter_async_context(link)
        await link.first()
        yield link


class _BareServer(PageServer):
    """Serves the recorder's page with another script."""

    def __init__(self) -> None:
        super().__init__()
        self._contents = {**self._contents, "page.js": (HERE / "bare.js").read_bytes()}


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
