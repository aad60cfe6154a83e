"""What is kept beside the traces of a test that failed: their replays, and what was expected."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import msgspec

from ..errors import NegotiationError
from ..importing.opening import read_recording
from ..reports.expectations import FILE, is_below
from ..reports.gate import Gate
from ..reports.judged import Judged
from ..reports.replay_page.page import replay_as_page
from ..reports.replaying import Replay
from ..reports.rows_of_text import with_rows
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


def write_expectations(gate: Gate, expected: Expected, folder: Path) -> None:
    """Writes what the test said, and what else covered its findings, as a file beside its traces.

    So whoever judges these traces again (`negotiation check`) comes to the same. What files above
    expect is found there.
    """
    if not any(is_below(one.verdict.trace, str(folder)) for one in gate.judged):
        return
    covering = [one.expected_by for one in gate.weighed if one.expected_by is not None]
    told = dict.fromkeys([*expected.own, *covering, *(one.expectation for one in gate.stale)])
    rows = [msgspec.to_builtins(one.row) for one in told if one.folder is None]
    if rows:
        plain = [{name: row[name] for name in row if row[name]} for row in rows]
        (folder / FILE).write_text(with_rows("[]", plain), encoding="utf-8")


def _free(folder: Path, stem: str) -> Path:
    """A name that no other trace's replay has: traces of the test's own may be called alike."""
    more = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    files = (folder / f"{stem}{one}.replay.html" for one in more)
    return next(file for file in files if not file.exists())


def _from_here(trace: Path) -> str:
    """The trace as somebody in this folder would name it: pages are shown to others."""
    here = f"{os.getcwd()}{os.sep}"
    return str(trace).removeprefix(here)
