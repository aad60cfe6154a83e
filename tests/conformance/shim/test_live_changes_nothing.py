"""The page recorder with the shim in its page, and without: in each browser it sees the same.

The recorder's page loads the shim first (`Settings.first`), so that no test runner is needed, and
Firefox is tested as Chromium is. What the shim sees goes to a WebSocket of the test's own.
"""

from __future__ import annotations

import io
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.sync.server import ServerConnection, serve

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.reports.comparing import Difference, compared
from negotiation.conformance.shim.script import ShimOptions, shim
from negotiation.conformance.stacks.recording import LiveStack, Outcome, Recording, Settings
from negotiation.conformance.stacks.registry import MissingStackError, row
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.writing import write_trace

pytestmark = pytest.mark.live

BROWSERS = ("chromium", "firefox")
SAMPLE = 20
TRIES = 6
"""Some programs depend on chance: what is the same with the shim is the same once in so many."""


def sample() -> list[str]:
    """Some twenty programs, from all over the library."""
    listed = names()
    return list(listed[:: max(1, len(listed) // SAMPLE)][:SAMPLE])


@contextmanager
def recorder(browser: str, first: str = "") -> Iterator[LiveStack]:
    """The browser with the recorder's page in it; the test is skipped where there is none."""
    try:
        row(browser).located()
    except MissingStackError as missing:
        pytest.skip(str(missing))
    with LiveStack(row(browser), Settings(timeout=30, first=first)) as live:
        yield live


def differences(
    bare: LiveStack, shimmed: LiveStack, program: Program, folder: Path
) -> tuple[Difference, ...] | None:
    """What the recorder sees otherwise with the shim, in the best of some tries.

    None where nothing can be compared: the browser has not what the program needs.
    """
    found: tuple[Difference, ...] | None = None
    for _ in range(TRIES):
        ours, theirs = shimmed.run(program), bare.run(program)
        assert ours.outcome is theirs.outcome, (program.name, ours.detail, theirs.detail)
        if not ours.lines:
            return None
        pair = compared(program.name, kept(theirs, folder / "bare"), kept(ours, folder / "shim"))
        found = tuple(pair.differences)
        if not found:
            break
    return found


def kept(recording: Recording, stem: Path) -> str:
    file = stem.with_suffix(".jsonl")
    write_trace(str(file), recording.lines)
    return str(file)


def unlike(browser: str, listed: Sequence[str], folder: Path) -> dict[str, tuple[Difference, ...]]:
    """Which of the programs differ. At least half of them have to be comparable at all."""
    told: dict[str, tuple[Difference, ...] | None] = {}
    with recorder(browser) as bare, recorder(browser, shim()) as shimmed:
        for name in listed:
            told[name] = differences(bare, shimmed, load(name), folder)
    comparable = {name: found for name, found in told.items() if found is not None}
    assert 2 * len(comparable) > len(listed), sorted(set(told) - set(comparable))
    return {name: found for name, found in comparable.items() if found}


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_sample_of_programs_is_the_same(browser: str, tmp_path: Path) -> None:
    assert unlike(browser, sample(), tmp_path) == {}


@pytest.mark.slow
@pytest.mark.parametrize("browser", BROWSERS)
def test_all_programs_are_the_same(browser: str, tmp_path: Path) -> None:
    assert unlike(browser, names(), tmp_path) == {}


CHANGES = {
    "an argument is changed": """
        const native = RTCPeerConnection.prototype.addTransceiver;
        RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
          return native.call(this, kind, {...init, direction: "recvonly"});
        };""",
}
SENSITIVE = ("unawaited-calls-settle-in-order", "order-on-return-to-stable", "first-change")


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("change", CHANGES)
def test_a_script_that_changes_something_is_seen(change: str, browser: str, tmp_path: Path) -> None:
    """The comparison can fail: what a careless shim would do is told apart.

    A promise that settles a little later is not, where nothing else happens between: the order is
    compared, not the time.
    """
    with recorder(browser) as bare, recorder(browser, CHANGES[change]) as changed:
        found = [differences(bare, changed, load(name), tmp_path) for name in SENSITIVE]
    assert any(found)


class Listener:
    """A WebSocket that keeps what pages send, a trace for each connection of a page."""

    def __init__(self) -> None:
        self.traces: dict[int, list[str]] = defaultdict(list)

    def take(self, page: ServerConnection) -> None:
        for message in page:
            told = json.loads(message)
            self.traces[told["connection"]].append(told["line"])

    @contextmanager
    def listening(self) -> Iterator[str]:
        with serve(self.take, "127.0.0.1", 0) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
            server.shutdown()

    def heard_out(self, within: float = 10) -> dict[int, list[str]]:
        """The traces, when every call that was told has returned and a second brings no more."""
        until = time.monotonic() + within
        count = -1
        while time.monotonic() < until and count != self._count():
            count = self._count()
            time.sleep(1)
        return dict(self.traces)

    def _count(self) -> int:
        return sum(len(lines) for lines in self.traces.values())


@pytest.mark.parametrize("browser", BROWSERS)
def test_what_the_shim_sends_holds_nothing_new(browser: str, tmp_path: Path) -> None:
    """Its traces can be read, and hold no departure that the page recorder's does not."""
    listener = Listener()
    program = load("perfect-negotiation-glare-seen-by-the-polite-end-first")
    with listener.listening() as address:
        script = shim(ShimOptions(socket=address))
        with recorder(browser, script) as live:
            recording = live.run(program)
            told = listener.heard_out()
    assert recording.outcome is Outcome.COMPLETE
    checker = Checker()
    known = {found.id for found in checker.judge(kept(recording, tmp_path / "page")).findings}
    assert len(told) >= 2
    for number, lines in told.items():
        text = "\n".join([*lines, ""])
        trace = read_trace(io.BytesIO(text.encode()))
        assert trace.error is None
        file = tmp_path / f"connection-{number}.jsonl"
        file.write_text(text)
        found = {one.id for one in checker.judge(str(file)).findings if one.class_ == "departure"}
        assert found <= known, (number, found)
