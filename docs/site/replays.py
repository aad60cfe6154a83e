"""The recordings that pages lead to, each as a page on which it can be stepped through."""

from __future__ import annotations

import re
from pathlib import Path

from sightings import Seen

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.opening import read_recording
from negotiation.conformance.reports.expectations import expectations_for
from negotiation.conformance.reports.replay_page import replay_as_page
from negotiation.conformance.reports.replaying import Replay

FOLDER = "replays"


def place_of(trace: str) -> str:
    """Where the page of a trace is in the site."""
    name = re.sub(r"\.jsonl(\.gz)?$", "", trace.removeprefix("traces/"))
    return f"{FOLDER}/{re.sub(r'[^A-Za-z0-9.+-]+', '-', name)}.html"


def link_to(seen: Seen, root: str = "") -> str:
    """A link, in HTML, to the line in which it is seen; `root` leads to the site's root."""
    return f'<a href="{root}{place_of(seen.trace)}#line={seen.line}">step through it</a>'


def write_replays(folder: Path, traces: set[str]) -> None:
    """Write the pages of these traces into the folder of the site."""
    checker = Checker()
    for trace in sorted(traces):
        target = folder / place_of(trace)
        target.parent.mkdir(parents=True, exist_ok=True)
        replay = Replay(read_recording(trace), checker)
        target.write_text(replay_as_page(replay, expectations_for([trace])), "utf-8")
