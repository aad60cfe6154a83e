"""Sessions, with a stand-in for the browser: what happens when a stack behaves badly."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from tried_programs import with_steps

from negotiation.conformance.programs.language import Program
from negotiation.conformance.stacks.links import StackError
from negotiation.conformance.stacks.recording import (
    LiveStack,
    Outcome,
    Session,
    Settings,
    record,
    record_all,
)
from negotiation.conformance.stacks.registry import StackRow, row
from negotiation.conformance.traces.format import Event, Header, Line, Mark

# What a page does is told by the name of the program that it is asked to run.
STAND_IN = """#!{python}
import json, sys, time
if "--version" in sys.argv:
    print("Stand-in 1.2.3")
    raise SystemExit
from websockets.sync.client import connect
page = sys.argv[-1]
origin = page[: page.index("/", 7)]
socket = page.replace("http:", "ws:").replace("page.html", "socket")
def tell(kind, **more):
    client.send(json.dumps({{"kind": kind, **more}}))
def event(n):
    tell("event", n=n, t=n + 0.5, peer="A", name="negotiationneeded")
with connect(socket, origin=origin, proxy=None) as client:
    tell("hello", agent="stand-in", resolution=0.25)
    for message in client:
        name = json.loads(message)["program"]["name"]
        if name == "unsupported":
            tell("unsupported", what=["stop", "setStreams"])
            continue
        tell("began", streams={{}})
        event(1)
        if name == "hangs":
            time.sleep(60)
        if name == "dies":
            raise SystemExit
        if name == "babbles":
            tell("nonsense")
        if name == "breaks":
            tell("failed", error="TypeError: oops")
        tell("ended")
"""


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> StackRow:
    path = tmp_path_factory.mktemp("stack") / "stand-in"
    path.write_text(STAND_IN.format(python=sys.executable), "utf-8")
    path.chmod(0o755)
    return replace(row("chromium"), title="Stand-in", executables=(str(path),))


def named(name: str) -> Program:
    return with_steps({"settle": True}, name=name)


QUICK = Settings(timeout=2.0, start=20.0)


@pytest.mark.usefixtures("nothing_left")
def test_programs_run_one_after_the_other(stand_in: StackRow) -> None:
    told: list[tuple[str, Line]] = []
    done: list[tuple[int, int, str]] = []
    recordings = record_all(
        stand_in,
        [named("one"), named("two")],
        out=lambda program, line: told.append((program.name, line)),
        progress=lambda n, of, recording: done.append((n, of, recording.program.name)),
    )
    assert [each.outcome for each in recordings] == [Outcome.COMPLETE] * 2
    assert done == [(1, 2, "one"), (2, 2, "two")]
    assert told == [(each.program.name, line) for each in recordings for line in each.lines]


@pytest.mark.usefixtures("nothing_left")
def test_the_header_says_what_was_recorded_and_how(stand_in: StackRow) -> None:
    with LiveStack(stand_in) as live:
        header, event = live.run(named("one"), seed=7).lines
    assert isinstance(header, Header)
    assert (header.program, header.seed, list(header.peers)) == ("one", 7, ["A"])
    peer = header.peers["A"]
    assert (peer.stack.name, peer.stack.version) == ("chromium", "1.2.3")
    assert (peer.profile, peer.source, peer.clock.resolution) == ("page", "live", 0.25)
    assert peer.recorder.startswith("negotiation-page ")
    assert isinstance(event, Event)


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize(
    ("name", "outcome", "detail"),
    [
        ("hangs", Outcome.HUNG, "no end within 2 s"),
        ("dies", Outcome.DIED, "the page went away"),
        ("babbles", Outcome.FAILED, "nonsense"),
        ("breaks", Outcome.FAILED, "TypeError: oops"),
    ],
)
def test_a_bad_program_leaves_its_lines_and_a_mark(
    stand_in: StackRow, name: str, outcome: Outcome, detail: str
) -> None:
    with LiveStack(stand_in, QUICK) as live:
        first = live.process
        cut = live.run(named(name))
        assert (cut.outcome, detail in cut.detail) == (outcome, True)
        header, event, mark = cut.lines
        assert isinstance(header, Header)
        assert isinstance(event, Event)
        assert isinstance(mark, Mark)
        assert (mark.n, mark.t) == (2, event.t)
        assert (mark.trouble, mark.text) == (outcome.value, cut.detail)
        assert live.run(named("next")).outcome is Outcome.COMPLETE
        assert live.process != first


@pytest.mark.usefixtures("nothing_left")
def test_what_is_unsupported_is_told_and_has_no_lines(stand_in: StackRow) -> None:
    with LiveStack(stand_in) as live:
        before = live.run(named("one")), live.process
        recording = live.run(named("unsupported"))
        assert (recording.outcome, recording.lines) == (Outcome.UNSUPPORTED, ())
        assert recording.detail == "stop, setStreams"
        assert (before[0].outcome, before[1]) == (Outcome.COMPLETE, live.process)


@pytest.mark.usefixtures("nothing_left")
def test_recordings_come_as_they_end(stand_in: StackRow) -> None:
    async def names() -> list[str]:
        programs = [named("one"), named("two")]
        return [each.program.name async for each in record(stand_in, programs)]

    assert asyncio.run(names()) == ["one", "two"]


@pytest.mark.usefixtures("nothing_left")
def test_an_error_of_the_writer_ends_the_program_only(stand_in: StackRow) -> None:
    def full(program: Program, line: Line) -> None:
        raise OSError("no space left")

    with LiveStack(stand_in) as live:
        with pytest.raises(OSError, match="no space left"):
            live.run(named("one"), full)
        assert len(live.run(named("one")).lines) == 2


@pytest.mark.usefixtures("nothing_left")
def test_a_cancelled_session_leaves_nothing(stand_in: StackRow) -> None:
    async def run() -> None:
        async with Session(stand_in) as session:
            running = asyncio.create_task(session.run(named("hangs")))
            while session.process is None:
                await asyncio.sleep(0.01)
            process = session.process
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            assert session.process is None
            assert not group_lives(process)

    asyncio.run(run())


def group_lives(process: int) -> bool:
    try:
        os.killpg(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.usefixtures("nothing_left", "interruptible")
@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_signals_leave_nothing(
    stand_in: StackRow, number: signal.Signals, error: type[BaseException]
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    told: list[Line] = []

    def out(program: Program, line: Line) -> None:
        told.append(line)
        if isinstance(line, Event):
            threading.Timer(0.2, os.kill, (os.getpid(), number)).start()

    with pytest.raises(error), LiveStack(stand_in) as live:
        live.run(named("hangs"), out)
    assert not any(isinstance(line, Mark) for line in told)  # nobody blames the stack
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.usefixtures("nothing_left")
def test_a_stack_that_exits_at_once_tells_its_last_words(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    path.write_text("#!/bin/sh\necho cannot open display >&2; exit 3\n", "utf-8")
    path.chmod(0o755)
    broken = replace(row("chromium"), executables=(str(path),))
    with (
        LiveStack(broken) as live,
        pytest.raises(StackError, match=r"exited with 3; it said: cannot open display"),
    ):
        live.run(named("one"))


@pytest.mark.usefixtures("nothing_left")
def test_a_stack_that_never_opens_its_page_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "deaf"
    path.write_text('#!/bin/sh\n[ "$1" = --version ] || sleep 60\n', "utf-8")
    path.chmod(0o755)
    deaf = replace(row("chromium"), executables=(str(path),))
    began = time.monotonic()
    with (
        LiveStack(deaf, Settings(start=0.5)) as live,
        pytest.raises(StackError, match=r"did not open its page within 0\.5 s"),
    ):
        live.run(named("one"))
    assert time.monotonic() - began < 10
