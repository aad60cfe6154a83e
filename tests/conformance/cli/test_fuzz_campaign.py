"""`negotiation fuzz` on the model and on a mutation of it; real stacks are in `fuzzing`.

Programs differ between versions of Hypothesis, so nothing here depends on which they are.
"""

from __future__ import annotations

import errno
import json
import platform
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from msgspec.structs import replace

from negotiation.conformance.cli.fuzzed_stacks import _warn_of
from negotiation.conformance.fuzzing.campaign import Campaign, Core
from negotiation.conformance.fuzzing.cases import Case, read_case
from negotiation.conformance.programs.language import Program
from negotiation.conformance.reports.fuzzed import found_case
from negotiation.conformance.stacks.links import StackError

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Ran, Run

MUTATION = "return_to_stable/skipped"
BROKEN = ("fuzz", "--stack", "model", "--mutation", MUTATION, "--seed", "1", "--examples", "80")
FAULT = "NN-MISSED"


@pytest.fixture
def found(negotiation: Run) -> Ran:
    """A campaign that found something."""
    return negotiation(*BROKEN)


@pytest.fixture
def case(found: Ran) -> Case:
    assert found.code == 1
    return next(one for one in cases() if one.fault.id == FAULT)


def cases(folder: str = "cases") -> Iterator[Case]:
    for file in sorted(Path(folder).glob("*.case.json")):
        yield read_case(str(file))


def as_json(negotiation: Run, *arguments: str) -> tuple[int, dict[str, Any]]:
    ran = negotiation(*arguments, "--format", "json")
    return ran.code, json.loads(ran.out)


WRONG = {
    "no stack": ((), "name a stack with --stack"),
    "no such stack": (("--stack", "chromiun"), "chromium"),
    "no such mutation": (
        ("--stack", "model", "--mutation", "return_to_stable/skiped"),
        f"did you mean {MUTATION}",
    ),
    "no mutation like it": (
        ("--stack", "model", "--mutation", "no_such_rule/*"),
        "no mutation is like 'no_such_rule/*'",
    ),
    "a mutation of a real stack": (
        ("--stack", "chromium", "--mutation", MUTATION),
        "--mutation is for --stack model",
    ),
    "no case": (("--stack", "model", "--replay", "none.case.json"), "none.case.json"),
    "a broken case": (("--stack", "model", "--replay", "broken.case.json"), "broken.case.json"),
    "no recordings to know": (("--stack", "model", "--known", "nowhere"), "nowhere"),
    "no recordings beside": (("--stack", "model", "--against", "nowhere"), "nowhere"),
    "no expectations": (("--stack", "model", "--expectations", "none.json"), "none.json"),
    "recordings, and a stack": (
        ("--stack", "model", "traces"),
        "leave the stack out, or the recordings",
    ),
    "a table against the clock": (
        ("--stack", "model", "--mutation", "*", "--minutes", "1"),
        "--minutes is not for a table of mutations",
    ),
    "a table of a case": (
        ("--stack", "model", "--mutation", "*", "--replay", "a.case.json"),
        "--replay is not for a table of mutations",
    ),
    "a database for perturbed recordings": (
        ("broken.case.json", "--database", "shared"),
        "--database is not for perturbed recordings",
    ),
    "a database that is a file": (
        ("--stack", "model", "--database", "broken.case.json"),
        "--database broken.case.json is no folder",
    ),
    "a folder that is a file": (
        ("--stack", "model", "--cases", "broken.case.json"),
        "--cases broken.case.json: nothing can be written there",
    ),
    "a table as JUnit": (
        ("--stack", "model", "--mutation", "*", "--format", "junit"),
        "take one of text, json, markdown",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_usage(negotiation: Run, what: str) -> None:
    given, told = WRONG[what]
    Path("broken.case.json").write_text('{"format": "negotiation-case", "version": 1, "fault": 3}')
    ran = negotiation("fuzz", *given)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("option", "given", "says"),
    [
        ("--examples", "0", "'0' is no whole number from 1 on"),
        ("--examples", "x", "'x' is no whole number from 1 on"),
        ("--minutes", "0", "'0' is no positive number"),
        ("--minutes", "inf", "'inf' is no positive number"),
    ],
)
def test_bounds_are_positive(negotiation: Run, option: str, given: str, says: str) -> None:
    ran = negotiation("fuzz", "--stack", "model", option, given)
    assert (ran.code, ran.out) == (2, "")
    assert f"argument {option}: {says}" in ran.err


def test_the_model_shows_nothing(negotiation: Run) -> None:
    ran = negotiation("fuzz", "--stack", "model", "--seed", "1", "--examples", "30")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Nothing new in 30 programs")
    assert "Seed 1." in ran.out
    assert not Path("cases").exists()


def test_a_fault_is_told_with_its_program_and_its_file(found: Ran, case: Case) -> None:
    assert f"{FAULT}: {case.message}" in " ".join(found.out.split())
    assert "shown in 3 of 3 repetitions" in found.out
    assert "without any one of its parts it is not shown" in " ".join(found.out.split())
    assert f"{case.program.name}.case.json" in found.out
    assert Path("cases", case.trace).is_file()
    assert case.found.confirmed == case.found.repeated == 3
    assert case.found.seed == 1
    versions = (platform.python_version(), hypothesis.__version__)
    assert (case.found.python, case.found.hypothesis) == versions


def test_the_same_seed_finds_the_same(negotiation: Run) -> None:
    told = [as_json(negotiation, *BROKEN, "--cases", folder)[1] for folder in ("one", "two")]
    for one in told:
        del one["seconds"], one["breakdown"]
        for each in one["cases"]:
            del each["file"], each["replay"]
    assert told[0] == told[1]
    assert told[0]["seed"] == 1


def test_the_report_as_json(negotiation: Run) -> None:
    code, told = as_json(negotiation, *BROKEN)
    assert code == 1
    assert (told["stack"], told["programs"]) == ("model", 80)
    assert told["runs"] > 80
    assert set(told["breakdown"]) == {"stack", "quiet", "checker", "generator"}
    assert told["coverage"]["seen"]["pair"] > 10
    assert told["comparison"] is None
    (one,) = (one for one in told["cases"] if one["fault"]["id"] == FAULT)
    assert (one["confirmed"], one["repeated"], one["minimal"]) == (3, 3, True)
    assert one["times"] >= 1
    assert Path(one["file"]).is_file()


def test_the_report_goes_into_a_file(negotiation: Run) -> None:
    ran = negotiation(*BROKEN, "--output", "told.txt")
    assert (ran.code, ran.out) == (1, "")
    assert FAULT in Path("told.txt").read_text()


def test_a_case_is_replayed(negotiation: Run, case: Case) -> None:
    file = f"cases/{case.program.name}.case.json"
    again = negotiation("fuzz", "--stack", "model", "--mutation", MUTATION, "--replay", file)
    assert (again.code, again.out.split(":")[0]) == (1, "It shows the fault")
    sound = negotiation("fuzz", "--stack", "model", "--replay", file)
    assert (sound.code, sound.out) == (0, "It does not show the fault.\n")
    told = negotiation("fuzz", "--stack", "model", "--replay", file, "--output", "told.txt")
    assert (told.code, told.out) == (0, "")
    assert Path("told.txt").read_text("utf-8") == sound.out
    refused = negotiation("fuzz", "--stack", "model", "--replay", file, "--format", "json")
    assert refused.code == 2
    assert "--format json is not for a case that is played again; take one of text" in refused.err


def test_what_is_in_the_folder_is_known(negotiation: Run, found: Ran) -> None:
    again = negotiation(*BROKEN)
    assert (found.code, again.code) == (1, 0)
    assert again.out.startswith("Nothing new")
    assert "Known before, and seen again:" in again.out


def test_what_recordings_show_is_known(negotiation: Run, case: Case) -> None:
    trace = f"cases/{case.trace}"
    code, told = as_json(negotiation, *BROKEN, "--cases", "others", "--known", trace)
    assert FAULT in {one["fault"]["id"] for one in told["known"]}
    assert FAULT not in {one["fault"]["id"] for one in told["cases"]}
    assert code == (1 if told["cases"] else 0)


def test_what_is_expected_is_known(negotiation: Run, case: Case) -> None:
    row = {"id": FAULT, "program": "*", "stack": "model", "reason": "It is broken on purpose."}
    Path("expected.json").write_text(json.dumps([{**row, "about": case.fault.about}]))
    given = ("--cases", "others", "--expectations", "expected.json")
    code, told = as_json(negotiation, *BROKEN, *given)
    assert FAULT in {one["fault"]["id"] for one in told["known"]}
    assert code == (1 if told["cases"] else 0)


def test_beside_recordings(negotiation: Run, case: Case) -> None:
    trace = f"cases/{case.trace}"
    given = (*BROKEN, "--cases", "others", "--against", trace)
    text = " ".join(negotiation(*given).out.split())
    assert "Beside 1 recordings: of the faults that they show alone 1 of 1 (100%) were" in text
    _, told = as_json(negotiation, *given)
    assert [one["id"] for one in told["comparison"]["both"]] == [FAULT]
    assert told["comparison"]["missing"] == []
    others = ("fuzz", "--stack", "model", "--examples", "5", "--seed", "1", "--against", trace)
    _, sound = as_json(negotiation, *others)
    assert [one["id"] for one in sound["comparison"]["missing"]] == [FAULT]


def test_a_database_hands_on_what_was_found(negotiation: Run) -> None:
    first = negotiation(*BROKEN, "--database", "shared", "--cases", "one")
    assert first.code == 1
    code, told = as_json(
        negotiation,
        *("fuzz", "--stack", "model", "--mutation", MUTATION, "--seed", "1"),
        *("--database", "shared", "--cases", "two", "--examples", str(len([*cases("one")]))),
    )
    assert code == 1
    assert told["programs"] <= len([*cases("one")])
    assert {one.fault for one in cases("two")} <= {one.fault for one in cases("one")}


def test_who_interrupts_gets_what_was_found(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Campaign._take

    def take(self: Campaign, program: Program) -> None:
        taken(self, program)
        if self.tally.cores:
            raise KeyboardInterrupt

    monkeypatch.setattr(Campaign, "_take", take)
    ran = negotiation(*BROKEN)
    assert ran.code == 1
    assert "interrupted" in ran.out
    assert [one.fault.id for one in cases()] == [FAULT]


def test_who_interrupts_while_it_is_cut_gets_it_as_it_was_seen(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("negotiation.conformance.fuzzing.campaign.shortest", interrupted)
    ran = negotiation(*BROKEN)
    assert ran.code == 1
    assert "not repeated: the campaign was interrupted" in " ".join(ran.out.split())
    (one,) = cases()
    assert (one.fault.id, one.found.confirmed, one.found.repeated) == (FAULT, 0, 0)


def test_who_interrupts_before_anything_was_found_gets_no_pass(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Campaign, program: Program) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Campaign, "_take", interrupted)
    ran = negotiation(*BROKEN)
    assert (ran.code, ran.out.partition(" (")[0]) == (130, "Nothing new in 0 programs")


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (SystemExit(143), 143, "somebody ended it"),
        (StackError("it is gone"), 1, "the stack does not start any more: it is gone"),
    ],
)
def test_what_was_found_is_told_when_it_ends_early(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, says: str
) -> None:
    taken = Campaign._take

    def take(self: Campaign, program: Program) -> None:
        taken(self, program)
        if self.tally.cores:
            raise error

    monkeypatch.setattr(Campaign, "_take", take)
    ran = negotiation(*BROKEN)
    assert ran.code == code
    assert says in " ".join(ran.out.split())
    assert FAULT in ran.out
    assert [one.fault.id for one in cases()] == [FAULT]


@pytest.mark.parametrize("format", ["text", "json", "markdown", "html", "junit", "sarif"])
def test_a_full_disk_loses_no_finding(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    def full(file: Path, lines: object) -> None:
        Path(file).write_text("torn")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("negotiation.conformance.fuzzing.saving.write_trace", full)
    ran = negotiation(*BROKEN, "--format", format)
    assert ran.code == 1
    assert FAULT in ran.out
    assert "cases: No space left on device; the report tells what was found" in ran.err
    assert not [*Path("cases").iterdir()]
    if format == "text":
        assert "there is no file of it" in ran.out


def test_the_command_that_replays_a_case_is_told_and_can_be_copied(negotiation: Run) -> None:
    ran = negotiation(*BROKEN, "--cases", "two words")
    (line,) = (one for one in ran.out.splitlines() if "--replay" in one)
    assert read_case(shlex.split(line)[-1]).found.replay == line.strip()
    again = negotiation(*shlex.split(line)[1:])
    assert (again.code, again.out.split(":")[0]) == (1, "It shows the fault")


def test_a_network_that_cannot_be_shut_off_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    _warn_of("wrtc")("not permitted")
    told = "negotiation: wrtc is fuzzed with the network of this machine: not permitted\n"
    assert capsys.readouterr().err == told


def test_what_was_seen_once_and_never_again_fails_nothing(
    negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once(core: Core, *given: Any) -> Any:
        return replace(found_case(replace(core, confirmed=0), *given), times=1)

    command = "negotiation.conformance.cli.fuzz"
    monkeypatch.setattr(f"{command}.found_case", once)
    monkeypatch.setattr(f"{command}._counted", lambda found, tally: tuple(found))
    ran = negotiation(*BROKEN)
    text = " ".join(ran.out.split())
    assert "was seen once, and never again" in text
    assert "shown in 0 of 3 repetitions" in text
    assert ran.out.startswith("Nothing new")
    assert ran.code == 0
