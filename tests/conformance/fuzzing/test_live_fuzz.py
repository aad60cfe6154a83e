"""Campaigns on real stacks: what is found replays, and neither a stack that dies nor who fuzzes it
and gives up loses any of it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from negotiation.conformance.fuzzing.campaign import Bounds, Campaign, Core, Listener
from negotiation.conformance.fuzzing.cases import Fault, read_case
from negotiation.conformance.fuzzing.generating import Generated
from negotiation.conformance.fuzzing.opening import hurried, judge
from negotiation.conformance.fuzzing.playing import OnStack
from negotiation.conformance.fuzzing.supports import Supported
from negotiation.conformance.programs.language import Program
from negotiation.conformance.reports.fuzzed import found_case
from negotiation.conformance.stacks.recording import LiveStack, Out, Outcome, Recording, Settings
from negotiation.conformance.stacks.registry import StackRow
from negotiation.conformance.stacks.registry import row as registered
from negotiation.conformance.traces.format import Call, Line

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc"),
]

STACKS = ("chromium", "wrtc")
EXAMPLES = 50
FEWEST = 3
"""Faults that so many programs show at least, on each of the stacks."""

REPLAYED = 4
DISTURBED = 15
"""The program in the middle of which something happens to the stack."""

ORPHANS = 10.0


def here(name: str) -> StackRow:
    found = registered(name)
    if found.executable() is None:
        pytest.skip(f"{found.title} is not here: {found.install}")
    return found


@pytest.fixture(params=STACKS)
def row(request: pytest.FixtureRequest) -> StackRow:
    return here(request.param)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "negotiation.conformance.cli", "fuzz", *arguments]


def fuzz(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture
def here_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders go; tmp_path would be too long for Chromium's socket."""
    root = Path(__file__).parents[3]
    paths = [str(root / each) for each in os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root / ".src"), *paths]))
    with tempfile.TemporaryDirectory(prefix="neg-") as made:
        monkeypatch.setenv("TMPDIR", made)
        yield Path(made)


def left_behind(folder: Path) -> list[str]:
    """The processes that were given a temporary folder below this one."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and f"={folder}".encode() in (
                (process / "environ").read_bytes()
            ):
                found.append(process.name)
        except OSError:
            pass
    return found


def wait_for(what: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (done := what()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(done)


def test_a_campaign_finds_faults_and_each_replays(row: StackRow, here_only: Path) -> None:
    ran = fuzz(
        here_only,
        *("--stack", row.name, "--examples", str(EXAMPLES), "--seed", "1", "--format", "json"),
    )
    assert ran.returncode == 1, ran.stderr
    report = json.loads(ran.stdout)
    assert report["programs"] == EXAMPLES
    assert len(report["cases"]) >= FEWEST
    sure = [one for one in report["cases"] if one["confirmed"] == 3 and one["minimal"]]
    for one in sure[:REPLAYED]:
        case = read_case(str(here_only / one["file"]))
        name, verb, *arguments = shlex.split(case.found.replay)
        assert (name, verb) == ("negotiation", "fuzz")
        again = fuzz(here_only, *arguments)
        assert again.returncode == 1, (case.fault, again.stdout, again.stderr)
        assert "It shows the fault" in again.stdout


class Disturbed:
    """A live stack to which something happens in the middle of one program."""

    def __init__(self, live: LiveStack, disturb: Callable[[int], None]) -> None:
        self._live = live
        self._disturb = disturb
        self.programs = 0
        self.process: int | None = None
        self.ended: list[Outcome] = []

    def run(self, program: Program, out: Out) -> Recording:
        def told(program: Program, line: Line) -> None:
            out(program, line)
            if isinstance(line, Call) and self.programs >= DISTURBED and self.process is None:
                self.process = self._live.process
                assert self.process is not None
                self._disturb(self.process)

        recording = self._live.run(program, told)
        if self.process is not None:
            self.ended.append(recording.outcome)
        return recording


class Counting(Listener):
    def __init__(self, disturbed: Disturbed) -> None:
        self._disturbed = disturbed
        self.cores: dict[Fault, Core] = {}

    def found(self, core: Core) -> None:
        self.cores[core.fault] = core

    def goes_on(self, tally: Any) -> None:
        self._disturbed.programs = tally.programs


def kill(process: int) -> None:
    os.killpg(process, signal.SIGKILL)


def stop(process: int) -> None:
    os.killpg(process, signal.SIGSTOP)


def lose_the_page(process: int) -> None:
    """Ends the page's process: the browser goes on, the page's connection does not."""
    for each in Path("/proc").iterdir():
        try:
            told = (each / "cmdline").read_bytes() if each.name.isdecimal() else b""
            if b"--type=renderer" in told and os.getpgid(int(each.name)) == process:
                os.kill(int(each.name), signal.SIGKILL)
        except (OSError, ProcessLookupError):
            continue


DISTURBANCES = [
    *((name, how, says) for name in STACKS for how, says in ((kill, "died"), (stop, "hung"))),
    ("chromium", lose_the_page, "died"),
]


@pytest.mark.parametrize(("name", "how", "says"), DISTURBANCES)
def test_what_happens_to_the_stack_loses_no_finding(
    name: str, how: Callable[[int], None], says: str
) -> None:
    row = here(name)
    with Generated(1) as generated:
        programs = [*islice(generated, 2 * DISTURBED)]
    with LiveStack(row, hurried(Settings(), 3.0)) as live:
        disturbed = Disturbed(live, how)
        listener = Counting(disturbed)
        campaign = Campaign(
            Supported(OnStack(judge(), disturbed)),  # type: ignore[arg-type]
            lambda fault: False,
            Bounds(shrinking=5.0),
            listener=listener,
        )
        campaign.run(programs)
        assert live.process not in (None, disturbed.process)
    tally = campaign.tally
    assert tally.programs > DISTURBED + 5  # what was generated twice is played once
    assert tally.cores.keys() >= listener.cores.keys()
    assert any(trouble.startswith(says) for trouble in tally.troubles), tally.troubles
    assert disturbed.ended.count(Outcome.COMPLETE) >= DISTURBED - 2
    ours = [core for core in tally.cores.values() if core.fault.id in ("STACK-DIED", "STACK-HUNG")]
    for core in ours:
        assert not core.confirmed
        assert found_case(core, tally, "").is_fleeting
    others = [core for core in tally.cores.values() if core not in ours]
    assert any(core.number <= DISTURBED for core in others)


def test_who_gives_up_keeps_what_was_found(row: StackRow, here_only: Path) -> None:
    cases = here_only / "cases"
    told = here_only / "told.txt"
    with told.open("w") as out:
        running = subprocess.Popen(
            command("--stack", row.name, "--minutes", "5", "--seed", "1"),
            cwd=here_only,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        assert wait_for(lambda: len(list(cases.glob("*.case.json"))) >= FEWEST, 120.0)
        running.send_signal(signal.SIGINT)
        assert running.wait(60.0) == 1, told.read_text()
    files = list(cases.glob("*.case.json"))
    report = told.read_text()
    assert "interrupted" in report
    for file in files:
        assert file.name in report.replace("\n", "")
        assert (cases / read_case(str(file)).trace).is_file()
    assert wait_for(lambda: not left_behind(here_only), ORPHANS)


def test_two_stacks_are_fuzzed_with_each_other(here_only: Path) -> None:
    here("chromium")
    here("wrtc")
    ran = fuzz(
        here_only,
        *("--stack", "chromium", "--stack", "wrtc", "--examples", "10", "--seed", "1"),
        *("--format", "json"),
    )
    report = json.loads(ran.stdout)
    assert ran.returncode == (1 if report["cases"] else 0), ran.stderr
    assert report["programs"] == 10
    assert report["runs"] >= 10
    assert not any("1 peers" in trouble for trouble in report["troubles"])
