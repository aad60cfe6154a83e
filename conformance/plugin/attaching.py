"""What is attached to a test that failed: the replay of each trace, beside it."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from ..errors import NegotiationError
from ..importing.opening import read_recording
from ..reports.judged import Judged
from ..reports.replay_page.page import replay_as_page
from ..reports.replaying import Replay
from .verdicts import Expected, checker


def write_replay(judged: Judged, folder: Path, expected: Expected) -> Path | None:
    """Writes the replay of a trace as a page; None where the trace cannot be read.

    What is expected is told as known.
    """
    trace = Path(judged.verdict.trace)
    try:
        wanted = expected.unexpected(judged)
        replay = Replay(read_recording(_from_here(trace)), checker(), wanted=wanted)
        page = replay_as_page(replay, expected.every)
    except NegotiationError:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    file = _free(folder, trace.name.partition(".")[0])
    file.write_text(page, encoding="utf-8")
    return file


def _free(folder: Path, stem: str) -> Path:
    """A name that no other trace's replay has: traces of the test's own may be called alike."""
    more = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    files = (folder / f"{stem}{one}.replay.html" for one in more)
    return next(file for file in files if not file.exists())


def _from_here(trace: Path) -> str:
    """The trace as somebody in this folder would name it: pages are shown to others."""
    here = f"{os.getcwd()}{os.sep}"
    return str(trace).removeprefix(here)
