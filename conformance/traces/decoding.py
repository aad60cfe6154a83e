"""Lines as bytes, decoded: the header, and lines of which each content is decoded only once.

Two lines of recordings often say the same but for their number and time. What such a line says is
decoded and examined once and kept (`Memory`), so that the next one costs a look into a table.
"""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any, TypeVar, get_args

import msgspec

from .format import FORMAT, VERSION, AnyObservation, Header, Idle, Line, Sdp, Summary
from .ledger import SEE, RefusedError, quoted
from .no_text import packed_or_utf16
from .profiles import PROFILES
from .said import Said, is_settled

_TOO_DEEP = f"is nested too deeply; nothing in a trace is deeper than a few levels, {SEE}"

MOST_KEPT = 1 << 17
"""Contents that a memory keeps; then it begins anew, so that endless input does not fill it."""

_T = TypeVar("_T")


class Memory:
    """The contents of lines that were decoded before.

    A line as the encoder writes it begins with its kind, `n` and `t`; the rest is its content:
    `_kept[start][rest]`, `start` being the text up to the kind. `_numbers[n]` is how the encoder
    writes the number; it grows with what is read.
    """

    def __init__(self) -> None:
        self._kept: dict[bytes, dict[bytes, Said]] = {}
        self._numbers: list[bytes] = []
        self._size = 0
        self._idle: dict[tuple[object, ...], Said] = {}
        self._summaries: dict[bytes, Summary] = {}

    def line(self, text: bytes) -> Line:
        """The line; a RefusedError says which field is wrong. A summary is decoded only once."""
        known = self._sdp(text)
        if known is not None:
            return known
        line = line_from(text)
        if isinstance(line, Sdp):
            self._keep_summary(text, line)
        return line

    def _sdp(self, text: bytes) -> Sdp | None:
        """The line of an SDP text, if its summary was decoded before; texts are all different."""
        if not text.startswith(_SDP):
            return None
        start, _, rest = text.partition(b'","text":')
        at = rest.rfind(b',"summary":')
        summary = self._summaries.get(rest[at:])
        if summary is None or not _SDP_START.fullmatch(start):
            return None
        try:
            return Sdp(start[len(_SDP) :].decode(), _text_of(rest[:at]), summary)
        except ValueError:
            return None

    def _keep_summary(self, text: bytes, line: Sdp) -> None:
        """Keep the summary, if it ends the line as the encoder would write it."""
        ending = b',"summary":%b}' % _ENCODER.encode(line.summary)
        if text.endswith(ending):
            if len(self._summaries) >= MOST_KEPT:
                self._summaries.clear()
            self._summaries[ending] = line.summary

    def known(self, text: bytes, n: int) -> tuple[Said, float] | None:
        """The content and time of a line numbered `n`, if such a content was decoded before."""
        try:
            kind, number, time, rest = text.split(b",", 3)
            if number == self._numbers[n] and time.startswith(b'"t":'):
                return self._kept[kind][rest], _time_of(time[4:])
        except (LookupError, ValueError):
            pass
        return None

    def of(self, line: AnyObservation) -> Said:
        """What a line says that was not read: the same as the line of a file that has it."""
        text = _ENCODER.encode(line)
        known = self.known(text, line.n)
        return self.said(text, line) if known is None else known[0]

    def said(self, text: bytes, line: AnyObservation) -> Said:
        """What the line says, kept if the line begins as the encoder would begin it."""
        parts = text.split(b",", 3)
        start = b'{"kind":"%b"' % str(line.__struct_config__.tag).encode()
        written = parts[:2] == [start, b'"n":%d' % line.n]
        if not (written and len(parts) == 4 and parts[2].startswith(b'"t":')):
            return self._new(line)
        self._make_room()
        known = len(self._numbers)
        if known <= line.n < MOST_KEPT:
            self._numbers += [b'"n":%d' % n for n in range(known, line.n + 1)]
        kept = self._kept.setdefault(start, {})
        said = kept.get(parts[3])
        if said is None:
            said = kept[parts[3]] = self._new(line)
            self._size += 1
        return said

    def _new(self, line: AnyObservation) -> Said:
        said = Said(line)
        if isinstance(line, Idle):
            coming_to = (line.peer, line.task, line.within, line.state, line.pending)
            said.alike = self._idle.setdefault((*coming_to, is_settled(line)), said)
        return said

    def _make_room(self) -> None:
        if self._size >= MOST_KEPT:
            self._kept.clear()
            self._idle.clear()
            self._size = 0


class _Opening(msgspec.Struct):
    """What is looked at before the header's other fields, which other versions may change."""

    kind: Any = None
    format: Any = None
    version: Any = None


def _no_name_twice(pairs: list[tuple[str, Any]]) -> None:
    names = set()
    for name, _ in pairs:
        if name in names:
            raise RefusedError(name[:60], "is there twice in one object; write it once")
        names.add(name)


def _no_constant(name: str) -> None:
    raise RefusedError(None, f"not JSON ({name} is no number there); leave the field out")


_LINE: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
_SDP = b'{"kind":"sdp","id":"'
_SDP_START = re.compile(_SDP + rb"[\w.-]+", re.ASCII)
_text_of = msgspec.json.Decoder(str).decode
_time_of = msgspec.json.Decoder(float).decode
_OPENING = msgspec.json.Decoder(_Opening)
_ENCODER = msgspec.json.Encoder()
# Numbers are of no interest here, and turning long ones into numbers can be slow or refused.
_NAMES = json.JSONDecoder(
    object_pairs_hook=_no_name_twice, parse_int=len, parse_float=len, parse_constant=_no_constant
)
_KINDS = tuple(str(kind.__struct_config__.tag) for kind in get_args(Line))
_MISSING = re.compile(r"Object missing required field `([^`]*)`")


_DUMPS = (
    "of dumps of other tools, `negotiation import --formats` lists what can be read, "
    "as it was saved, with nothing before it"
)


def header_from(text: bytes) -> Header:
    """The header. A RefusedError says why the first line is none that can be read."""
    with contextlib.suppress(RefusedError):
        line = line_from(text)
        if isinstance(line, Header) and line.version == VERSION and line.peers:
            _known_profiles(line)
            return line
    raise _no_header(text)


def _known_profiles(header: Header) -> None:
    for name, peer in header.peers.items():
        if peer.profile not in PROFILES:
            raise RefusedError(
                f"peers.{quoted(name)}.profile",
                f"there is no observability profile {quoted(peer.profile)}; {SEE} for what each "
                f"promises: {', '.join(sorted(PROFILES))}",
            )


def _no_header(text: bytes) -> RefusedError:
    try:
        opening = _decoded(_OPENING, text)
    except RefusedError as refused:
        is_other = refused.message.endswith(SEE)  # it may be the dump of another tool
        return RefusedError(refused.field, f"{refused.message}; {_DUMPS}") if is_other else refused
    if opening.kind != "header":
        return RefusedError(
            "kind",
            f'the first line must be the header (kind "header"), not {quoted(opening.kind)}; '
            f"{_DUMPS}",
        )
    if opening.format != FORMAT:
        message = f'is {quoted(opening.format)}; a trace says "{FORMAT}"'
        return RefusedError("format", message)
    if opening.version != VERSION:
        return RefusedError(
            "version",
            f"is {quoted(opening.version)}, and only version {VERSION} is known here; "
            "update negotiation, or record the trace again",
        )
    try:
        line = line_from(text)
        if isinstance(line, Header):
            _known_profiles(line)
    except RefusedError as refused:
        return refused
    return RefusedError("peers", f"names no peer; name each that is observed, {SEE}")


def line_from(text: bytes) -> Line:
    """The line. A RefusedError says which field is wrong."""
    line = _decoded(_LINE, text)
    try:
        # What the encoder would have written has no name twice; only the rest needs a closer look.
        if _ENCODER.encode(line) != text:
            _NAMES.decode(text.decode())
    except RecursionError:
        raise RefusedError(None, _TOO_DEEP) from None
    except ValueError as error:
        raise _not_json(text, error) from None
    return line


def _decoded(decoder: msgspec.json.Decoder[_T], text: bytes) -> _T:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise _wrong_type(text, str(error)) from None
    except RecursionError:
        raise RefusedError(None, _TOO_DEEP) from None
    except ValueError as error:
        raise _not_json(text, error) from None


def is_json(text: bytes) -> bool:
    """Whether the text is JSON, whatever it says."""
    try:
        msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _not_json(text: bytes, error: ValueError) -> RefusedError:
    try:
        _NAMES.decode(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        binary = "is no UTF-8 text (a binary file?); a trace is JSON Lines"
        return RefusedError(None, packed_or_utf16(text) or binary)
    except RefusedError as refused:
        return refused
    except (ValueError, RecursionError):
        if b"\0" in text:
            binary = "is no text (a binary file?); a trace is UTF-8 JSON Lines"
            return RefusedError(None, packed_or_utf16(text) or binary)
        why = str(error).removeprefix("JSON is malformed: ")
        return RefusedError(None, f"not JSON ({why}); write one JSON object a line, {SEE}")
    if text.startswith(b"\xef\xbb\xbf"):
        return RefusedError(None, "begins with a byte order mark; save it as UTF-8 without one")
    return RefusedError(None, "has half of a surrogate pair; write U+FFFD (\\ufffd) in its place")


def _wrong_type(text: bytes, problem: str) -> RefusedError:
    """What msgspec says of a value ("Expected ... - at `$.x`"), as a field and a message."""
    with contextlib.suppress(ValueError, RecursionError):
        _NAMES.decode(text.decode())  # a name that is there twice explains what seems odd else
    what, _, path = problem.rpartition(" - at `$")
    what, path = (what, path.rstrip("`")) if what else (problem, "")
    if missing := _MISSING.fullmatch(what):
        field = f"{path}.{missing[1]}".lstrip(".")
        return RefusedError(field, f"is missing; {SEE} for the fields of each kind of line")
    if path == ".kind" and what.startswith("Invalid value "):
        unknown = quoted(what.removeprefix("Invalid value ").strip("'"))
        known = ", ".join(_KINDS)
        return RefusedError("kind", f"is {unknown}, an unknown kind; known are: {known}")
    what = what.replace("`", "")[:200]
    return RefusedError(path.lstrip(".") or None, f"{what[:1].lower()}{what[1:]}; {SEE}")
