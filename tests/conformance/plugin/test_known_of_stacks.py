"""What the plugin takes for known: what stacks do in healthy calls, and no more than that."""

from __future__ import annotations

from pathlib import Path

import pytest

from negotiation.conformance.plugin.verdicts import expected_of, judged

ROOT = Path(__file__).parent.parent.parent.parent
HEALTHY = "perfect-negotiation-*.jsonl.gz"
RECORDED = sorted(
    folder
    for stack in ("chromium", "firefox", "wrtc")
    for folder in (ROOT / "traces" / stack).iterdir()
    if folder.is_dir() and list(folder.glob(HEALTHY))
)
NOTHING = str(ROOT / "tests" / "conformance" / "plugin" / "nothing-expected.json")


@pytest.mark.parametrize(
    "folder", RECORDED, ids=lambda folder: f"{folder.parent.name}-{folder.name}"
)
def test_perfect_negotiation_fails_no_test(folder: Path) -> None:
    files = sorted(folder.glob(HEALTHY))
    gate = judged(files, expected_of(files, [NOTHING], ()), allow_undecided=False)
    found = {
        (one.finding.id, one.finding.about, one.judged.verdict.trace) for one in gate.unexpected
    }
    assert not found
    assert gate.passed


def test_each_row_is_of_a_stack_and_of_one_subject() -> None:
    known = expected_of([], [NOTHING], ()).known
    assert known
    for one in known:
        assert one.row.stacks, one.place
        assert one.row.about or one.row.rule, one.place
        assert one.row.sometimes, one.place
        assert one.row.link, one.place
        assert (ROOT / str(one.row.link)).is_file()
