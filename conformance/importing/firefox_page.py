"""Firefox's about:webrtc as a saved page: its SDP history, by structure and not by words.

The page may be in any language: elements are known by their classes, ids and data-l10n-id, times by
data-l10n-args. The page shows no entry that has the same time as the one before it.

Older pages (seen of Firefox 71) have no history: of each connection the two descriptions in
force, the local one first, and a date. When these were set, and what was before, is not known.
"""

from __future__ import annotations

import codecs
import datetime
import re
from html.parser import HTMLParser
from typing import BinaryIO

import msgspec

from negotiation.conformance.traces.unpacking import read_some

from .entries import LARGEST_TEXT, BrokenOffError, Dump
from .firefox import About, SetEntry
from .firefox_in_force import InForce

LONGEST_MARKUP = 1024 * 1024
"""Characters that may wait for the end of a tag."""

_PIECE = 64 * 1024
_PANE = "tab_pane_history_"
_HEADING = "pc-heading: "
_CLOSED = "about-webrtc-connection-closed"
_OPEN = "about-webrtc-connection-open"
_HEADINGS = {"about-webrtc-local-sdp-heading": True, "about-webrtc-remote-sdp-heading": False}
_NUMBER = re.compile(r"\d{9,}(?:\.\d+)?")
_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "source", "wbr", "col", "area"))


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is such a page."""
    if not head.lstrip().startswith(b"<"):
        return False
    is_ours = b"about-webrtc-" in head or b"aboutwebrtc" in head
    return is_ours or (b'id="content"' in head and b'class="peer-connection' in head)


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the page.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    about = About(dump)
    page = _Page(about)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    try:
        while piece := read_some(stream, _PIECE):
            page.feed(decoder.decode(piece))
            if len(page.rawdata) > LONGEST_MARKUP:
                raise BrokenOffError(f"a tag is longer than {LONGEST_MARKUP} characters")
        page.close()
        if not page.is_complete:
            raise BrokenOffError("the page ends within an element")
    except (AssertionError, ValueError, RecursionError) as error:
        raise BrokenOffError(f"it is no HTML from there on ({type(error).__name__})") from None
    finally:
        page.finish()
        page.end_of_connection()
        about.hand_over()


class _Page(HTMLParser):
    """Looks for histories: two columns, local and remote, of headings with times and texts."""

    def __init__(self, about: About) -> None:
        super().__init__(convert_charrefs=True)
        self._about = about
        self._depth = 0
        self._history: int | None = None
        self._columns = 0
        self._is_local: bool | None = None
        self._pcid = ""
        self._connections = 0
        self._entries: list[SetEntry] = []
        self._in_force = InForce()
        self._was: tuple[float, bool] | None = None
        self._time: float | None = None
        self._heading: list[str] | None = None
        self._text: list[str] | None = None
        self._kept = 0

    @property
    def is_complete(self) -> bool:
        """Whether every element that began has ended."""
        return self._history is None and self._depth <= 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        told = {name: value or "" for name, value in attrs}
        classes, id = told.get("class", "").split(), told.get("id", "")
        if tag not in _VOID:
            self._depth += 1
        if "peer-connection" in classes:
            self.end_of_connection()
            self._was = None
            self._connections += 1
            self._pcid = f"connection-{self._connections}"
        for before in (_PANE, _HEADING):
            self._pcid = id[len(before) :] if id.startswith(before) else self._pcid
        if told.get("data-l10n-id") in (_CLOSED, _OPEN):
            self._was_at(told)
        if self._history is not None:
            self._in_history(tag, told)
        elif "sdp-history" in classes:
            self._history, self._columns, self._is_local = self._depth, 0, None
            self._in_force.has_history = True
        elif tag in ("pre", "h3"):
            self._text, self._kept = [], 0

    def _in_history(self, tag: str, told: dict[str, str]) -> None:
        if tag == "div" and self._history is not None and self._depth == self._history + 1:
            self._columns += 1
            self._is_local = self._columns == 1
        elif tag == "h4":
            self._is_local = _HEADINGS.get(told.get("data-l10n-id", ""), self._is_local)
        elif tag == "h5":
            time = _argument(told, "timestamp")
            self._heading = []
            self._time = time if isinstance(time, float) else self._time
        elif tag == "pre":
            self._text, self._kept = [], 0

    def handle_data(self, data: str) -> None:
        """Text within an element."""
        if self._text is not None:
            self._text.append(data[: max(0, LARGEST_TEXT - self._kept)])
            self._kept += len(data)
        elif self._heading is not None and len(self._heading) < 10:
            self._heading.append(data[:200])

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag == "h5" and self._heading is not None:
            found = _NUMBER.search("".join(self._heading))
            if self._time is None and found:
                self._time = float(found[0])
            self._heading = None
        elif tag in ("pre", "h3") and self._text is not None:
            self._told(tag, "".join(self._text))
            self._time = self._text = None
        if tag not in _VOID:
            if self._history is not None and self._depth <= self._history:
                self.finish()
            self._depth -= 1

    def _told(self, tag: str, text: str) -> None:
        if self._history is None:
            self._in_force.tell(tag, text)
        elif tag == "pre" and self._time is not None and self._is_local is not None:
            self._entries.append(SetEntry(self._time, self._is_local, _in_lines(text)))

    def end_of_connection(self) -> None:
        """What is told of a connection has ended."""
        if entries := self._in_force.entries():
            self._about.took(self._pcid, entries, begins_unknown=True)
        self._in_force = InForce()

    def finish(self) -> None:
        """A history ends, or the page; what is told in it is handed over."""
        entries = sorted(self._entries, key=lambda one: one.time)
        self._entries, self._history = [], None
        self._about.took(self._pcid, entries)
        if self._was is not None:
            time, is_closed = self._was
            self._about.until(self._pcid, time)
            if is_closed:
                self._about.closed(self._pcid, time)

    def _was_at(self, told: dict[str, str]) -> None:
        """The heading of a connection: until when it is told of, or when it was closed."""
        now = _argument(told, "now")
        try:
            moment = datetime.datetime.fromisoformat(now) if isinstance(now, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            return
        self._was = moment.timestamp() * 1000, told.get("data-l10n-id") == _CLOSED


def _in_lines(text: str) -> str:
    return "\r\n".join(text.replace("\r\n", "\n").split("\n"))


def _argument(told: dict[str, str], name: str) -> str | float | None:
    """A member of the element's data-l10n-args."""
    try:
        value = msgspec.json.decode(told.get("data-l10n-args", "{}"))
    except (msgspec.DecodeError, RecursionError):
        return None
    given = value.get(name) if isinstance(value, dict) else None
    if isinstance(given, int | float) and not isinstance(given, bool):
        return float(given) if 0 <= given < 1e15 else None
    return given if isinstance(given, str) else None
