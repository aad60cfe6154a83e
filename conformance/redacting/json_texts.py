"""JSON as a stream of tokens, in and out: only strings and numbers change, nothing is held.

Every kind of JSON is read alike: one document, one a line, broken off, with what is no JSON in
between. So a string that holds JSON again, or a description, is redacted in there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from .texts import Texts
from .times import Times
from .vocabulary import AGENTS, IDENTIFYING, MEMBERS, NAMES, TIMES, VERBATIM

LONGEST_STRING = 8 * 1024 * 1024
"""Bytes of a string that is redacted; of a longer one nothing is left."""

DEEPEST = 1000

_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(_STRING + rb'|[{}\[\],:]|[ \t\r\n]+|[^"{}\[\],: \t\r\n]+', re.DOTALL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_CONSTANTS = frozenset(("true", "false", "null", "NaN", "Infinity", "-Infinity"))
_NUMERIC = re.compile(r"-?\d+(?:\.\d+)?")
_ONE = rb'(?>(?:\\")?-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:\\")?)'
_NUMBERS = re.compile(rb'"\[(?:' + _ONE + rb"(?:, ?" + _ONE + rb')*)?\]"')
"""An array of numbers in a string: most of what a dump with statistics consists of."""

_REMEMBERED = 100
"""Bytes of a string that is remembered: most are told again and again."""
_MOST_REMEMBERED = 50_000
_VERSION = re.compile(r"\d+(?:\.\d+)*\w*")
_KINDS = ("audio:", "video:")
"""What the name of a track begins with in a trace."""


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
        self._remembered: dict[tuple[str | None, bytes], bytes] = {}

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
            wanted = min(2 * len(buffer), LONGEST_STRING + 1)
            if len(buffer) > LONGEST_STRING:
                if buffer.startswith(b'"'):
                    yield b'"too long"'
                    skipping = Skipping(buffer)
                else:
                    yield self._tokens(buffer, is_end=True)[0]
                buffer, wanted = b"", 0
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
        frame = self._stack[-1] if self._stack else None
        if frame is not None and frame.is_key:
            return self._name(token, frame)
        member = self._member()
        if _NUMBERS.fullmatch(token) and member in MEMBERS and not self._times.days:
            return token
        made = self._remembered.get((member, token))
        if made is None:
            text = _decoded(token)
            value = self._texts.unknown(_raw(token)) if text is None else self._value(text)
            made = token if value == text else json.dumps(value).encode()
            if made == token and len(token) < _REMEMBERED:
                self._remember(member, token, made)
        return made

    def _remember(self, member: str | None, token: bytes, made: bytes) -> None:
        """Only what stays as it is: what is replaced is counted each time."""
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[member, token] = made

    def _name(self, token: bytes, frame: _Frame) -> bytes:
        """The name of a member."""
        text = _decoded(token)
        frame.member = text
        if text is not None and text in NAMES:
            return token
        made = self._texts.known(text) if text is not None else self._texts.unknown(_raw(token))
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
            return self._times.number(text)
        if member == "track" and text.startswith(_KINDS):
            return text[:6] + self._texts.unknown(text[6:])
        return self._texts_of(member)(text)

    def _says_what_is_told(self, member: str | None, text: str) -> bool:
        """Versions, and numbers of statistics."""
        if member == "version":
            return _VERSION.fullmatch(text) is not None
        return _is_counted(member) and _NUMERIC.fullmatch(text) is not None

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
            msgspec.json.decode(text, type=msgspec.Raw)
        except (ValueError, RecursionError):
            return None
        inner = JsonTexts(self._texts, self._times, member)
        inner._remembered = self._remembered
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
        is_kept = member is None or _is_counted(member)
        return (self._times.number(text) if is_kept else self._texts.number(text)).encode()


def _is_counted(member: str | None) -> bool:
    """Whether numbers of this member are statistics, times, or of the format."""
    return member in MEMBERS and member not in IDENTIFYING and member != "ssrc"


def _decoded(token: bytes) -> str | None:
    try:
        text = json.loads(token, strict=False)
    except ValueError:
        return None
    return text if isinstance(text, str) else None


def _raw(token: bytes) -> str:
    return token[1:-1].decode("utf-8", "replace")


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
