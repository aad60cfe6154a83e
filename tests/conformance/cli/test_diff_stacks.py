"""`negotiation diff STACK STACK`: looked up among recordings, told by what differs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.reports.falsifying import Edit, altered, dropped, unchanged

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

    from negotiation.conformance.traces.format import Line

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}
FAILS = "change-while-an-operation-fails"
MISSED = dropped(**NEEDED)
OTHER = altered({"error": "TypeError"}, kind="reject")


def of(stack: str, edit: Edit = unchanged) -> Edit:
    name, _, version = stack.partition("@")

    def edited(lines: list[Line]) -> list[Line]:
        peer = {"stack": {"name": name, "version": version}, "recorder": "r"}
        return edit(altered({"peers": {"A": peer}}, kind="header")(lines))

    return edited


@pytest.fixture
def recorded(trace: Write) -> None:
    trace("traces/a/9/first.jsonl", edit=of("a@9.1"))
    trace("traces/a/9/fails.jsonl", FAILS, edit=of("a@9.1"))
    trace("traces/a/9/two.jsonl", "two-changes-in-one-task", edit=of("a@9.1"))
    trace("traces/a/9/alone.jsonl", "two-tracks-in-one-offer", edit=of("a@9.1"))
    trace("traces/a/10/first.jsonl", edit=of("a@10.0"))
    trace("traces/b/1/first.jsonl", edit=of("b@1", MISSED))
    trace("traces/b/1/fails.jsonl", FAILS, edit=of("b@1", OTHER))
    trace("traces/b/1/two.jsonl", "two-changes-in-one-task", edit=of("b@1", MISSED))


@pytest.mark.usefixtures("recorded")
def test_golden(negotiation: Run, golden: Golden) -> None:
    ran = negotiation("diff", "a@9", "b")
    assert (ran.code, ran.err) == (1, "")
    golden("diff-stacks.txt", ran.out)


@pytest.mark.usefixtures("recorded")
def test_as_json(negotiation: Run) -> None:
    told = json.loads(negotiation("diff", "a@9", "b@1", "--format", "json").out)
    assert (told["first"], told["second"]) == ("a 9.1", "b 1")
    assert told["only_first"] == ["two-tracks-in-one-offer"]
    missed, error = told["groups"]
    assert missed["what"] == "negotiationneeded fires in a, not in b"
    assert missed["programs"] == ["first-change", "two-changes-in-one-task"]
    assert (missed["first_departs"], missed["second_departs"]) == ({}, {"NN-MISSED": 2})
    assert missed["both_conform"] == 0
    assert error["second_departs"] == {"OP-ERROR": 1}
    (one,) = error["differences"]
    assert one["first"]["observed"].startswith("createAnswer #1 rejects with InvalidStateError")
    assert one["second"]["replay"].startswith("negotiation replay traces/b/1/fails.jsonl:")


@pytest.mark.usefixtures("recorded")
def test_two_versions_of_one_stack(negotiation: Run) -> None:
    ran = negotiation("diff", "a@9.1", "a")
    assert ran.code == 0
    assert ran.out.startswith("a 9.1 and a 10.0: 1 program recorded on both, 0 of them differ.")
    Path("traces").rename("elsewhere")
    assert negotiation("diff", "a@9.1", "a", "--traces", "elsewhere").code == 0


@pytest.mark.usefixtures("recorded")
def test_what_cannot_be_read_to_its_end(negotiation: Run) -> None:
    path = Path("traces/a/10/first.jsonl")
    path.write_bytes(path.read_bytes() + b"{}\n")
    ran = negotiation("diff", "a@9", "a@10")
    assert ran.code == 3
    assert ran.err.startswith("negotiation: traces/a/10/first.jsonl:9: ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a@8", "b"), "a@8: this version is not recorded; there are 9.1, 10.0"),
        (("aa", "b"), "there is no recording of 'aa' in traces; did you mean a?"),
        (("a", "zzz"), "recorded there is a, b"),
        (("a", "b", "--traces", "nowhere"), "there is no folder nowhere with recordings"),
        (("a@x/y", "b"), "a@x/y: there is no such file or folder"),
    ],
)
@pytest.mark.usefixtures("recorded")
def test_wrong_usage(arguments: tuple[str, ...], says: str, negotiation: Run) -> None:
    ran = negotiation("diff", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
