"""Steps of the specification that are cited anywhere exist: numbers do not rot unnoticed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from negotiation.model.algorithms import ALGORITHMS, algorithm_at

ROOT = Path(__file__).parent.parent
KINDS = ("py", "js", "mjs", "go")
CITING = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "tests/expected").glob("*.txt")),
    *sorted((ROOT / "traces").rglob("expectations.json")),
    *(path for kind in KINDS for path in sorted((ROOT / "traces").rglob(f"*.{kind}"))),
]

NUMBER = r"\d+(?:\.(?:\d+|[a-z])\b)*"
CITED = re.compile(rf"(#[a-z][a-z-]+)[`)]*, (?:step )?({NUMBER}(?:(?:, | and |, and ){NUMBER})*)")
"""An anchor and the numbers behind it: "#set-description, 4.6.5.2 and 4.6.6.2"."""

DEEP = re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}")
"""A number that can be nothing but a step's, where only steps are cited."""


def cited(text: str) -> Iterator[tuple[str, str]]:
    """The anchors and numbers that a text cites."""
    for anchor, numbers in CITED.findall(re.sub(r"\n(?:#|//)? *", " ", text)):
        yield from ((anchor, number) for number in re.findall(NUMBER, numbers))


def missing(text: str) -> list[tuple[str, str]]:
    """What a text cites of an algorithm in the table, and the table does not have."""
    return [
        (anchor, number)
        for anchor, number in cited(text)
        if (algorithm := algorithm_at(anchor)) is not None and algorithm.step(number) is None
    ]


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_step_that_is_cited_by_its_anchor_exists(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8")) == []


def test_steps_that_expectations_of_programs_rest_on_exist() -> None:
    known = {step.number for one in ALGORITHMS for step in one.steps}
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests/expected").glob("*.txt"))
    told = {number for text in texts for line in text.splitlines() for number in in_comment(line)}
    assert sorted(told - known) == []


def in_comment(line: str) -> list[str]:
    return DEEP.findall(line) if line.startswith("#") else []


def test_what_does_not_exist_is_noticed() -> None:
    assert list(cited("(`#set-description`, 4.6.5.2 and 4.6.6.2)")) == [
        ("#set-description", "4.6.5.2"),
        ("#set-description", "4.6.6.2"),
    ]
    assert missing("#dfn-chain, 7.4.2, 7.5 and 2") == [("#dfn-chain", "7.5")]
    assert missing("#no-algorithm, 7") == []
