"""`negotiation stacks test`: what it prints, and its exit code."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run

DOUBLE = str(Path(__file__).parent.parent / "stacks" / "doubles" / "adapter.py")


def test_a_good_adapter(negotiation: Run, golden: Golden) -> None:
    ran = negotiation("stacks", "test", "--timeout", "10", "--", sys.executable, DOUBLE)
    assert (ran.code, ran.err) == (0, "")
    golden("stacks-test.txt", ran.out)


def test_a_bad_adapter(negotiation: Run, golden: Golden) -> None:
    bad = (sys.executable, DOUBLE, "forgets-settlements")
    ran = negotiation("stacks", "test", "--timeout", "10", "--", *bad)
    assert ran.code == 1
    golden("stacks-test-bad.txt", re.sub(r"call \d+", "call N", ran.out))


def test_as_json(negotiation: Run) -> None:
    bad = (sys.executable, DOUBLE, "says-nothing")
    ran = negotiation("stacks", "test", "--timeout", "0.5", "--format", "json", "--", *bad)
    told = json.loads(ran.out)
    assert (ran.code, told["passed"], told["command"]) == (1, False, list(bad))
    results = {one["id"]: one["result"] for one in told["checks"]}
    assert (results["hello"], results["runs"]) == ("wrong", "not tried")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["test"], "the following arguments are required: CMD"),
        (["test", "--timeout", "0", "--", "x"], "argument --timeout: '0' is no positive number"),
        (["tset"], "invalid choice: 'tset'"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str, negotiation: Run) -> None:
    ran = negotiation("stacks", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_what_cannot_be_started(negotiation: Run) -> None:
    ran = negotiation("stacks", "test", "--", "/no/such/adapter")
    assert ran.code == 1
    assert "/no/such/adapter cannot be started" in ran.out
