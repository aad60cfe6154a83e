"""Trials: whether an adapter keeps to the recorder protocol, rule by rule.

The rules are in `protocol_rules`. Some are looked at in whatever the adapter tells, others by doing
to it what may happen in a long recording. An adapter that hangs or dies loses that check, and goes
on with the next one in a fresh process; whatever it started is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec.structs import replace

from ..programs.language import Program
from ..traces.format import VERSION, Clock, Header, Peer, Stack
from .auditing import audited
from .links import LinkClosedError, StackError
from .measuring import descendants
from .parts import Part
from .preparing import prepared
from .processes import ProgramLink
from .protocol_rules import CHECKS, Check
from .registry import version_told
from .taking import Outcome, Taker
from .trial_programs import INTERRUPTED, programs
from .wire import (
    Began,
    Command,
    Did,
    Ended,
    Failed,
    Hello,
    Options,
    Order,
    ProtocolError,
    decoded,
)

MOST_OBSERVATIONS = 10_000
"""Observations of one program beyond which it is a flood: they have a few hundred at most."""

MOST_PROBLEMS = 20
"""What is wrong with one program after which the rest of it is not looked at."""

MOST_PROCESSES = 2
"""Processes in which programs are tried: if the second fails too, the others would."""

_OPTIONS = Options(patience=1000.0)
_NO_CALL = "noSuchCall"
_PAUSE = 0.5
"""Seconds for which a conducted adapter must not do anything by itself."""
_DYING = 10.0
"""Seconds that what was killed may take to be gone."""
_GLANCE = 0.02
_MALFORMED = ('{"program": 3}', "this is not JSON")


class Result(msgspec.Struct, frozen=True):
    """What came of a check: `problems`, or None where it could not be tried, for that `reason`."""

    check: Check
    problems: tuple[str, ...] | None = ()
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether it was tried and nothing is wrong."""
        return self.problems == ()


class Adapter(msgspec.Struct, frozen=True):
    """A command to be tried; each wait for it is bounded by `timeout` seconds."""

    command: tuple[str, ...]
    timeout: float = 30.0
    at: str | None = None


class _Conversation:
    """One process of the adapter, and the problems with what it tells."""

    def __init__(self, adapter: Adapter, link: ProgramLink, problems: _Problems) -> None:
        self.link = link
        self._timeout = adapter.timeout
        self._problems = problems
        self._resolution = 0.0

    async def hello(self) -> None:
        """Waits for hello; a StackError tells what came instead."""
        try:
            async with asyncio.timeout(self._timeout):
                said = decoded(await self.link.first())
        except TimeoutError:
            words = self.link.last_words() or "nothing"
            told = f"it said no hello within {self._timeout:g} s; it said: {words}"
            raise StackError(told) from None
        except ProtocolError as error:
            raise StackError(f"its first line is no message: {error}") from error
        if not isinstance(said, Hello):
            raise StackError(f"its first message is {said.__struct_config__.tag}, not hello")
        if not said.agent:
            raise StackError("`agent` is empty: name the stack and its version")
        self._resolution = said.resolution

    async def run(self, program: Program, order: Order | None = None, failures: int = 0) -> Taker:
        """Gives an order and takes what comes; so many `failed` before it belong to others."""
        ordered = order or prepared(program, _OPTIONS)
        taker = self._taker(program)
        try:
            async with asyncio.timeout(self._timeout):
                await self.link.send(msgspec.json.encode(ordered).decode())
                while taker.outcome is None and self._problems.of_one < MOST_PROBLEMS:
                    await self._take(taker, program.name)
                    if failures and _has_refused(taker):
                        taker, failures = self._taker(program), failures - 1
        except TimeoutError:
            taker.end(Outcome.HUNG, f"it did not end within {self._timeout:g} s")
        except LinkClosedError as error:
            taker.end(Outcome.DIED, str(error))
        self._problems.of_one = 0
        return taker

    async def _take(self, taker: Taker, program: str) -> None:
        try:
            taker.take(decoded(await self.link.receive()))
        except ProtocolError as error:
            self._problems.add(error.about, f"{error} (in {program})")

    def _taker(self, program: Program) -> Taker:
        clock = Clock(self._resolution)
        peer = Peer(Stack("adapter"), recorder="adapter", clock=clock, configuration={})
        peers = dict.fromkeys(program.peers, peer)
        header = Header("negotiation-trace", VERSION, "1970-01-01", peers, program=program.name)
        return Taker(program, header, most=MOST_OBSERVATIONS)


def _has_refused(taker: Taker) -> bool:
    """Whether an order was refused: the header and the mark are all that there is to tell."""
    is_refusal = taker.outcome in (Outcome.FAILED, Outcome.UNSUPPORTED)
    return is_refusal and len(taker.lines) <= 2


class _Problems:
    """What is wrong, by check; `of_one` counts those of the program that runs.

    `runs` is a program that the adapter ran to its end.
    """

    def __init__(self) -> None:
        self.runs: Program | None = None
        self.found: dict[str, list[str]] = defaultdict(list)
        self.of_one = 0
        self.untried: dict[str, str] = {}

    def add(self, check: str, what: str) -> None:
        """Adds one, unless it is known or there are many of its kind."""
        self.of_one += 1
        known = self.found[check]
        if what not in known and len(known) < MOST_PROBLEMS:
            known.append(what)

    def results(self) -> Iterator[Result]:
        """What came of all checks."""
        for check in CHECKS:
            if check.id in self.untried and not self.found.get(check.id):
                yield Result(check, None, self.untried[check.id])
            else:
                yield Result(check, tuple(self.found.get(check.id, ())))


async def tried(adapter: Adapter) -> list[Result]:
    """Tries an adapter: what came of each check, in their order."""
    problems = _Problems()
    if not await asyncio.to_thread(version_told, adapter.command):
        problems.add("version", "it did not print a version with --version")
    try:
        async with _started(adapter, problems):
            pass
    except StackError as error:
        problems.add("hello", str(error))
        for check in CHECKS[CHECKS.index(_check("runs")) :]:
            problems.untried[check.id] = "it does not say hello"
        return list(problems.results())
    await _run_programs(adapter, problems)
    for id, way in _WAYS.items():
        if problems.runs is None:
            problems.untried[id] = "it runs no program to its end"
            continue
        try:
            await way(adapter, problems, problems.runs)
        except (StackError, LinkClosedError, ProtocolError, TimeoutError) as error:
            problems.add(id, str(error) or f"it does nothing for {adapter.timeout:g} s")
    return list(problems.results())


def _check(id: str) -> Check:
    return next(each for each in CHECKS if each.id == id)


@asynccontextmanager
async def _started(adapter: Adapter, problems: _Problems) -> AsyncIterator[_Conversation]:
    async with ProgramLink(adapter.command, adapter.at) as link:
        conversation = _Conversation(adapter, link, problems)
        await conversation.hello()
        yield conversation


async def _run_programs(adapter: Adapter, problems: _Problems) -> None:
    """Runs programs, one after the other in one process, or another one if that fails once."""
    left = list(programs())[::-1]
    processes = supported = 0
    while left and processes < MOST_PROCESSES:
        processes += 1
        async with _started(adapter, problems) as conversation:
            while left:
                program = left.pop()
                order = prepared(program, _OPTIONS)
                taker = await conversation.run(program, order)
                supported += taker.outcome is not Outcome.UNSUPPORTED
                settles = sum(bool(step.get("settle")) for step in order.program["steps"])
                for about, what in audited(taker, settles):
                    problems.add(about, f"{what} (in {taker.name})")
                if taker.outcome is Outcome.COMPLETE:
                    problems.runs = problems.runs or program
                elif taker.outcome is not Outcome.UNSUPPORTED:
                    told = taker.detail or f"more than {MOST_PROBLEMS} things are wrong with it"
                    problems.add("runs", f"{told} (in {taker.name})")
                    break
    problems.of_one = 0
    if not supported:
        names = ", ".join(program.name for program in programs())
        problems.add("runs", f"it supports none of {names}")


async def _unsupported(adapter: Adapter, problems: _Problems, program: Program) -> None:
    told = {"peer": "A", "do": [{"call": _NO_CALL}]}
    order = prepared(program, _OPTIONS)
    order.program["steps"] = [told, *order.program["steps"]]
    async with _started(adapter, problems) as conversation:
        taker = await conversation.run(program, order)
        if taker.outcome is not Outcome.UNSUPPORTED:
            problems.add("unsupported", f"a program that calls {_NO_CALL}: {_ended(taker)}")
        elif _NO_CALL not in taker.detail:
            problems.add("unsupported", f"`what` names {taker.detail or 'nothing'}, not {_NO_CALL}")
        else:
            await _goes_on(conversation, problems, "unsupported", program)


async def _malformed(adapter: Adapter, problems: _Problems, program: Program) -> None:
    async with _started(adapter, problems) as conversation:
        for line in _MALFORMED:
            await conversation.link.send(line)
        await _goes_on(conversation, problems, "malformed", program, failures=len(_MALFORMED))


async def _interrupted(adapter: Adapter, problems: _Problems, program: Program) -> None:
    async with _started(adapter, problems) as conversation:
        taker = await conversation.run(INTERRUPTED)
        if taker.outcome is Outcome.UNSUPPORTED:
            problems.untried["interrupted"] = f"it does not support {taker.detail}"
        elif taker.outcome is not Outcome.COMPLETE:
            problems.add("interrupted", f"{_ended(taker)} (in {taker.name})")
        else:
            await _goes_on(conversation, problems, "interrupted", program)


async def _conducted(adapter: Adapter, problems: _Problems, program: Program) -> None:
    part = Part(program, program.peers[0])
    order = replace(prepared(part.program, _OPTIONS), conducted=True)
    async with _started(adapter, problems) as conversation:
        link = conversation.link
        await link.send(msgspec.json.encode(order).decode())
        said = decoded(await _in_time(adapter, link))
        if not isinstance(said, Began):
            problems.add("conducted", f"it did not say began but {said.__struct_config__.tag}")
            return
        try:
            async with asyncio.timeout(_PAUSE):
                await link.receive()
        except TimeoutError:
            pass
        else:
            problems.untried["conducted"] = "it begins by itself, and can only be recorded alone"
            return
        for command, ends in ((Command(step=0), Did), (Command(end=True), Ended)):
            await link.send(msgspec.json.encode(command).decode())
            while not isinstance(said := decoded(await _in_time(adapter, link)), ends):
                if isinstance(said, Did | Ended | Failed):
                    told = (
                        f"it said {said.__struct_config__.tag} instead of {ends.__name__.lower()}"
                    )
                    problems.add("conducted", told)
                    return


async def _in_time(adapter: Adapter, link: ProgramLink) -> bytes:
    async with asyncio.timeout(adapter.timeout):
        return await link.receive()


async def _goes_on(
    conversation: _Conversation,
    problems: _Problems,
    check: str,
    program: Program,
    failures: int = 0,
) -> None:
    taker = await conversation.run(program, failures=failures)
    if taker.outcome is not Outcome.COMPLETE:
        problems.add(check, f"the next program, {taker.name}: {_ended(taker)}")


def _ended(taker: Taker) -> str:
    return f"{taker.outcome or 'nonsense'}" + (f": {taker.detail}" if taker.detail else "")


async def _input_ends(adapter: Adapter, problems: _Problems, program: Program) -> None:
    async with _started(adapter, problems) as conversation:
        await conversation.run(program)
        await _must_exit(adapter, conversation, problems, "input-ends", codes=(0,))


async def _input_ends_early(adapter: Adapter, problems: _Problems, program: Program) -> None:
    async with _started(adapter, problems) as conversation:
        slow = Options(quiet=4000.0 * adapter.timeout)
        order = prepared(program, slow)
        await conversation.link.send(msgspec.json.encode(order).decode())
        async with asyncio.timeout(adapter.timeout):
            await conversation.link.receive()
        await _must_exit(adapter, conversation, problems, "input-ends-early")


async def _must_exit(
    adapter: Adapter,
    conversation: _Conversation,
    problems: _Problems,
    check: str,
    codes: Sequence[int] = (),
) -> None:
    child = conversation.link.child
    conversation.link.finish()
    reading = asyncio.create_task(_drain(conversation.link))  # a full pipe is no reason to stay
    code = await child.exit(adapter.timeout)
    reading.cancel()
    if code is None:
        problems.add(check, f"it is still there {adapter.timeout:g} s after its input ended")
    elif codes and code not in codes:
        words = child.last_words() or "nothing"
        problems.add(check, f"it exited with {code}; it said: {words}")


async def _drain(link: ProgramLink) -> None:
    try:
        while True:
            await link.receive()
    except (LinkClosedError, ProtocolError):
        return


async def _leaves_nothing(adapter: Adapter, problems: _Problems, program: Program) -> None:
    if not Path("/proc/self/stat").exists():
        problems.untried["leaves-nothing"] = "processes cannot be looked at here"
        return
    async with _started(adapter, problems) as conversation:
        await conversation.run(program)
        started = descendants(conversation.link.process)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DYING):  # what was just killed takes a moment to be gone
            while any(each.lives() for each in started):
                await asyncio.sleep(_GLANCE)
    for each in started:
        if each.lives():
            problems.add("leaves-nothing", f"process {each.id} outlived it: {each.name}")
            each.kill()


_WAYS: dict[str, Callable[[Adapter, _Problems, Program], Awaitable[None]]] = {
    "unsupported": _unsupported,
    "malformed": _malformed,
    "interrupted": _interrupted,
    "conducted": _conducted,
    "input-ends": _input_ends,
    "input-ends-early": _input_ends_early,
    "leaves-nothing": _leaves_nothing,
}
