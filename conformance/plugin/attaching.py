"""What is attached to a test that failed: the replay of each trace, beside it."""

from __future__ import annotations

from pathlib import Path

from ..checking.judging import Checker
from ..errors import NegotiationError
from ..importing.opening import read_recording
from ..reports.expectations import known_of_browsers
from ..reports.paper import Paper
from ..reports.replaying import Replay, tell_steps
from ..reports.story import story_of
from ..reports.story_text import tell_story


def write_replay(trace: Path, folder: Path) -> Path | None:
    """Writes the replay of a trace into a folder; None where the trace cannot be read."""
    try:
        replay = Replay(read_recording(str(trace)), Checker(), None)
    except NegotiationError:
        return None
    paper = Paper()
    tell_story(paper, story_of(replay, known_of_browsers()))
    paper.blank()
    tell_steps(paper, replay, replay.steps(states=0))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{trace.name.partition('.')[0]}.replay.txt"
    file.write_text(paper.text(), encoding="utf-8")
    return file
