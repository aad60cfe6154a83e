"""`negotiation bisect`: recorded versions, installed ones, changes that come and go."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from negotiation.conformance.cli import ladders
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import Edit, altered, dropped, unchanged
from negotiation.conformance.stacks.fetching import FetchError
from negotiation.conformance.stacks.installed import Installed
from negotiation.conformance.stacks.releases import Release
from negotiation.conformance.stacks.session import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.cli.conftest import Golden, Run, Write

    from negotiation.conformance.programs.language import Program
    from negotiation.conformance.traces.format import Line

MISSED = dropped(kind="event", name="negotiationneeded")
Record = Callable[..., None]


def of(version: str, edit: Edit = unchanged) -> Edit:
    def edited(lines: list[Line]) -> list[Line]:
        peer = {"stack": {"name": "mine", "version": version}, "recorder": "r"}
        return edit(altered({"peers": {"A": peer}}, kind="header")(lines))

    return edited


@pytest.fixture
def record(trace: Write) -> Record:
    """Records versions; those named by `missed` do not fire the event."""

    def write(*versions: str, missed: tuple[str, ...] = ()) -> None:
        for one in versions:
            edit = of(one, MISSED if one in missed else unchanged)
            trace(f"traces/mine/{one}/first-change.jsonl", edit=edit)

    return write


def bisect(negotiation: Run, *more: str) -> Any:
    ran = negotiation("bisect", "first-change", "--stack", "mine", *more, "--format", "json")
    return json.loads(ran.out) | {"code": ran.code}


LADDER = ("9.2", "10.0", "10.1", "11.0", "100.4", "101.0")


def test_a_change(record: Record, negotiation: Run) -> None:
    record(*LADDER, missed=LADDER[:3])
    told = bisect(negotiation)
    (change,) = told["changes"]
    assert (told["code"], told["monotone"]) == (0, True)
    assert (change["before"], change["after"]) == ("10.1", "11.0")
    assert told["behaviours"] == dict(zip(LADDER, "AAABBB", strict=True))
    assert [one["what"] for one in change["differences"]] == [
        "negotiationneeded fires in mine 11.0, not in mine 10.1"
    ]
    assert change["traces"][0] == "traces/mine/10.1/first-change.jsonl"


@pytest.mark.parametrize("more", [(), ("--finding", "nn-missed")])
def test_golden(more: tuple[str, ...], record: Record, negotiation: Run, golden: Golden) -> None:
    record(*LADDER, missed=LADDER[4:])
    ran = negotiation("bisect", "first-change", "--stack", "mine", *more)
    assert (ran.code, ran.err) == (0, "")
    golden(f"bisect{'-finding' if more else ''}.txt", ran.out)


def test_between(record: Record, negotiation: Run) -> None:
    record(*LADDER, missed=LADDER[:3])
    told = bisect(negotiation, "--between", "11", "100")
    assert (told["code"], told["changes"]) == (1, [])
    assert told["versions"] == ["11.0", "100.4"]
    assert bisect(negotiation, "--between", "10", "11")["code"] == 0


def test_a_change_that_comes_and_goes(record: Record, negotiation: Run, golden: Golden) -> None:
    record(*LADDER, missed=LADDER[2:4])
    ran = negotiation("bisect", "first-change", "--stack", "mine")
    assert ran.code == 0
    golden("bisect-not-monotone.txt", ran.out)
    told = bisect(negotiation, "--finding", "NN-MISSED")
    assert not told["monotone"]
    assert [(one["before"], one["after"]) for one in told["changes"]] == [
        *(("10.0", "10.1"), ("11.0", "100.4"))
    ]
    assert list(told["behaviours"].values()) == ["no", "no", "yes", "yes", "no", "no"]


def test_no_change(record: Record, negotiation: Run) -> None:
    record(*LADDER)
    ran = negotiation("bisect", "first-change", "--stack", "mine")
    assert ran.code == 1
    assert "is the same in all versions of mine that were looked at" in " ".join(ran.out.split())


def test_a_recording_that_breaks_off_tells_nothing(record: Record, negotiation: Run) -> None:
    record(*LADDER, missed=LADDER[:3])
    for version in LADDER[2:4]:
        file = Path(f"traces/mine/{version}/first-change.jsonl")
        file.write_bytes(file.read_bytes()[:-9])
    told = bisect(negotiation)
    (change,) = told["changes"]
    assert (change["before"], change["after"]) == ("10.0", "100.4")
    assert change["untold_between"] == ["10.1", "11.0"]
    assert told["untold"]["10.1"] == "the recording breaks off"


def test_nothing_can_be_told(record: Record, negotiation: Run) -> None:
    record("1.0", "2.0")
    for version in ("1.0", "2.0"):
        file = Path(f"traces/mine/{version}/first-change.jsonl")
        file.write_bytes(file.read_bytes()[:-9])
    ran = negotiation("bisect", "first-change", "--stack", "mine")
    assert ran.code == 4
    assert "nothing could be told of any version" in ran.out
    assert bisect(negotiation, "--finding", "NN-EARLY")["behaviours"] == {}


class Ended(NamedTuple):
    outcome: Outcome
    detail: str = ""


class Fakes:
    """Releases that are neither fetched nor run: the model plays each of them."""

    releases = tuple(Release("mine", f"{n}.0", "npm-browser", "p", f"{n}.0") for n in range(1, 21))
    missed_until = 13
    broken = ("7.0",)
    unsupported = ("8.0",)

    def __init__(self) -> None:
        self.installed: list[str] = []

    def install(self, release: Release, telling: object) -> Installed:
        self.installed.append(release.version)
        if release.version in self.broken:
            raise FetchError("the registry is not there")
        return Installed("mine", release.version, "", "")

    @contextmanager
    def live(self, row: str) -> Iterator[Any]:
        version = row.partition("@")[2]

        class Live:
            def run(self, program: Program, out: Callable[[Program, Line], None]) -> Ended:
                if version in Fakes.unsupported:
                    return Ended(Outcome.UNSUPPORTED, "stop")
                lines = trace_of(program, run_program(program), date="2026-01-01")
                missed = float(version) <= Fakes.missed_until
                for line in of(version, MISSED if missed else unchanged)(lines):
                    out(program, line)
                return Ended(Outcome.COMPLETE)

        yield Live()


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Fakes:
    fake = Fakes()
    monkeypatch.setattr(ladders, "releases_of", lambda stack: fake.releases[::-1])
    monkeypatch.setattr(ladders, "install", fake.install)
    monkeypatch.setattr(ladders, "row", lambda name: name)
    monkeypatch.setattr(ladders, "LiveStack", fake.live)
    return fake


def test_what_is_not_recorded_is_installed(fakes: Fakes, negotiation: Run) -> None:
    told = bisect(negotiation)
    (change,) = told["changes"]
    assert (change["before"], change["after"]) == ("13.0", "14.0")
    assert len(fakes.installed) <= 7
    assert change["traces"][0] == "bisected/mine/13.0/first-change.jsonl"
    assert Path(change["traces"][0]).is_file()
    # What was recorded once is not recorded again.
    fakes.installed.clear()
    again = bisect(negotiation)
    assert again["changes"][0]["after"] == "14.0"
    assert fakes.installed == []


def test_recorded_and_installed_versions_together(
    fakes: Fakes, record: Record, negotiation: Run
) -> None:
    record("13.0.77.1", "99.1", missed=("13.0.77.1",))
    assert bisect(negotiation)["versions"] == ["13.0.77.1", "99.1"]
    told = bisect(negotiation, "--install", "--output", "new")
    assert "13.0" not in told["versions"]
    assert told["changes"][0]["before"] == "13.0.77.1"
    assert told["changes"][0]["after"] == "14.0"


def test_versions_that_cannot_be_had_are_passed_over(fakes: Fakes, negotiation: Run) -> None:
    told = bisect(negotiation, "--between", "6", "9")
    assert told["code"] == 1
    told = bisect(negotiation, "--install", "--between", "7", "8")
    assert told["code"] == 4
    assert told["untold"] == {
        "7.0": "the registry is not there",
        "8.0": "unsupported: stop",
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("first-change",), "are required: --stack"),
        (("first-change", "--stack", "nobody"), "no version of 'nobody' is recorded in traces"),
        (("two-changes-in-one-task", "--stack", "mine"), "is not recorded on mine; --install"),
        (("first-chang", "--stack", "mine"), "did you mean first-change?"),
        (("first-change", "--stack", "mine", "--between", "10", "10"), "not two versions of mine"),
        (("first-change", "--stack", "mine", "--finding", "NN-ERLY"), "did you mean NN-EARLY?"),
    ],
)
def test_wrong_usage(
    arguments: tuple[str, ...], says: str, record: Record, negotiation: Run
) -> None:
    record("9.0", "10.0", "11.0")
    ran = negotiation("bisect", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
