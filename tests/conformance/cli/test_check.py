"""The gate: exit codes whatever the format, the JSON's members, and the text."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from negotiation.conformance.reports.falsifying import altered, changed, dropped, repeated

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

    from negotiation.conformance.traces.format import Line

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}
EXPECTED = {"id": "NN-MISSED", "program": "first-change", "reason": "known"}


def expect(folder: str, *rows: dict[str, str]) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, "expectations.json").write_text(json.dumps(rows))


def sideways(lines: list[Line]) -> list[Line]:
    arguments = {"description": {"type": "sideways"}}
    return altered({"args": arguments}, kind="call")(lines)


def torn(file: str) -> str:
    path = Path(file)
    path.write_bytes(path.read_bytes() + b'{"kind":"mark"}\n')
    return file


CASES = {
    "conforms": (0, "conforms"),
    "departure": (1, "violates"),
    "fault": (1, "violates"),
    "note": (0, "conforms"),
    "expected": (0, "violates"),
    "stale": (1, "conforms"),
    "unreadable": (3, "undecided"),
    "undecided": (4, "undecided"),
    "allowed": (0, "undecided"),
    "departure and unreadable": (1, "violates"),
    "unreadable and undecided": (3, "undecided"),
    "expected and undecided": (4, "violates"),
    "no observation": (2, "undecided"),
}


def prepare(case: str, trace: Write) -> list[str]:
    """The traces of a case, in the folder `t`, and the options."""
    if case in ("conforms", "stale"):
        trace("t/a.jsonl")
    if case in ("departure", "expected", "departure and unreadable", "expected and undecided"):
        trace("t/b.jsonl", edit=dropped(**NEEDED))
    if case == "fault":
        trace("t/c.jsonl", "change-while-an-operation-fails")
    if case == "note":
        trace("t/d.jsonl", "implicit-rollback")
    if case in ("expected", "stale", "expected and undecided"):
        expect("t", EXPECTED)
    if "unreadable" in case:
        torn(trace("t/e.jsonl"))
    if "undecided" in case or case == "allowed":
        trace("t/f.jsonl", "two-tracks-in-one-offer", edit=sideways)
    if case == "no observation":
        trace("t/g.jsonl", edit=lambda lines: lines[:1])
    return ["t", "--allow-undecided"] if case == "allowed" else ["t"]


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("case", CASES)
def test_exit_code_of(case: str, format: str, negotiation: Run, trace: Write) -> None:
    code, verdict = CASES[case]
    ran = negotiation("check", *prepare(case, trace), "--format", format)
    assert ran.code == code
    if format == "json":
        told = json.loads(ran.out)
        assert told["verdict"] == verdict
        assert told["passed"] == (code == 0)
        assert told["exit_code"] == code


def test_nothing_to_check_is_told_in_one_line(negotiation: Run, trace: Write) -> None:
    ran = negotiation("check", *prepare("no observation", trace))
    assert ran.err.splitlines() == [
        "negotiation: nothing was checked; the traces hold no observation, record some"
    ]


def test_json_has_all_members(negotiation: Run, trace: Write) -> None:
    trace("t/b.jsonl", edit=dropped(**NEEDED))
    told = json.loads(negotiation("check", "t", "--format", "json").out)
    assert set(told) == {
        "passed",
        "exit_code",
        "verdict",
        "traces",
        "observations",
        "findings",
        "stale",
        "undecided",
        "unreadable",
        "baseline",
        "against",
        "assumptions",
        "verdicts",
        "seconds",
    }
    assert (told["traces"], told["observations"]) == (1, 6)
    (finding,) = told["findings"]
    assert finding | {"states": [], "assumptions": []} == {
        "id": "NN-MISSED",
        "class": "departure",
        "blame": "stack",
        "trace": "t/b.jsonl",
        "line": 4,
        "peer": "A",
        "stack": "model 1a2dfb478b3e",
        "stack_name": "model",
        "program": "first-change",
        "message": "nothing happens any more, but negotiationneeded is still to come",
        "about": "",
        "observed": "idle (quiet for 100 ms, the stack is alive)",
        "anchor": "#dfn-update-the-negotiation-needed-flag",
        "url": "https://w3c.github.io/webrtc-pc/#dfn-update-the-negotiation-needed-flag",
        "expected": ["negotiationneeded"],
        "states": [],
        "refused_by": None,
        "step": None,
        "alternative": None,
        "rests_on": [],
        "after": None,
        "expected_by": None,
        "known_since": None,
        "unchanged": False,
        "replay": "negotiation replay t/b.jsonl:4",
        "assumptions": [],
    }


def test_json_says_by_what_a_finding_is_expected(negotiation: Run, trace: Write) -> None:
    trace("t/b.jsonl", edit=dropped(**NEEDED))
    expect("t", EXPECTED)
    (finding,) = json.loads(negotiation("check", "t", "--format", "json").out)["findings"]
    expected = finding["expected_by"]
    assert (expected["file"], expected["number"]) == ("t/expectations.json", 1)
    assert expected["reason"] == "known"


def test_undecided_and_unreadable_are_listed_with_reasons(negotiation: Run, trace: Write) -> None:
    prepare("unreadable and undecided", trace)
    told = json.loads(negotiation("check", "t", "--format", "json").out)
    assert told["undecided"] == [
        {"trace": "t/f.jsonl", "reasons": [told["undecided"][0]["reasons"][0]]}
    ]
    assert "sideways" in told["undecided"][0]["reasons"][0]
    (unreadable,) = told["unreadable"]
    assert unreadable["trace"] == "t/e.jsonl"
    assert unreadable["error"].startswith("t/e.jsonl:9: field `n`: is missing")


def test_a_consequence_of_an_expected_finding_is_expected(negotiation: Run, trace: Write) -> None:
    from negotiation.conformance.reports.examples import EXAMPLES

    trace("t/late.jsonl", edit=EXAMPLES["NN-LATE"].edit)
    expect("t", EXPECTED)
    ran = negotiation("check", "t", "--format", "json")
    assert ran.code == 0
    assert [one["id"] for one in json.loads(ran.out)["findings"]] == ["NN-MISSED", "NN-LATE"]


def test_stdin_and_gzip(negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    content = gzip.compress(Path(trace("a.jsonl")).read_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert negotiation("check", "-").code == 0
    assert negotiation("check", trace("a.jsonl.gz")).code == 0


@pytest.mark.parametrize("how", [{}, {"sort_keys": True}, {"separators": (",", ":")}])
def test_stdin_is_a_trace_however_its_json_is_written(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch, how: dict[str, Any]
) -> None:
    lines = Path(trace("a.jsonl")).read_text().splitlines()
    content = "".join(json.dumps(json.loads(line), **how) + "\n" for line in lines)
    piped = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content.encode())))
    monkeypatch.setattr(sys, "stdin", piped)
    assert negotiation("check", "-").code == 0


def test_stdin_does_not_mix_with_files(negotiation: Run, trace: Write) -> None:
    ran = negotiation("check", "-", trace("a.jsonl"))
    assert (ran.code, ran.out) == (2, "")
    assert "cannot be mixed" in ran.err


def test_the_report_goes_to_a_file(negotiation: Run, trace: Write) -> None:
    ran = negotiation("check", trace("a.jsonl"), "--output", "report.txt")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Path("report.txt").read_text().startswith("Passed.")
    ran = negotiation("check", "a.jsonl", "--output", "nowhere/report.txt")
    assert ran.code == 2
    assert ran.err.startswith("negotiation: nowhere/report.txt: cannot be written")


def refused_rollback(lines: list[Line]) -> list[Line]:
    """A rollback by setRemoteDescription in have-local-offer, refused as the test suite wants."""
    before, resolve = lines[:11], lines[12]
    state = msgspec.to_builtins(before[-1])["state"]
    reject = {"kind": "reject", "error": "InvalidStateError", "state": state}
    return [*before, changed(resolve, reject)]


def test_a_reading_takes_a_finding_away(negotiation: Run, trace: Write) -> None:
    file = trace("a.jsonl", "rollback-by-the-other-method", edit=refused_rollback)
    (finding,) = json.loads(negotiation("check", file, "--format", "json").out)["findings"]
    assert finding["id"] == "OP-REJECTED"
    assert finding["rests_on"][0].startswith("rollback-of-the-other-side: ")
    reading = "--reading=rollback-of-the-other-side=both"
    told = json.loads(negotiation("check", file, reading, "--format", "json").out)
    assert [one["id"] for one in told["findings"]] == ["APP-WRONG-STATE"]
    assert told["assumptions"][-1] == "rollback-of-the-other-side: both readings"


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--reading=prior-to-pendin=both", "did you mean prior-to-pending?"),
        ("--reading=prior-to-pending=on", "write prior-to-pending=default or"),
        ("--freedom=starting-over=maybe", "write starting-over=on or starting-over=off"),
        ("--freedom=prior-to-pending=on", "there is no 'prior-to-pending'"),
        ("--format=xml", "invalid choice: 'xml'"),
        ("--frmat=xml", "unrecognized arguments"),
    ],
)
def test_wrong_options_are_told_in_one_line(
    option: str, says: str, negotiation: Run, trace: Write
) -> None:
    ran = negotiation("check", trace("a.jsonl"), option)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert says in ran.err


def test_text_tells_findings_in_full(negotiation: Run, trace: Write, golden: Golden) -> None:
    trace("t/duplicate.jsonl", edit=repeated(**NEEDED))
    trace("t/fault.jsonl", "change-while-an-operation-fails")
    trace("t/missed.jsonl", "change-while-an-operation-is-outstanding", edit=dropped(**NEEDED))
    trace("t/note.jsonl", "implicit-rollback")
    prepare("unreadable and undecided", trace)
    row = {"id": "OP-ORDER", "program": "implicit-rollback", "reason": "was so once"}
    known = {"id": "NN-MISSED", "program": "change-*", "reason": "the stack forgets it"}
    expect("t", row, known)
    golden("check.txt", negotiation("check", "t").out)


def test_text_of_what_conforms(negotiation: Run, trace: Write, golden: Golden) -> None:
    golden("check-passed.txt", negotiation("check", trace("a.jsonl")).out)
