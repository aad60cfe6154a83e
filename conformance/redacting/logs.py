"""Logs, line by line: what GStreamer writes before its messages stays, and descriptions' lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .texts import Texts

_GAP = r"(?: |\x1b\[[0-9;]*m)+"
_GSTREAMER = re.compile(
    rf"((?:{_GAP})?\d+:\d\d:\d\d\.\d{{9}}{_GAP}\d+{_GAP}(?:0x[0-9a-f]+|\(nil\)){_GAP}[A-Z]+{_GAP}"
    rf"(?P<category>[\w-]+){_GAP}[\w./-]+:\d+:[\w-]*:)(.*)",
    re.DOTALL,
)
_SDP_LINE = re.compile(r"[a-z]=")


class Logs:
    """Redacts the lines of a log."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def redacted(self, lines: Iterable[str]) -> Iterator[bytes]:
        """The lines, each with its end."""
        for line in lines:
            text = line.rstrip("\r\n")
            yield (self._line(text) + line[len(text) :]).encode("utf-8", "replace")

    def _line(self, text: str) -> str:
        if _SDP_LINE.match(text):
            return self._texts.line(text)
        told = _GSTREAMER.fullmatch(text)
        if told is None:
            return self._texts.unknown(text)
        is_known = told["category"].startswith("webrtc")
        return told[1] + (self._texts.known if is_known else self._texts.unknown)(told[3])
