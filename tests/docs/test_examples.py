"""Every command that a page shows runs; it is shortened where it would take long."""

from __future__ import annotations

import re
import shlex
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from documented import PAGES, ROOT, Example, examples, set_desk

from negotiation.conformance.cli import main
from negotiation.conformance.stacks.registry import row

SHORTER = {
    r"--all\b": "first-change",
    r"--minutes 10\b": "--examples 3",
    r"--examples 500\b": "--examples 3",
    r"--mutation '\*'": "--mutation 'is_chain_empty_in_the_task/*' --examples 20",
    r"^fuzz traces/chromium": "fuzz traces/chromium --examples 5",
    r"^fuzz --stack wrtc --database": "fuzz --stack wrtc --examples 3 --database",
    r"^fuzz --stack chromium --stack firefox": "fuzz --stack chromium --stack firefox --examples 3",
    r"/mnt/shared/examples": "traces",
}
"""What is made shorter of an example, so that it can be run whenever tests are."""

NOT_RUN = {
    "--adapter 'node my-adapter.mjs'": "the reader's own; the tutorial of a Node stack runs it",
    "--stack page": "it waits for a browser elsewhere to connect",
    "--interactive": "it takes the whole terminal; the tests in tmux use it",
    "--install": "it fetches a dozen releases",
    "stacks install": "it fetches releases; CI installs three",
    "--against origin/main": "it needs a repository; `test_against.py` makes some",
    "bisected/": "a recording that the example above it makes, with releases that are fetched",
}
"""Examples that no test runs, and why; their arguments are read all the same."""

FINDS = {"bisect", "check", "coverage", "diff", "fuzz", "stacks"}
"""Commands that end with 1 when they have done their work, and found something."""

CASE = "found/nn-early.case.json"

OF_PAGE: dict[str, list[Example]] = defaultdict(list)
for _example in examples():
    OF_PAGE[_example.page].append(_example)


def is_run(example: Example) -> bool:
    return not any(part in str(example) for part in NOT_RUN)


def shortened(example: Example) -> list[str]:
    told = shlex.join(example.arguments)
    for pattern, shorter in SHORTER.items():
        told = re.sub(pattern, shorter, told)
    return shlex.split(told)


def find_a_case(desk: Path) -> None:
    """What a campaign would have saved."""
    rule = "is_chain_empty_in_the_task/always-true"
    main(["fuzz", "--stack", "model", "--mutation", rule, "--examples", "60", "--seed", "1"])
    case, *_ = (desk / "cases").glob("*.case.json")
    shutil.copytree(desk / "cases", desk / "found")
    shutil.copyfile(case, desk / CASE)


def follow(page: str, desk: Path, monkeypatch: pytest.MonkeyPatch, *, live: bool) -> int:
    """Run the examples of a page, one after another; returns how many."""
    set_desk(desk)
    monkeypatch.chdir(desk)
    if any(CASE in one.arguments for one in OF_PAGE[page]):
        find_a_case(desk)
    ran = 0
    for example in OF_PAGE[page]:
        if is_run(example) and example.is_live == live:
            missing = [name for name in example.stacks if row(name).executable() is None]
            if missing:
                pytest.skip(f"{', '.join(missing)} is not here: {example}")
            good = {0, 1} if example.command in FINDS else {0}
            assert main(shortened(example)) in good, example
            ran += 1
    return ran


@pytest.mark.parametrize("page", OF_PAGE)
def test_the_examples_of_a_page_run(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = sum(is_run(one) and not one.is_live for one in OF_PAGE[page])
    assert follow(page, tmp_path, monkeypatch, live=False) == expected


@pytest.mark.live
@pytest.mark.parametrize("page", [name for name, told in OF_PAGE.items() if any(map(is_run, told))])
def test_the_examples_that_need_a_stack_run(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not follow(page, tmp_path, monkeypatch, live=True):
        pytest.skip("no example of this page needs a stack")


def test_there_are_examples_and_reasons() -> None:
    assert len(OF_PAGE) > 10
    assert {page.relative_to(ROOT).as_posix() for page in PAGES} >= set(OF_PAGE)
    told = [str(one) for of_page in OF_PAGE.values() for one in of_page]
    for part in NOT_RUN:
        assert any(part in one for one in told), f"no example has {part!r} any more"
