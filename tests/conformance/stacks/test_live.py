"""The recorder in real browsers: what it writes, and that it writes the same thing twice."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alike import normalised, observations

from negotiation.conformance.programs.language import Do, Program, Step
from negotiation.conformance.programs.library import load
from negotiation.conformance.stacks.browsers import FAMILIES, browser
from negotiation.conformance.stacks.recording import LiveStack, Outcome, Recording, Settings
from negotiation.conformance.stacks.registry import STACKS, MissingStackError, StackRow, page_row
from negotiation.conformance.stacks.registry import row as registered
from negotiation.conformance.stacks.wire import Options
from negotiation.conformance.traces.format import (
    Call,
    Event,
    Header,
    Idle,
    Line,
    Mark,
    Reject,
    Resolve,
    Return,
    Sdp,
    Send,
    Throw,
)

pytestmark = pytest.mark.live

Recorded = Callable[[str], Recording]

FOLDER = Path(__file__).parent / "programs"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.json"))
NOT_AS_SPECIFIED = {
    "promises after close": ("werift",),
    "names of errors": ("werift", "roamhq-wrtc"),
}
"""What a recording cannot show with these stacks, as they are known to depart in it."""


def named(name: str) -> Program:
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=Program)


WHOLE = [row for row in STACKS if row.profile in ("page", "asyncio")]
"""The stacks that have all that these tests ask for; others have tests of their own."""


@pytest.fixture(scope="module", params=WHOLE, ids=lambda row: row.name)
def row(request: pytest.FixtureRequest) -> StackRow:
    found: StackRow = request.param
    if found.executable() is None:
        pytest.skip(f"{found.title} is not here: {found.install}")
    return found


@pytest.fixture(scope="module")
def live(row: StackRow) -> Iterator[LiveStack]:
    with LiveStack(row) as running:
        yield running


def skip_where_it_departs(row: StackRow, what: str) -> None:
    if row.name in NOT_AS_SPECIFIED[what]:
        pytest.skip(f"{row.title} is not as specified: {what}")


def told(recording: Recording) -> list[dict[str, Any]]:
    return normalised(line for line in recording.lines if not isinstance(line, Header))


@pytest.fixture(scope="module")
def recorded(live: LiveStack) -> Callable[[str], Recording]:
    """The recording of the program of that name, made once for each stack."""

    @functools.cache
    def record(name: str) -> Recording:
        recording = live.run(named(name))
        if recording.outcome is Outcome.UNSUPPORTED:
            pytest.skip(f"unsupported here: {recording.detail}")
        return recording

    return record


@pytest.mark.parametrize("name", PROGRAMS)
def test_runs_repeat_themselves(live: LiveStack, recorded: Recorded, name: str) -> None:
    first, second = recorded(name), live.run(named(name))
    assert (first.outcome, first.detail) == (Outcome.COMPLETE, "")
    assert told(first) == told(second)


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_trace_is_well_formed(recorded: Recorded, name: str) -> None:
    recording = recorded(name)
    header, seen = recording.lines[0], observations(recording)
    assert isinstance(header, Header)
    assert set(header.peers) == set(recording.program.peers)
    assert [each.n for each in seen] == list(range(1, len(seen) + 1))
    assert [each.t for each in seen] == sorted(each.t for each in seen)
    for each in seen:
        read_with = isinstance(each, Return | Throw | Resolve | Reject | Event | Idle)
        assert (each.state is not None) == read_with
    assert all(each.canary for each in seen if isinstance(each, Idle))


@pytest.mark.parametrize("name", PROGRAMS)
def test_texts_come_before_what_names_them(recorded: Recorded, name: str) -> None:
    known: set[str] = set()
    for line in recorded(name).lines:
        if isinstance(line, Sdp):
            known.add(line.id)
        elif isinstance(line, Send | Resolve) and line.description and line.description.sdp:
            assert line.description.sdp in known
        elif isinstance(line, Call) and line.args.description and line.args.description.sdp:
            assert line.args.description.sdp in known


def test_one_change_one_event(recorded: Recorded, row: StackRow) -> None:
    if row.name == "webrtcbin":
        pytest.skip("its event comes when the element starts: traces/webrtcbin/expectations.json")
    call, back, event, idle = observations(recorded("transceiver"))
    assert isinstance(call, Call)
    assert (call.method, call.args.kind, call.task) == ("addTransceiver", "audio", 1)
    assert isinstance(back, Return)
    assert (back.call, back.value, back.task) == (call.id, "t1", 1)
    assert isinstance(event, Event)
    assert (event.name, event.task) == ("negotiationneeded", None)
    assert not event.bubbles  # some stacks do not tell
    assert isinstance(idle, Idle)
    assert (idle.pending, idle.canary) == ((), True)
    assert idle.state is not None
    assert idle.state.signalingState == "stable"


def test_streams_have_the_programs_names(recorded: Recorded) -> None:
    lines = recorded("offer-answer").lines
    offer = next(line for line in lines if isinstance(line, Sdp))
    assert [set(each.msids) for each in offer.summary.sections] == [{"cam", "mix"}, {"cam"}]
    tracks = [line for line in lines if isinstance(line, Event) and line.name == "track"]
    assert [(each.peer, each.transceiver) for each in tracks] == [("B", "t1"), ("B", "t2")]
    assert [set(each.streams or ()) for each in tracks] == [{"cam", "mix"}, {"cam"}]


def test_calls_in_a_handler_are_marked(recorded: Recorded) -> None:
    seen = observations(recorded("handler"))
    calls = [each for each in seen if isinstance(each, Call)]
    assert [(each.method, each.task, each.within) for each in calls] == [
        ("addTransceiver", 1, None),
        ("addTransceiver", 1, None),
        ("setLocalDescription", None, "negotiationneeded"),
        ("createOffer", None, "signalingstatechange"),
    ]
    (sent,) = (each for each in seen if isinstance(each, Send))
    assert (sent.task, sent.within) == (None, None)


def test_operations_that_never_settle_are_pending(row: StackRow, recorded: Recorded) -> None:
    skip_where_it_departs(row, "promises after close")
    recording = recorded("close")
    seen = observations(recording)
    last = seen[-1]
    assert isinstance(last, Idle)
    calls = {each.id: each.method for each in seen if isinstance(each, Call)}
    pending = [calls[each] for each in last.pending]
    assert pending == ["createOffer", "setLocalDescription"]


def test_an_awaited_promise_that_never_settles_ends_its_step(
    row: StackRow, recorded: Recorded
) -> None:
    skip_where_it_departs(row, "promises after close")
    seen = observations(recorded("close-while-awaiting"))
    marks = [each.text for each in seen if isinstance(each, Mark)]
    assert marks == ["step abandoned: an awaited promise did not settle"]


def test_errors_have_their_names(row: StackRow, recorded: Recorded) -> None:
    skip_where_it_departs(row, "names of errors")
    seen = observations(recorded("errors"))
    errors = [each.error for each in seen if isinstance(each, Throw | Reject)]
    assert errors[:2] == ["InvalidStateError", "OperationError"]
    assert "InvalidModificationError" in errors


@pytest.mark.parametrize("how", [Outcome.HUNG, Outcome.DIED])
def test_a_stack_that_stops_is_started_again(row: StackRow, how: Outcome) -> None:
    began = threading.Event()
    # So long a quiet that the program cannot be over before the stop comes.
    with LiveStack(row, Settings(timeout=6.0, options=Options(quiet=1000.0))) as live:
        live.run(named("transceiver"))
        process = live.process
        assert process is not None

        def out(program: Program, line: Line) -> None:
            if isinstance(line, Call) and not began.is_set():
                began.set()
                os.killpg(process, signal.SIGSTOP if how is Outcome.HUNG else signal.SIGKILL)

        cut = live.run(named("transceiver"), out)
        assert cut.outcome is how
        last = cut.lines[-1]
        assert isinstance(last, Mark)
        assert last.trouble == how.value
        assert live.run(named("transceiver")).outcome is Outcome.COMPLETE


def test_nothing_is_left_behind(row: StackRow, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(tempfile.mkdtemp())  # tmp_path would be too long for Chromium's socket
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    with LiveStack(row) as live:
        live.run(named("transceiver"))
        process = live.process
        assert list(folder.iterdir())
    folder.rmdir()
    assert process is not None
    deadline = time.monotonic() + 5
    while group_lives(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not group_lives(process)


def group_lives(process: int) -> bool:
    try:
        os.killpg(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_browser_that_somebody_opens(row: StackRow) -> None:
    """A page that was given up opens itself again, so that nobody has to look after it."""
    if row.kind != "browser":
        pytest.skip("no page can be opened in it")
    opened: list[str] = []
    with asyncio.Runner() as runner, contextlib.ExitStack() as closing:

        def announce(address: str) -> None:
            if not opened:
                somewhere = browser(row.located(), FAMILIES[row.family], address)
                runner.run(somewhere.__aenter__())
                closing.callback(lambda: runner.run(somewhere.__aexit__(None, None, None)))
            opened.append(address)

        # The browser is started from another thread's loop, as this one is busy with the page.
        settings = Settings(timeout=6.0, announce=lambda address: in_thread(announce, address))
        with LiveStack(page_row("any", "127.0.0.1:0"), settings) as live:
            assert live.run(named("transceiver")).outcome is Outcome.COMPLETE
            slow = Settings(timeout=0.2, options=Options(quiet=5000.0))
            live._session._settings = slow
            assert live.run(named("offer-answer")).outcome is Outcome.CUT
            live._session._settings = settings
            assert live.run(named("transceiver")).outcome is Outcome.COMPLETE
    assert len(opened) == 2


def in_thread(body: Callable[[str], None], address: str) -> None:
    thread = threading.Thread(target=body, args=[address])
    thread.start()
    thread.join()


def test_an_old_browser_says_what_it_lacks() -> None:
    try:
        old = registered("chromium@72")
    except MissingStackError as error:
        pytest.skip(str(error))
    library = {name: load(name) for name in ("rollback-at-both-ends", "first-change")}
    with LiveStack(old) as live:
        lacking = live.run(library["rollback-at-both-ends"])
        assert lacking.outcome is Outcome.UNSUPPORTED
        assert lacking.detail == "setLocalDescription(), rollback"
        seen = live.run(library["first-change"])
        assert seen.outcome is Outcome.COMPLETE
        header = seen.lines[0]
        assert isinstance(header, Header)
        assert header.peers["A"].configuration == {"sdpSemantics": "unified-plan"}


COLLECTING = ("chromium", "qtwebengine", "werift", "wrtc")
"""Stacks whose closed connections are no more once garbage is collected, as others' may be."""

COLLECTED = Program(
    format="negotiation-program",
    version=1,
    name="collected",
    about="A closed connection is let go, and collected.",
    rule="#garbage-collection",
    area="recorder",
    steps=(
        Step("A", (Do("createOffer", wait=True), Do("close"), Do(collect=True))),
        Step(settle=True),
    ),
)


def test_the_collector_does_collect(row: StackRow, live: LiveStack) -> None:
    """Else a stack that passes the programs that collect would have shown nothing."""
    if row.name not in COLLECTING:
        pytest.skip(f"{row.title} may keep a closed connection for longer")
    recording = live.run(COLLECTED)
    assert recording.outcome is Outcome.COMPLETE
    (idle,) = [one for one in observations(recording) if isinstance(one, Idle)]
    assert idle.state is None
