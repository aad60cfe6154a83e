"""All writers of dumps, by format and generation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from functools import partial

from negotiation.conformance.traces.format import Line

from . import firefox, gstreamer, rtcstats, webrtc_internals


def _internals(lines: Iterable[Line], generation: str) -> bytes:
    recording = webrtc_internals.Recording(lines)
    peers = dict.fromkeys(one.peer for one in recording.observations)
    told = {peer: webrtc_internals.told(recording, peer, generation) for peer in peers}
    return webrtc_internals.written(told, generation)


def _rtcstats(lines: Iterable[Line], format: str) -> bytes:
    rows = rtcstats.rows_of(rtcstats.seen(lines, format), format)
    return rtcstats.WRITERS[format](rows, random.Random(1))


WRITERS: dict[str, Callable[[Iterable[Line]], bytes]] = {
    "firefox-report": firefox.report,
    "firefox-page": firefox.page,
    "gstreamer": lambda lines: gstreamer.log(lines),
    "gstreamer-quiet": lambda lines: gstreamer.log(lines, traced=False, coloured=True),
    **{
        f"internals-{generation.lower()}": partial(_internals, generation=generation)
        for generation in "ABCDE"
    },
    **{format: partial(_rtcstats, format=format) for format in rtcstats.WRITERS},
}
"""From the lines of a recording to a dump that the tool would have written of it."""
