"""The table of the formats that can be imported."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import BinaryIO

import msgspec

from .entries import Dump

HEAD = 64 * 1024
"""How many bytes from the beginning a format is recognised by, unpacked."""


class Format(msgspec.Struct, frozen=True):
    """A format of dumps. `module` has `recognises(head: bytes) -> bool` and
    `read(stream: BinaryIO, dump: Dump) -> None`.

    `read` fills the dump as it goes, so that what came before an error is kept, and raises nothing
    but BrokenOffError. `limits` says what can never be concluded from such a dump, for people.
    """

    name: str
    says: str
    module: str
    limits: str

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins so is of this format."""
        return bool(self._module.recognises(head))

    def read(self, stream: BinaryIO, dump: Dump) -> None:
        """Read the unpacked file.

        Raises:
            BrokenOffError: it could not be read to its end.
        """
        self._module.read(stream, dump)

    @property
    def _module(self) -> ModuleType:
        return importlib.import_module(f".{self.module}", __package__)


FORMATS: tuple[Format, ...] = (
    Format(
        "rtcstats-0",
        "a dump of the first rtcstats, of 2016",
        "rtcstats.objects",
        "as rtcstats; the browsers of its time settled before they told of a change of state, and "
        "the two are put in order; they spoke Plan B",
    ),
    Format(
        "webrtc-internals",
        "a dump of chrome://webrtc-internals",
        "webrtc_internals",
        "nothing is seen before the page is opened, nor after close(); not stop(), direction, "
        "setStreams, replaceTrack, setParameters, and before generation E not restartIce and only "
        "some of addTrack, addTransceiver and removeTrack; the order is not JavaScript's; where "
        "only a time of day is written, it is known to a second, and told as UTC where no "
        "statistics show the zone",
    ),
    Format(
        "webrtc-internals-rtcstats",
        "an RTCStats file saved by chrome://webrtc-internals",
        "webrtc_internals.export",
        "as a dump of chrome://webrtc-internals; of the version only the major number",
    ),
    Format(
        "firefox-report",
        "a report of Firefox's about:webrtc",
        "firefox_report",
        "calls of setLocalDescription and setRemoteDescription only, without how they ended; types "
        "of descriptions are concluded; no other call, no event, no state",
    ),
    Format(
        "firefox-page",
        "a saved page of Firefox's about:webrtc",
        "firefox_page",
        "as a report of about:webrtc, without the entries that share their time with another; in "
        "pages without a history (seen of Firefox 71) only what was in force in the end, and not "
        "since when",
    ),
    Format(
        "rtcstats-getstream",
        "what GetStream's tracer gathered",
        "rtcstats.tracer",
        "createOffer, createAnswer, set*Description, addIceCandidate and close, and no other call; "
        "nothing from before records were dropped",
    ),
    Format(
        "peermetrics",
        "events that peermetrics gathered, or that its API gives",
        "rtcstats.peermetrics",
        "events alone: which description must have been set before a change of state is concluded, "
        "and no other call; times are known to what the network allows",
    ),
    Format(
        "gstreamer",
        "a debug log of GStreamer's webrtcbin",
        "gstreamer",
        "calls are told when their operation begins, and success is concluded from what follows; "
        "events and texts of descriptions at level 7 (TRACE) only; no pads, data channels or "
        "candidates",
    ),
    Format(
        "rtcstats",
        "a dump of rtcstats, or of its fork in Jitsi Meet",
        "rtcstats.records",
        "not stop(), direction, setStreams, replaceTrack, setParameters, restartIce and "
        "setConfiguration, and addTransceiver in Jitsi's alone; addStream and removeStream are "
        "remarks; Jitsi leaves descriptions out: types are concluded, and what a "
        "setLocalDescription was given, if anything; calls of connections without a name are kept "
        "only if one connection can have made them all",
    ),
    Format(
        "rtcstats-3",
        "a dump of rtcstats, of 2025 or later",
        "rtcstats.numbered",
        "not stop(), direction and setStreams; replaceTrack is a remark; descriptions are put "
        "together from what they have in common with earlier ones, without the candidates that "
        "the browser has added to these",
    ),
)


def format_of(head: bytes) -> Format | None:
    """The format of a file that begins so; None: it is of none of these."""
    return next((one for one in FORMATS if one.recognises(head)), None)
