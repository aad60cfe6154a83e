"""`negotiation expectations`: the table, the proposals, what is written, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.reports.falsifying import dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

FILE = "t/expectations.json"
MISSED = dropped(kind="event", name="negotiationneeded")

ROWS: list[dict[str, Any]] = [
    {
        "id": "NN-MISSED",
        "stack": "chrom*",
        "versions": ">=106,<150",
        "program": ["first-change", "change-undone-later"],
        "reason": "The event is lost when the page was opened in the background, which takes a "
        "long sentence to say.",
    },
    {"id": "APP-WRONG-STATE", "program": "rollback-*", "reason": ""},
]


@pytest.fixture(autouse=True)
def _nothing_above_counts(tmp_path: Path, _in_a_folder_of_its_own: None) -> None:
    (tmp_path / ".git").mkdir()


def expect(*rows: object) -> str:
    text = json.dumps(rows)
    Path(FILE).parent.mkdir(exist_ok=True)
    Path(FILE).write_text(text)
    return text


def test_list(negotiation: Run, trace: Write, golden: Golden) -> None:
    trace("t/a.jsonl")
    expect(*ROWS)
    golden("expectations-list.txt", negotiation("expectations", "list", "t").out)
    assert negotiation("expectations", "list", FILE).out == (
        negotiation("expectations", "list", "t", FILE, "t/a.jsonl").out
    )


def test_list_of_a_stack_as_json(negotiation: Run) -> None:
    expect(*ROWS)
    ran = negotiation("expectations", "list", FILE, "--stack", "firefox", "--format", "json")
    (row,) = json.loads(ran.out)
    assert (row["id"], row["number"], row["program"]) == ("APP-WRONG-STATE", 2, ["rollback-*"])
    told = json.loads(negotiation("expectations", "list", FILE, "--format", "json").out)
    assert [one["file"] for one in told] == [FILE, FILE]


def test_list_of_nothing(negotiation: Run) -> None:
    expect(ROWS[0])
    ran = negotiation("expectations", "list", FILE, "--stack", "firefox")
    assert (ran.code, ran.out) == (0, "Nothing is expected of firefox there.\n")


def test_update_shows_a_diff_and_changes_nothing(
    negotiation: Run, trace: Write, golden: Golden
) -> None:
    trace("t/a.jsonl", edit=MISSED)
    trace("t/b.jsonl", "change-undone-later")
    text = expect({**ROWS[0], "stack": "*", "versions": ">0", "program": "change-undone-later"})
    ran = negotiation("expectations", "update", "t")
    assert ran.code == 1
    assert Path(FILE).read_text() == text
    golden("expectations-update.txt", ran.out)


def test_update_writes_and_check_asks_for_the_reason(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    ran = negotiation("expectations", "update", "t", "--write")
    assert ran.code == 1
    assert "Wrote 1 new row." in ran.out
    assert f"{FILE}: write the reason in row 1" in ran.out
    checked = negotiation("check", "t")
    assert checked.code == 2
    assert f"{FILE}: field `[0].reason`: the reason for NN-MISSED of first-change" in checked.err
    Path(FILE).write_text(Path(FILE).read_text().replace('"reason": ""', '"reason": "known"'))
    before = Path(FILE).read_bytes()
    assert negotiation("check", "t").code == 0
    again = negotiation("expectations", "update", "t", "--write")
    assert (again.code, again.out) == (
        0,
        "Nothing to change: every finding has its row, and every row its findings.\n",
    )
    assert Path(FILE).read_bytes() == before


def test_update_as_json(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl")
    expect({**ROWS[0], "stack": "model", "versions": ">0"})
    ran = negotiation("expectations", "update", "t", "--format", "json", "--write")
    assert ran.code == 0
    told = json.loads(ran.out)
    (file,) = told["files"]
    diff = file.pop("diff")
    assert diff[0] == f"--- {FILE}"
    assert file == {
        "file": FILE,
        "changed": True,
        "added": [],
        "gone": [{"number": 1, "id": "NN-MISSED", "programs": ["first-change"], "row": False}],
        "unfilled": [],
    }
    assert (told["written"], told["exit_code"]) == (True, 0)
    (row,) = json.loads(Path(FILE).read_text())
    assert row["program"] == ["change-undone-later"]


def test_exit_codes_of_traces_that_cannot_be_judged(negotiation: Run, trace: Write) -> None:
    path = Path(trace("t/a.jsonl"))
    path.write_bytes(path.read_bytes() + b'{"kind":"mark"}\n')
    assert negotiation("expectations", "update", "t").code == 3
    trace("t/a.jsonl", edit=lambda lines: lines[:1])
    ran = negotiation("expectations", "update", "t")
    assert ran.code == 2
    assert ran.err == (
        "negotiation: nothing was judged; the traces hold no observation, record some\n"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "the following arguments are required: COMMAND; see negotiation expectations --help"),
        (["forget"], "invalid choice: 'forget'"),
        (["update"], "required: TRACE; see negotiation expectations update --help"),
        (["list", "nowhere.json"], "nowhere.json: cannot be read"),
        (["update", "-", "t"], "cannot be mixed with files"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str, negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl")
    ran = negotiation("expectations", *arguments)
    assert ran.code == 2
    assert says in ran.err
