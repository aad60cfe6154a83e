"""All programs that come along, recorded in a page with the shim and in one without."""

from __future__ import annotations

from pathlib import Path

import pytest
from shimmed import recorded, written

from negotiation.conformance.programs.library import load, names
from negotiation.conformance.reports.comparing import compared

pytest.importorskip("playwright", reason="Playwright is not installed (pip install playwright)")

pytestmark = [pytest.mark.slow, pytest.mark.live]  # some minutes: hundreds of pages

RACING = {
    "close-in-the-signalingstatechange-handler",
    "close-leaves-promises-pending",
    "refused-rollbacks-are-rejected-in-the-same-task",
}
"""Programs that are recorded in more than one way without the shim, too: docs/shim.md."""

TRIES = 5


@pytest.mark.parametrize("start", range(0, len(names()), 20))
def test_the_page_recorder_sees_the_same(start: int, tmp_path: Path) -> None:
    programs = [load(name) for name in names()[start : start + 20] if name not in RACING]
    for _ in range(TRIES):
        different = []
        pairs = zip(
            recorded(programs, shimmed=False), recorded(programs, shimmed=True), strict=True
        )
        for bare, shimmed in pairs:
            assert bare.recording.outcome == shimmed.recording.outcome
            if bare.recording.lines:
                ours = written(bare.recording, tmp_path / "without.jsonl")
                theirs = written(shimmed.recording, tmp_path / "with.jsonl")
                if compared("", ours, theirs).differences:
                    different.append(bare.recording.program)
        programs = different
        if not programs:
            return
    assert not [program.name for program in programs]
