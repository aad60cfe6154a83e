"""JSON as a stream of tokens, in and out: only strings and numbers change, nothing is held.

Every kind of JSON is read alike: one document, one a line, broken off, with what is no JSON in
between. So a string that holds JSON again, or a description, is redacted in there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from .texts import Texts
from .times import Times
from .vocabulary import AGENTS, IDENTIFYING, MEMBERS, TIMES, VERBATIM

LONGEST_STRING = 8 * 1024 * 1024
"""Bytes of a string that is redacted; of a longer one nothing is left."""

DEEPEST = 1000

_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(_STRING + rb'|[{}\[\],:]|[ \t\r\n]+|[^"{}\[\],: \t\r\n]+', re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CONSTANTS = frozenset(("true", "false", "null", "NaN", "Infinity", "-Infinity"))
_NUMERIC = re.compile(r"-?\d+(?:\.\d+)?")
_VERSION = re.compile(r"\d+(?:\.\d+)*\w*")
_TRACE_NAMES = frozenset(("name", "version", "platform"))


class NestedTooDeeplyError(Exception):
    """Something is nested so deeply that it cannot be redacted."""


class _Frame:
    """An object or array that is being read; `member` is the name that its value is known by."""

    __slots__ = ("is_key", "is_object", "member", "name")

    def __init__(self, is_object: bool, name: str | None) -> None:
        self.is_object = is_object
        self.is_key = is_object
        self.name = name
        self.member: str | None = None if is_object else name


class JsonTexts:
    """Redacts JSON; one for each document or stream, as it remembers where it is."""

    def __init__(self, texts: Texts, times: Times, name: str | None = None) -> None:
        self._texts = texts
        self._times = times
        self._outer = name
        self._stack: list[_Frame] = []

    def redacted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of a stream.

        Raises:
            NestedTooDeeplyError: it cannot be redacted.
        """
        buffer, wanted = b"", 0
        skipping: Skipping | None = None
        for piece in pieces:
            if skipping is not None:
                piece = skipping.rest(piece)
                if not skipping.is_over:
                    continue
                skipping = None
            buffer += piece
            if len(buffer) < wanted:
                continue
            made, buffer = self._tokens(buffer, is_end=False)
            yield made
            wanted = 2 * len(buffer)
            if len(buffer) > LONGEST_STRING:
                yield self._string(b'"a text that was too long"')
                skipping, buffer, wanted = Skipping(buffer), b"", 0
        if skipping is None:
            made, rest = self._tokens(buffer, is_end=True)
            yield made + self._torn(rest)

    def _tokens(self, buffer: bytes, *, is_end: bool) -> tuple[bytes, bytes]:
        """What the tokens become, and what is left because it may go on."""
        made: list[bytes] = []
        at = 0
        while found := _TOKEN.match(buffer, at):
            token = found[0]
            if found.end() == len(buffer) and not is_end and token[:1] not in b'"{}[],:':
                break
            made.append(self._token(token))
            at = found.end()
        return b"".join(made), buffer[at:]

    def _token(self, token: bytes) -> bytes:
        first = token[:1]
        if first == b'"':
            return self._string(token)
        if first in b" \t\r\n":
            return token
        if first in b"{[":
            self._begin(is_object=first == b"{")
        elif first in b"}]":
            self._end()
        elif first in b",:":
            self._separate(first)
        else:
            return self._bare(token)
        return token

    def _begin(self, *, is_object: bool) -> None:
        if len(self._stack) >= DEEPEST:
            raise NestedTooDeeplyError
        self._stack.append(_Frame(is_object, self._member()))

    def _end(self) -> None:
        if self._stack:
            self._stack.pop()

    def _separate(self, which: bytes) -> None:
        if self._stack and self._stack[-1].is_object:
            self._stack[-1].is_key = which == b","

    def _member(self) -> str | None:
        """The name by which the value that comes now is known."""
        return self._stack[-1].member if self._stack else self._outer

    def _string(self, token: bytes) -> bytes:
        try:
            text = json.loads(token, strict=False)
        except ValueError:
            text = token[1:-1].decode("utf-8", "replace")
            return json.dumps(self._texts.unknown(text)).encode()
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.is_key:
            frame.member = text
            made = text if text in MEMBERS else self._texts.known(text)
        else:
            made = self._value(text)
        return token if made == text else json.dumps(made).encode()

    def _torn(self, rest: bytes) -> bytes:
        """A string that breaks off with the stream: what there is of it, without half an escape."""
        if not rest.startswith(b'"'):
            return b""
        whole = re.match(rb'"(?:[^\\]|\\u[0-9A-Fa-f]{4}|\\[^u])*', rest, re.DOTALL)
        return self._string((whole[0] if whole else b'"') + b'"')[:-1]

    def _value(self, text: str) -> str:
        member = self._member()
        inner = self._inner(text, member)
        if inner is not None:
            return inner
        if member in TIMES:
            return self._times.text(text)
        if member in VERBATIM or member in AGENTS:
            return text if member in VERBATIM else self._texts.agent(text)
        if self._says_what_is_told(member, text):
            return text
        return self._texts_of(member)(text)

    def _says_what_is_told(self, member: str | None, text: str) -> bool:
        """Versions, and numbers of statistics."""
        if member == "version":
            return _VERSION.fullmatch(text) is not None
        is_counted = member in MEMBERS and member not in IDENTIFYING and member != "ssrc"
        return is_counted and _NUMERIC.fullmatch(text) is not None

    def _texts_of(self, member: str | None) -> Callable[[str], str]:
        """How a value is read: elements of a line that are no member's are words of the format."""
        is_known = member is None or member in MEMBERS
        if not is_known or member in IDENTIFYING:
            return self._texts.unknown
        return self._texts.known

    def _inner(self, text: str, member: str | None) -> str | None:
        """JSON in a string; None: it is none."""
        start = text.lstrip()[:1]
        if start not in ("{", "[", '"') or not start:
            return None
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return None
        inner = JsonTexts(self._texts, self._times, member)
        try:
            data = text.encode("utf-8", "surrogatepass")
            return b"".join(inner.redacted([data])).decode("utf-8", "surrogatepass")
        except (NestedTooDeeplyError, UnicodeDecodeError):
            return None

    def _bare(self, token: bytes) -> bytes:
        text = token.decode("utf-8", "replace")
        if text in _CONSTANTS:
            return token
        if _NUMBER.fullmatch(text) is None:
            return self._texts.known(text).encode()
        member = self._member()
        if member is None or member in TIMES:
            return self._times.number(text).encode()
        is_kept = member in MEMBERS and member != "ssrc"
        return (text if is_kept else self._texts.number(text)).encode()


class Skipping:
    """The rest of a string that is too long to be read."""

    def __init__(self, begun: bytes) -> None:
        self.is_over = False
        self._is_escaped = (len(begun) - len(begun.rstrip(b"\\"))) % 2 == 1

    def rest(self, piece: bytes) -> bytes:
        """What comes behind the string in this piece; nothing where it goes on."""
        at = 0
        if self._is_escaped and piece:
            at, self._is_escaped = 1, False
        end = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL).match(piece, at)
        stop = end.end() if end else at
        if stop < len(piece) and piece[stop : stop + 1] == b'"':
            self.is_over = True
            return piece[stop + 1 :]
        self._is_escaped = stop < len(piece)
        return b""
