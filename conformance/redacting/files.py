"""Files, in and out: as a stream, gzip as gzip, and never over what is read."""

from __future__ import annotations

import codecs
import contextlib
import secrets
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

from negotiation.conformance.traces.no_text import no_text
from negotiation.conformance.traces.unpacking import DAMAGED, read_some, unpacked

from .json_texts import JsonTexts
from .logs import Logs
from .pages import Pages
from .replacing import Replacer
from .texts import Texts
from .times import Times
from .vocabulary import is_of_the_field

_LOOKED_AT = 4096
_PIECE = 64 * 1024
_LONGEST_LINE = 1024 * 1024
MOST_DAYS = 3650


class Report(msgspec.Struct, frozen=True):
    """How often each kind of text was replaced, and how many different ones there were.

    `torn` tells why a file could not be read to its end.
    """

    replaced: Mapping[str, int]
    different: Mapping[str, int]
    torn: str | None = None


class NoTextError(ValueError):
    """A file is no text, packed or in another encoding: it must not pass as redacted."""


class Redaction:
    """A run: what it replaces once it replaces alike in every file. `key` is secret.

    `shift_times`: all moments move by the same number of days, which nobody knows.
    """

    def __init__(self, key: bytes | None = None, *, shift_times: bool = False) -> None:
        self._key = secrets.token_bytes(32) if key is None else key
        self._replacer = Replacer(self._key, is_of_the_field)
        days = 1 + int.from_bytes(self._replacer.days(), "big") % MOST_DAYS if shift_times else 0
        self._times = Times(-days)
        self._texts = Texts(self._replacer)
        self._torn: str | None = None

    def redact(self, source: BinaryIO, target: BinaryIO) -> None:
        """Write what may be shown of an unpacked or gzipped stream.

        Raises:
            NestedTooDeeplyError: it cannot be redacted.
            NoTextError: nor can this, what is private in it is not seen.
        """
        for piece in self.pieces(source):
            target.write(piece)

    def pieces(self, source: BinaryIO) -> Iterator[bytes]:
        """As `redact`, piece by piece, unpacked."""
        pieces = self._unpacked(source)
        head = _head_of(pieces)
        why = no_text(head)
        if why is not None:
            raise NoTextError(why)
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        whole = _again(head, pieces)
        if start.startswith((b"{", b"[", b"RTCStatsDump")):
            yield from JsonTexts(self._texts, self._times).redacted(whole)
        elif start.startswith(b"<"):
            yield from Pages(self._texts, self._times).redacted(_decoded(whole))
        else:
            yield from Logs(self._texts).redacted(_lines(whole))

    def report(self) -> Report:
        """What was replaced so far."""
        counts, distinct = self._replacer.counts, self._replacer.distinct
        return Report(dict(sorted(counts.items())), dict(sorted(distinct.items())), self._torn)

    def _unpacked(self, source: BinaryIO) -> Iterator[bytes]:
        whole = unpacked(source)
        try:
            while piece := read_some(whole, _PIECE):
                yield piece
        except DAMAGED as error:
            self._torn = f"the gzip data is damaged or torn off ({error})"


def _head_of(pieces: Iterator[bytes]) -> bytes:
    """Enough of the beginning to see what it is: pieces may be of any size."""
    head = b""
    while len(head) < _LOOKED_AT and (piece := next(pieces, b"")):
        head += piece
    return head


def _again(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from pieces


def _decoded(pieces: Iterator[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for piece in pieces:
        yield decoder.decode(piece)
    with contextlib.suppress(UnicodeDecodeError):
        yield decoder.decode(b"", final=True)


def _lines(pieces: Iterator[bytes]) -> Iterator[str]:
    """Lines with their ends; a very long one in parts."""
    rest = ""
    for text in _decoded(pieces):
        *lines, rest = (rest + text).split("\n")
        for line in lines:
            yield line + "\n"
        if len(rest) > _LONGEST_LINE:
            yield rest
            rest = ""
    if rest:
        yield rest
