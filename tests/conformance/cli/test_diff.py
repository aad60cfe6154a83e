"""`negotiation diff`: two recordings, or two folders of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.reports.falsifying import altered, dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

LATER = altered({"date": "2027-01-01"}, kind="header")
OTHER = altered({"error": "TypeError"}, kind="reject")
FAILS = "change-while-an-operation-fails"


def test_two_that_tell_the_same(negotiation: Run, trace: Write) -> None:
    ran = negotiation("diff", trace("a/one.jsonl"), trace("b/two.jsonl.gz", edit=LATER))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "1 pair of traces compared: no difference.\n"


def test_two_that_differ(negotiation: Run, trace: Write, golden: Golden) -> None:
    ran = negotiation("diff", trace("a/p.jsonl", FAILS), trace("b/p.jsonl", FAILS, edit=OTHER))
    assert ran.code == 1
    golden("diff.txt", ran.out)


def test_folders(negotiation: Run, trace: Write, golden: Golden) -> None:
    for name in ("same", "lost", "below/same", "only-first"):
        trace(f"a/{name}.jsonl")
    trace("b/same.jsonl.gz", edit=LATER)
    trace("b/lost.jsonl", edit=dropped(kind="idle"))
    trace("b/below/same.jsonl")
    trace("b/only-second.jsonl")
    ran = negotiation("diff", "a", "b")
    assert ran.code == 1
    golden("diff-folders.txt", ran.out)


def test_as_json(negotiation: Run, trace: Write) -> None:
    trace("a/p.jsonl", FAILS)
    trace("a/alone.jsonl")
    trace("b/p.jsonl", FAILS, edit=OTHER)
    told = json.loads(negotiation("diff", "a", "b", "--format", "json").out)
    assert told["alone"] == ["a/alone.jsonl"]
    (pair,) = told["pairs"]
    (one,) = pair.pop("differences")
    assert pair == {"name": "p", "first": "a/p.jsonl", "second": "b/p.jsonl"}
    assert one["peer"] == "A"
    assert one["first"]["line"] == one["second"]["line"]
    assert one["fields"] == ['error: "InvalidStateError", then "TypeError"']


def test_what_cannot_be_read_to_its_end(negotiation: Run, trace: Write) -> None:
    first, second = trace("a.jsonl"), trace("b.jsonl")
    Path(first).write_bytes(Path(first).read_bytes() + b"{}\n")
    ran = negotiation("diff", first, second)
    assert ran.code == 3
    assert ran.err.startswith("negotiation: a.jsonl:9: field `kind`: is missing")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a", "b"), "a and b have no trace of the same name"),
        (("a", "b/y.jsonl"), "name two traces, or two folders"),
        (("a/x.jsonl",), "are required: B; see negotiation diff --help"),
        (("nowhere", "b"), "nowhere: there is no such file or folder"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says: str, negotiation: Run, trace: Write) -> None:
    for file in ("a/x.jsonl", "a/z.jsonl", "b/y.jsonl"):
        trace(file)
    ran = negotiation("diff", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
