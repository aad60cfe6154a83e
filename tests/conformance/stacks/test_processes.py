"""Adapter programs, with stand-ins: what happens when one behaves badly."""

from __future__ import annotations

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
from negotiation.conformance.stacks.recording import LiveStack, Outcome, Settings, record_all
from negotiation.conformance.stacks.registry import StackRow, row
from negotiation.conformance.traces.format import Event, Header, Line, Mark

pytestmark = pytest.mark.usefixtures("nothing_left")

# What the program does is told by the name of what it is asked to run.
STAND_IN = """
import json, os, signal, subprocess, sys, time
if "--version" in sys.argv:
    print("stand-in 1.2.3")
    raise SystemExit
def tell(kind, **more):
    print(json.dumps({"kind": kind, **more}), flush=True)
tell("hello", agent="stand-in", resolution=0.25, configuration={"bundlePolicy": "balanced"})
child = subprocess.Popen(["sleep", "60"])
for line in sys.stdin:
    name = json.loads(line)["program"]["name"]
    if name == "unsupported":
        tell("unsupported", what=["stop"])
        continue
    tell("began", streams={})
    tell("event", n=1, t=1.5, peer="A", name="negotiationneeded")
    if name == "hangs":
        time.sleep(60)
    if name == "stops":
        os.kill(os.getpid(), signal.SIGSTOP)
    if name == "dies":
        sys.exit("my last words")
    if name == "crashes":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "falls-silent":
        print("out of words", file=sys.stderr, flush=True)
        child.kill()  # it has the output, too
        os.close(1)
        time.sleep(60)
    if name == "babbles":
        print("a library says hello", flush=True)
    if name == "rambles":
        print("x" * 20_000_000, flush=True)
    if name == "breaks":
        tell("failed", error="TypeError: oops")
    tell("ended")
"""


def adapter(path: Path, script: str) -> StackRow:
    path.write_text(script, "utf-8")
    return replace(
        row("wrtc"),
        title="Stand-in",
        find=lambda names: Path(sys.executable),
        command=lambda python: (str(python), str(path)),
    )


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> StackRow:
    return adapter(tmp_path_factory.mktemp("adapter") / "stand_in.py", STAND_IN)


@pytest.fixture(autouse=True)
def no_other_wrtc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEGOTIATION_WRTC", raising=False)


def named(name: str) -> Program:
    return with_steps({"settle": True}, name=name)


def group_lives(process: int, *, patience: float = 5.0) -> bool:
    """Whether the group is still there: whoever is killed stays until its parent has seen it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            os.killpg(process, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.02)
    return True


QUICK = Settings(timeout=3.0, start=20.0)


def test_programs_run_one_after_the_other(stand_in: StackRow) -> None:
    recordings = record_all(stand_in, [named("one"), named("unsupported"), named("two")])
    assert [each.outcome for each in recordings] == [
        Outcome.COMPLETE,
        Outcome.UNSUPPORTED,
        Outcome.COMPLETE,
    ]
    header, event = recordings[0].lines
    assert isinstance(event, Event)
    assert isinstance(header, Header)
    peer = header.peers["A"]
    assert (peer.stack.name, peer.stack.version) == ("wrtc", "1.2.3")
    assert (peer.profile, peer.clock.resolution) == ("asyncio", 0.25)
    assert peer.configuration == {"bundlePolicy": "balanced"}
    assert peer.recorder.startswith("negotiation-asyncio ")


@pytest.mark.parametrize(
    ("name", "outcome", "detail"),
    [
        ("hangs", Outcome.HUNG, "no end within 3 s"),
        ("stops", Outcome.HUNG, "no end within 3 s"),
        ("dies", Outcome.DIED, "it exited with 1; it said: my last words"),
        ("crashes", Outcome.DIED, "it exited with -11; it said: nothing"),
        ("falls-silent", Outcome.DIED, "it closed its output; it said: out of words"),
        ("babbles", Outcome.FAILED, "a library says hello"),
        ("rambles", Outcome.FAILED, "a line is longer than"),
        ("breaks", Outcome.FAILED, "TypeError: oops"),
    ],
)
def test_a_bad_program_leaves_its_lines_and_a_mark(
    stand_in: StackRow, name: str, outcome: Outcome, detail: str
) -> None:
    with LiveStack(stand_in, QUICK) as live:
        cut = live.run(named(name))
        assert (cut.outcome, detail in cut.detail) == (outcome, True), cut.detail
        header, event, mark = cut.lines
        assert isinstance(header, Header)
        assert isinstance(event, Event)
        assert isinstance(mark, Mark)
        assert (mark.trouble, mark.text) == (outcome.value, cut.detail)
        assert live.run(named("next")).outcome is Outcome.COMPLETE


def test_everything_that_was_started_is_killed(stand_in: StackRow) -> None:
    with LiveStack(stand_in) as live:
        live.run(named("one"))
        process = live.process
        assert process is not None
        assert group_lives(process, patience=0.1)
    assert not group_lives(process)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_signals_leave_no_process(
    stand_in: StackRow, number: signal.Signals, error: type[BaseException]
) -> None:
    told: list[Line] = []
    processes: list[int] = []

    def out(program: Program, line: Line) -> None:
        told.append(line)
        if isinstance(line, Event):
            processes.append(live.process or 0)
            threading.Timer(0.2, os.kill, (os.getpid(), number)).start()

    with pytest.raises(error), LiveStack(stand_in) as live:
        live.run(named("hangs"), out)
    assert [type(line) for line in told] == [Header, Event]  # nobody blames the stack
    assert not group_lives(processes[0])


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("raise SystemExit('no such package')", r"it exited with 1; it said: no such package"),
        ("print('garbage', flush=True); input()", r"did not say hello but .*'garbage"),
        ("""print('{"kind": "ended"}', flush=True); input()""", r"did not say hello but Ended"),
        (
            "import sys, time; time.sleep(0 if sys.argv[1:] else 60)",
            r"did not say hello within 1 s; it said: nothing",
        ),
    ],
)
def test_a_program_that_does_not_say_hello_is_no_stack(
    tmp_path: Path, script: str, words: str
) -> None:
    broken = adapter(tmp_path / "broken.py", script)
    with LiveStack(broken, Settings(start=1.0)) as live, pytest.raises(StackError, match=words):
        live.run(named("one"))


def test_a_program_that_cannot_be_started_says_so(stand_in: StackRow) -> None:
    gone = replace(stand_in, command=lambda python: ("/no/such/program",))
    with (
        LiveStack(gone) as live,
        pytest.raises(StackError, match=r"/no/such/program cannot be started: .*No such file"),
    ):
        live.run(named("one"))


def test_a_stack_that_does_not_start_again_at_once_is_tried_once_more(tmp_path: Path) -> None:
    script = """
import os, sys
from pathlib import Path
starts = Path(sys.argv[0]).with_name("starts")
starts.write_text(starts.read_text() + "." if starts.exists() else ".")
if len(starts.read_text()) in map(int, BROKEN):
    sys.exit("not now")
"""
    start = script + STAND_IN.partition("\n")[0] + STAND_IN

    def outcomes(broken: str) -> list[Outcome]:
        path = tmp_path / f"stands-{broken}.py"
        # `--version` counts as a start, too.
        row = adapter(path, f"BROKEN = {broken.split('-')}\n" + start)
        (tmp_path / "starts").unlink(missing_ok=True)
        return [each.outcome for each in record_all(row, [named("dies"), named("one")])]

    assert outcomes("3") == [Outcome.DIED, Outcome.COMPLETE]
    with pytest.raises(StackError, match="not now"):
        outcomes("3-4")
    with pytest.raises(StackError, match="not now"):
        outcomes("2")
