"""Recording: the model here; real stacks are recorded by the tests of `stacks`."""

from __future__ import annotations

import contextlib
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pytest

from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import names
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import dropped
from negotiation.conformance.stacks import isolation, recording
from negotiation.conformance.stacks.recording import Out, Outcome, Recording, Settings
from negotiation.conformance.stacks.registry import STACKS, StackRow
from negotiation.conformance.traces.format import Call, Stack
from negotiation.conformance.traces.reading import read_trace
from negotiation.model import REVISION

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run


def test_all_programs_on_the_model(negotiation: Run) -> None:
    ran = negotiation("record", "--stack", "model", "--all", "--output", "traces")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"recorded {len(names())} traces of model in traces\n"
    assert sorted(path.name for path in Path("traces").iterdir()) == sorted(
        f"{name}.jsonl" for name in names()
    )


def test_seed_profile_and_gzip(negotiation: Run) -> None:
    ran = negotiation(
        *("record", "--stack", "model", "--seed", "7", "--profile", "no-tasks", "--gzip"),
        *("--output", "t", "first-change"),
    )
    assert ran.out == "recorded 1 trace of model in t\n"
    trace = read_trace("t/first-change.jsonl.gz")
    assert trace.header.seed == 7
    assert trace.header.peers["A"].profile == "no-tasks"


def test_programs_are_also_recorded_written_out(negotiation: Run) -> None:
    ran = negotiation(
        *("record", "--stack", "model", "--written-out", "--output", "t"),
        *("first-change", "local-offer-and-remote-answer"),
    )
    assert (ran.code, ran.out) == (0, "recorded 3 traces of model in t\n")
    trace = read_trace("t/local-offer-and-remote-answer-written-out.jsonl")
    assert trace.header.program == "local-offer-and-remote-answer-written-out"
    called = [each.method for _, each in trace.observations if isinstance(each, Call)]
    assert called[:3] == ["addTransceiver", "createOffer", "setLocalDescription"]


def test_a_program_of_ones_own(negotiation: Run) -> None:
    shown = negotiation("programs", "first-change", "--format", "json").out
    Path("mine.json").write_text(json.dumps({**json.loads(shown), "name": "mine"}))
    assert negotiation("record", "--stack", "model", "mine.json", "--output", "t").code == 0
    assert negotiation("check", "t/mine.jsonl").code == 0


BAD_PROGRAMS: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "p.json: not JSON"),
    "wrong type": ({"steps": 3}, "p.json: field `steps`: Expected array"),
    "unknown field": ({"stack": "x"}, "p.json: Object contains unknown field stack"),
    "a path as its name": ({"name": "../evil"}, "p.json: field `name`: is '../evil'"),
    "unknown peer": ({"steps": [{"peer": "C"}]}, "p.json: field `peers`: there is no peer 'C'"),
    "unknown method": (
        {"steps": [{"peer": "A", "do": [{"call": "explode"}]}]},
        "cannot be run: the method 'explode' means nothing to the model",
    ),
}


@pytest.mark.parametrize("what", BAD_PROGRAMS)
def test_programs_that_are_none(what: str, negotiation: Run) -> None:
    changes, says = BAD_PROGRAMS[what]
    shown = json.loads(negotiation("programs", "first-change", "--format", "json").out)
    text = changes if isinstance(changes, str) else json.dumps({**shown, **changes})
    Path("p.json").write_text(text)
    ran = negotiation("record", "--stack", "model", "p.json", "--output", "t")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert says in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name programs, or --all of them"),
        (["--all", "first-change"], "name programs, or --all of them"),
        (["first-chang"], "there is no program 'first-chang', nor a file of that name; did you"),
        (["first-change", "first-change"], "two programs, and so two traces, are called"),
        (["nowhere.json"], "nowhere.json: cannot be read (No such file or directory)"),
        (["first-change", "--profile", "x"], "there is no observability profile 'x'"),
        (["first-change", "--stack", "firefox"], "--stack model and --stack page play alone"),
        (["first-change", "--stack", "a", "--stack", "b"], "a program has two peers at most"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str, negotiation: Run) -> None:
    ran = negotiation("record", "--stack", "model", "--output", "t", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert says in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--stack", "netscape"], "there is no stack 'netscape'"),
        (["--stack", "firefox", "--seed", "1"], "is for --stack model"),
        (["--stack", "firefox", "--profile", "page"], "is for --stack model and --adapter"),
        (["--stack", "firefox", "--stack", "netscape"], "there is no stack 'netscape'"),
    ],
)
def test_wrong_stacks(arguments: list[str], says: str, negotiation: Run) -> None:
    ran = negotiation("record", "--output", "t", "first-change", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_a_folder_that_cannot_be_made(negotiation: Run) -> None:
    Path("t").write_text("")
    ran = negotiation("record", "--stack", "model", "--all", "--output", "t")
    assert ran.err.startswith("negotiation: t: no folder can be made there (File exists)")


def test_a_missing_stack_says_how_to_get_it(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = STACKS[0]
    monkeypatch.setenv(row.variable, "/nonexistent")
    ran = negotiation("record", "--stack", row.name, "first-change", "--output", "t")
    assert (ran.code, ran.out) == (2, "")
    assert row.install in ran.err


def test_an_interrupted_recording_can_be_read(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted:
        """A stack that is interrupted in its second program."""

        def __init__(self, row: StackRow, settings: Settings) -> None:
            self.runs = 0

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *ending: object) -> None:
            return None

        def run(self, program: Program, out: Out) -> Recording:
            emissions = run_program(program)
            lines = trace_of(program, emissions)
            self.runs += 1
            for line in lines[:5] if self.runs == 2 else lines:
                out(program, line)
            if self.runs == 2:
                assert len(read_trace("t/two-peers-glare.jsonl").observations) == 4
                raise KeyboardInterrupt
            return Recording(program, tuple(lines))

    monkeypatch.setattr(recording, "LiveStack", Interrupted)
    programs = ("first-change", "two-peers-glare", "data-channels")
    ran = negotiation("record", "--stack", "chromium", *programs, "--output", "t")
    assert (ran.code, ran.err) == (130, "negotiation: interrupted\n")
    assert sorted(path.name for path in Path("t").iterdir()) == [
        "first-change.jsonl",
        "two-peers-glare.jsonl",
    ]
    assert negotiation("check", "t").code == 0


def test_what_did_not_end_well_is_told(negotiation: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Unsupporting:
        """A stack that supports nothing."""

        def __init__(self, row: StackRow, settings: Settings) -> None:
            pass

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *ending: object) -> None:
            return None

        def run(self, program: Program, out: Out) -> Recording:
            return Recording(program, (), Outcome.UNSUPPORTED, "addTrack")

    monkeypatch.setattr(recording, "LiveStack", Unsupporting)
    ran = negotiation("record", "--stack", "chromium", "first-change", "--output", "t")
    assert ran.err == "negotiation: first-change: unsupported: addTrack\n"
    assert ran.out == "recorded 0 traces of chromium in t\n"


def test_a_network_that_is_not_switched_off_is_told(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = partial(contextlib.nullcontext, "it is not Linux")
    monkeypatch.setattr(isolation, "loopback_only", whole)
    monkeypatch.setattr(recording, "LiveStack", Fickle)
    monkeypatch.setattr(Fickle, "sessions", 0)
    ran = negotiation("record", "--stack", "chromium", "first-change", "--output", "t")
    assert ran.code == 0
    assert (
        ran.err
        == "negotiation: chromium is recorded with the network of this machine: it is not Linux\n"
    )


def test_twice_without_a_difference(negotiation: Run) -> None:
    ran = negotiation(
        *("record", "--stack", "model", "first-change", "two-peers-glare", "--twice"),
        *("--gzip", "--output", "t"),
    )
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "recorded 2 traces of model in t\nrecorded them again: no difference\n"
    assert sorted(path.name for path in Path("t").iterdir()) == [
        "first-change.jsonl.gz",
        "two-peers-glare.jsonl.gz",
    ]


class Fickle:
    """A stack that is another one each time: later sessions lose an event, or a program."""

    sessions = 0
    ran: ClassVar[list[str]] = []

    def __init__(self, row: StackRow, settings: Settings) -> None:
        Fickle.sessions += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ending: object) -> None:
        return None

    def run(self, program: Program, out: Out) -> Recording:
        Fickle.ran.append(program.name)
        lines = trace_of(program, run_program(program), profile="page", date="2026-01-01")
        if Fickle.sessions > 1 and program.name == "first-change":
            lines = dropped(kind="event")(lines)
        if Fickle.sessions > 1 and program.name == "data-channels":
            return Recording(program, (), Outcome.UNSUPPORTED, "createDataChannel")
        for line in lines:
            out(program, line)
        return Recording(program, tuple(lines))


def test_twice_with_differences(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.setattr(recording, "LiveStack", Fickle)
    monkeypatch.setattr(Fickle, "sessions", 0)
    monkeypatch.setattr(Fickle, "ran", [])
    programs = ("two-peers-glare", "first-change", "data-channels")
    ran = negotiation("record", "--stack", "chromium", *programs, "--twice", "--output", "t")
    assert ran.code == 1
    assert (
        ran.err == "negotiation: data-channels (the second time): unsupported: createDataChannel\n"
    )
    golden("record-twice.txt", ran.out)
    assert Fickle.ran == [*programs, *programs[::-1]]
    assert sorted(path.name for path in Path("t").iterdir()) == [
        "data-channels.jsonl",
        "first-change.jsonl",
        "first-change.second.jsonl",
        "two-peers-glare.jsonl",
    ]


def test_into_a_folder_of_the_stack_and_its_version(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path("traces/model") / REVISION[:12]
    ran = negotiation("record", "--stack", "model", "first-change", "--into", "traces")
    assert (ran.code, ran.out) == (0, f"recorded 1 trace of model in {folder}\n")
    (folder / "first-change.jsonl").rename(folder / "forgotten.jsonl")
    (folder / "notes.jsonl").write_text("mine")
    ran = negotiation("record", "--stack", "model", "first-change", "--into", "traces")
    assert ran.out == f"recorded 1 trace of model in {folder}\n"
    ran = negotiation("record", "--stack", "model", "--all", "--gzip", "--into", "traces")
    assert ran.out.splitlines() == [
        f"recorded {len(names())} traces of model in {folder}",
        f"removed {folder}/first-change.jsonl: it was not recorded this time",
        f"removed {folder}/forgotten.jsonl: it was not recorded this time",
    ]
    assert len(list(folder.iterdir())) == len(names()) + 1


def test_a_stack_of_unknown_version_has_no_folder_of_its_own(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StackRow, "stack", lambda row: Stack(row.name, ""))
    ran = negotiation("record", "--stack", "chromium", "first-change", "--into", "t")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "negotiation: chromium does not tell its version; name the folder with --output\n"
    )


def test_a_stack_that_is_not_here_has_no_folder_either(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StackRow, "executable", lambda row: None)
    ran = negotiation("record", "--stack", "chromium", "first-change", "--into", "t")
    assert (ran.code, ran.out) == (2, "")
    assert "is not here. Install it with" in ran.err


def test_what_is_unsupported_is_said_beside_the_recordings(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "LiveStack", Fickle)
    monkeypatch.setattr(Fickle, "sessions", 1)
    monkeypatch.setattr(StackRow, "stack", lambda row: Stack(row.name, "72.0"))
    told = Path("t/chromium/72.0/unsupported.json")
    assert negotiation("record", "--stack", "chromium", "--all", "--into", "t").code == 0
    assert json.loads(told.read_text()) == {"data-channels": "createDataChannel"}
    monkeypatch.setattr(Fickle, "sessions", 0)
    assert negotiation("record", "--stack", "chromium", "--all", "--into", "t").code == 0
    assert not told.exists()
