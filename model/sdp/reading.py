"""Reading SDP: tolerant where stacks differ, honest about what can never be applied.

Everything is read that can be read, and beside it stands the first reason, if there is one, why
RFC 9429 (JSEP, sections "Parsing a Session Description" and "Semantics Verification") would refuse
the text whatever the state. Where deployed stacks emit what the letter of an RFC forbids (b= lines
after attributes, bundled sections without credentials, data sections of the old syntax), the
text is no problem: a verdict must not rest on pedantry. Where the RFC requires the refusal and only
one of Chromium and Firefox refuses, it is a problem all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import msgspec

from ..enums import Direction
from .odd import has_odd_characters, type_of_rtcp

Credentials = tuple[str, str]
"""ICE credentials: (ufrag, pwd)."""

_UFRAG_LENGTH = range(4, 257)
_PWD_LENGTH = range(22, 257)
"""The size limits of RFC 8839, section "ice-ufrag and ice-pwd Attributes"."""

_LAST_PORT = 65535
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class MediaText(msgspec.Struct, frozen=True):
    """What one m-section of a text says.

    `index` counts from 0, `line` (of the m= line) from 1. `kind` is the m= line's media word
    whatever it is; `mid` is None where there is none; `ice` and `fingerprints` ("sha-256 AB:...")
    include what is inherited from the session level; `msids` are stream ids in order, without "-"
    and repetitions; `simulcast` are the rid-ids that an a=simulcast line names.
    """

    index: int
    line: int
    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    mid: str | None = None
    bundle_only: bool = False
    direction: Direction = Direction.SENDRECV
    msids: tuple[str, ...] = ()
    ice: Credentials | None = None
    fingerprints: tuple[str, ...] = ()
    setup: str | None = None
    rtcp_mux: bool = False
    send_rids: tuple[str, ...] = ()
    receive_rids: tuple[str, ...] = ()
    simulcast: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether the port is 0 and does not only mean "bundle me or reject me" (RFC 9143)."""
        return self.port == 0 and not self.bundle_only

    @property
    def rtp(self) -> bool:
        """Whether the section is for RTP media."""
        return "RTP" in self.protocol.split("/")

    @property
    def data(self) -> bool:
        """Whether the section is for data channels, in the syntax of RFC 8841 or its drafts."""
        return self.kind == "application" and "SCTP" in self.protocol.split("/")

    @property
    def has_default_stream(self) -> bool:
        """Whether it sends, and says nothing of MediaStreams: not even that there are none."""
        sends = self.kind in ("audio", "video") and self.direction.sends and not self.rejected
        return sends and not any(name == "msid" for name, _ in self.attributes)

    @property
    def rids(self) -> tuple[str, ...]:
        """The rid-ids of its a=rid lines, sent ones first."""
        return self.send_rids + self.receive_rids


class SessionText(msgspec.Struct, frozen=True):
    """What a text says.

    `session_id` and `version` are the o= line's fields, None where there is none. `bundles` holds
    the mids of each BUNDLE group, `ice` the session level's credentials. `problem` is why the text
    can never be applied: "empty", "syntax" (`problem_line` counts from 1), "rtcp-mux" (only as a
    remote description under the policy "require") or "content"; `reason` tells it in words. With
    "odd" it may be applied or refused. "rids" needs an earlier description, and is never found in
    one text.
    """

    sections: tuple[MediaText, ...] = ()
    session_id: str | None = None
    version: str | None = None
    bundles: tuple[tuple[str, ...], ...] = ()
    ice: Credentials | None = None
    problem: str | None = None
    problem_line: int | None = None
    reason: str | None = None

    @property
    def bundle(self) -> tuple[str, ...]:
        """The mids of the first BUNDLE group."""
        return self.bundles[0] if self.bundles else ()

    @property
    def credentials(self) -> tuple[Credentials, ...]:
        """All ICE credentials in the text, each once, in order."""
        found = (self.ice, *(section.ice for section in self.sections))
        return tuple(dict.fromkeys(pair for pair in found if pair is not None))


class _Line(NamedTuple):
    number: int
    type: str
    value: str


class _Fault(NamedTuple):
    line: int
    reason: str


def read(text: str) -> SessionText:
    """What the SDP text says; any text at all is read, with its `problem` where it has one."""
    if not text:
        return SessionText(problem="empty", reason="there is no text")
    lines, faults = _lines(text)
    first_media = next((i for i, line in enumerate(lines) if line.type == "m"), len(lines))
    session_level = _attributes(_pairs(lines[:first_media]))
    sections = tuple(
        _section(index, block, session_level) for index, block in enumerate(_blocks(lines))
    )
    session_id, version = _origin(lines)
    session = SessionText(
        sections=sections,
        session_id=session_id,
        version=version,
        bundles=tuple(_bundles(session_level)),
        ice=_ice(session_level, {}),
    )
    faults += [*_order_faults(lines[:first_media]), *_line_faults(lines, first_media)]
    return _with_problem(session, faults)


# --- lines ------------------------------------------------------------------------------------


def _lines(text: str) -> tuple[list[_Line], list[_Fault]]:
    """The lines of the form x=..., and a fault for each that is not.

    A bare newline ends a line too, as RFC 8866 asks of parsers. The last one must not be missing:
    it is what applications that trim texts lose, and browsers then refuse or drop the line.
    """
    lines: list[_Line] = []
    faults: list[_Fault] = []
    raw_lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n"):
        faults.append(_Fault(len(raw_lines), "the last line has no end"))
    for number, raw in enumerate(raw_lines, start=1):
        line = raw.removesuffix("\r")
        if len(line) > 1 and line[1] == "=" and line[0] in "vosiuepcbtrzkam":
            lines.append(_Line(number, line[0], line[2:]))
        else:
            faults.append(_Fault(number, f"not a line of SDP: {line[:40]!r}"))
    return lines, faults


def _blocks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """The lines of each m-section, its m= line first."""
    block: list[_Line] = []
    for line in lines:
        if line.type == "m":
            if block:
                yield block
            block = [line]
        elif block:
            block.append(line)
    if block:
        yield block


_Attributes = dict[str, list[str]]


def _attributes(pairs: Iterable[tuple[str, str]]) -> _Attributes:
    found: _Attributes = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _pairs(lines: Iterable[_Line]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if line.type == "a":
            name, _, value = line.value.partition(":")
            yield name.strip(), value.strip()


def _last(name: str, media: _Attributes, session: _Attributes) -> str | None:
    values = media.get(name) or session.get(name)
    return values[-1] if values else None


def _origin(lines: Iterable[_Line]) -> tuple[str | None, str | None]:
    fields = next((line.value.split() for line in lines if line.type == "o"), [])
    return (fields[1], fields[2]) if len(fields) > 2 else (None, None)


def _bundles(session_level: _Attributes) -> Iterator[tuple[str, ...]]:
    for value in session_level.get("group", []):
        semantics, *mids = value.split() or [""]
        if semantics == "BUNDLE":
            yield tuple(mids)


# --- m-sections -------------------------------------------------------------------------------

_MEDIA = re.compile(r"(\S+) ([0-9]{1,5})(?:/[0-9]+)? (\S+)((?: +\S+)+) *")


def _section(index: int, lines: list[_Line], session: _Attributes) -> MediaText:
    pairs = tuple(_pairs(lines))
    media = _attributes(pairs)
    kind, port, protocol, formats = _media(lines[0].value)
    return MediaText(
        index=index,
        line=lines[0].number,
        kind=kind,
        port=port,
        protocol=protocol,
        formats=formats,
        mid=_last("mid", media, {}) or None,
        bundle_only="bundle-only" in media,
        direction=_direction(pairs, session),
        msids=_msids(media),
        ice=_ice(session, media),
        fingerprints=tuple(media.get("fingerprint") or session.get("fingerprint", [])),
        setup=_last("setup", media, session),
        rtcp_mux="rtcp-mux" in media,
        send_rids=_rids(media, "send"),
        receive_rids=_rids(media, "recv"),
        simulcast=tuple(_simulcast(media)),
        attributes=pairs,
    )


def _media(value: str) -> tuple[str, int, str, tuple[str, ...]]:
    match = _MEDIA.fullmatch(value)
    if match is None:
        return (value.split() or [""])[0], 0, "", ()
    kind, port, protocol, formats = match.groups()
    return kind, int(port), protocol, tuple(formats.split())


def _direction(pairs: Iterable[tuple[str, str]], session: _Attributes) -> Direction:
    """The section's own direction, the session's, or sendrecv (RFC 8866); the last one counts."""
    inherited = [name for name in session if name in _DIRECTIONS]
    own = [name for name, _ in pairs if name in _DIRECTIONS]
    return Direction(["sendrecv", *inherited, *own][-1])


def _msids(media: _Attributes) -> tuple[str, ...]:
    streams = (value.split()[0] for value in media.get("msid", []) if value)
    return tuple(dict.fromkeys(stream for stream in streams if stream != "-"))


def _ice(session: _Attributes, media: _Attributes) -> Credentials | None:
    ufrag, pwd = _last("ice-ufrag", media, session), _last("ice-pwd", media, session)
    return None if ufrag is None or pwd is None else (ufrag, pwd)


def _rids(media: _Attributes, way: str) -> tuple[str, ...]:
    """RFC 8851: an a=rid line that is malformed is ignored."""
    fields = (value.split() for value in media.get("rid", []))
    return tuple(dict.fromkeys(line[0] for line in fields if len(line) > 1 and line[1] == way))


def _simulcast(media: _Attributes) -> Iterator[str]:
    """The rid-ids of "send 1;2,~3 recv 4", or of early Firefox's "send rid=1;2"."""
    for word in " ".join(media.get("simulcast", [])).split():
        if word in ("send", "recv") or word.startswith("pt="):
            continue
        for rid in re.split("[;,]", word.removeprefix("rid=")):
            yield rid.removeprefix("~")


# --- what can never be applied ----------------------------------------------------------------

_RANK = {"v": 0, "o": 1, "s": 2, "i": 3, "u": 4, "e": 5, "p": 6, "c": 7, "b": 8} | {
    "t": 9, "r": 9, "z": 9, "k": 10, "a": 11
}  # fmt: skip
_REQUIRED = "vos"

_FORM = {
    type: re.compile(form)
    for type, form in {
        "v": "0 *",
        "o": r"\S+ +[0-9]+ +[0-9]+( +\S+){3} *",
        "s": r".+",
        "c": r"\S+ +\S+ +\S+ *",
        "b": r"\S+:[0-9]+ *",
        "t": "[0-9]+ +[0-9]+ *",
        "m": _MEDIA.pattern,
        "a": r"[^\s:].*",
    }.items()
}
"""Line types whose value must have a form; the others are free text to JSEP."""

_ATTRIBUTE_FORM = {
    name: re.compile(form)
    for name, form in {
        "candidate": r"\S+ +[0-9]+ +\S+ +[0-9]+ +\S+ +[0-9]+ +typ +\S+.*",
        "extmap": r"[0-9]+(/[a-z]+)? +\S+.*",
        "fingerprint": r"\S+ +[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*",
        "ice-pwd": r"\S+",
        "ice-ufrag": r"\S+",
        "msid": r"\S+( +\S+)?",
        "rtpmap": r"[0-9]+ +[^/]+/[0-9]+(/.*)?",
        "sctp-port": "[0-9]{1,5}",
        "setup": "active|passive|actpass|holdconn",
        "ssrc": r"[0-9]+( .*)?",
    }.items()
}
"""Attributes that JSEP requires to be parsed. What no browser was seen to refuse is not here."""


def _order_faults(session_level: list[_Line]) -> Iterator[_Fault]:
    """RFC 8866: session-level lines come in a fixed order, and v=, o=, s=, t= must be there."""
    types = "".join(line.type for line in session_level[: len(_REQUIRED)])
    for place, wanted in enumerate(_REQUIRED):
        if types[place : place + 1] != wanted:
            number = session_level[place].number if place < len(session_level) else place + 1
            yield _Fault(number, f"{wanted}= is missing")
            return
    for before, line in pairwise(session_level):
        if _RANK[line.type] < _RANK[before.type]:
            yield _Fault(line.number, f"{line.type}= after {before.type}=")
    if session_level and all(line.type != "t" for line in session_level):
        yield _Fault(session_level[-1].number, "t= is missing")


def _line_faults(lines: list[_Line], first_media: int) -> Iterator[_Fault]:
    for place, line in enumerate(lines):
        form = _FORM.get(line.type)
        if form is not None and not form.fullmatch(line.value):
            yield _Fault(line.number, f"malformed {line.type}= line")
        elif line.type == "a":
            yield from _attribute_faults(line)
        elif line.type == "m":
            yield from _media_faults(line)
        elif place > first_media and line.type in _REQUIRED:
            yield _Fault(line.number, f"{line.type}= in an m-section")


def _attribute_faults(line: _Line) -> Iterator[_Fault]:
    name, _, value = line.value.partition(":")
    form = _ATTRIBUTE_FORM.get(name.strip())
    if form is not None and not form.fullmatch(value.strip()):
        yield _Fault(line.number, f"malformed a={name.strip()} line")


def _media_faults(line: _Line) -> Iterator[_Fault]:
    _, port, protocol, formats = _media(line.value)
    if port > _LAST_PORT:
        yield _Fault(line.number, f"there is no port {port}")
    if "RTP" in protocol.split("/") and not all(re.fullmatch("[0-9]{1,3}", fmt) for fmt in formats):
        yield _Fault(line.number, "RTP payload types must be numbers")


def _with_problem(session: SessionText, faults: list[_Fault]) -> SessionText:
    """The session with the problem that "set a session description" would report first."""
    if faults:
        fault = min(faults)
        return msgspec.structs.replace(
            session, problem="syntax", problem_line=fault.line, reason=fault.reason
        )
    for problem, rule in _RULES:
        reason = rule(session)
        if reason is not None:
            return msgspec.structs.replace(session, problem=problem, reason=reason)
    return session


def _unmuxed(session: SessionText) -> str | None:
    for section in session.sections:
        if section.rtp and not section.rejected and not section.rtcp_mux:
            return f"m-section {section.index} has no a=rtcp-mux"
    return None


def _repeated_mid(session: SessionText) -> str | None:
    mids = Counter(section.mid for section in session.sections if section.mid is not None)
    return next((f"two m-sections have the mid {mid}" for mid in mids if mids[mid] > 1), None)


def _wrong_bundle(session: SessionText) -> str | None:
    mids = {section.mid for section in session.sections}
    named = Counter(mid for bundle in session.bundles for mid in dict.fromkeys(bundle))
    for mid, times in named.items():
        if mid not in mids:
            return f"BUNDLE names the mid {mid}, which no m-section has"
        if times > 1:
            return f"two BUNDLE groups name the mid {mid}"
    return None


def _unknown_rid(session: SessionText) -> str | None:
    for section in session.sections:
        for rid in section.simulcast:
            if rid not in section.rids and not section.rejected:
                return f"a=simulcast of m-section {section.index} names the unknown rid {rid}"
    return None


def _transports(session: SessionText) -> Iterator[MediaText]:
    """The live m-sections that tell about a transport: the first of each BUNDLE group (the tagged
    one of RFC 9143; the others may leave it out), and each that is in none.
    """
    live = [section for section in session.sections if not section.rejected]
    live = [section for section in live if section.rtp or section.data]
    by_mid = {section.mid: section for section in live}
    for bundle in session.bundles:
        yield from [by_mid[mid] for mid in bundle if mid in by_mid][:1]
    bundled = {mid for bundle in session.bundles for mid in bundle}
    yield from (section for section in live if section.mid not in bundled)


def _without_transport(session: SessionText) -> str | None:
    for section in _transports(session):
        if section.ice is None:
            return f"m-section {section.index} has no ICE credentials"
        if not section.fingerprints:
            return f"m-section {section.index} has no fingerprint"
        if section.setup is None:
            return f"m-section {section.index} has no a=setup"
    return None


def _wrong_credentials(session: SessionText) -> str | None:
    for section in session.sections:
        if section.ice is not None and not section.rejected:
            ufrag, pwd = section.ice
            if len(ufrag) not in _UFRAG_LENGTH or len(pwd) not in _PWD_LENGTH:
                return f"the ICE credentials of m-section {section.index} have an illegal length"
    return None


def _odd(session: SessionText) -> str | None:
    for one in session.sections:
        if one.ice is not None and not one.rejected and has_odd_characters(one.ice):
            return f"the ICE credentials of m-section {one.index} have odd characters"
        muxed = one.rtp and one.rtcp_mux and not one.rejected
        type = type_of_rtcp(one.formats) if muxed else None
        if type is not None:
            return f"m-section {one.index} has a=rtcp-mux, and the payload type {type}"
    return None


_RULES: tuple[tuple[str, Callable[[SessionText], str | None]], ...] = (
    ("rtcp-mux", _unmuxed),
    ("content", _repeated_mid),
    ("content", _wrong_bundle),
    ("content", _unknown_rid),
    ("content", _without_transport),
    ("content", _wrong_credentials),
    ("odd", _odd),
)
"""In the order in which webrtc-pc's "set a session description" reports failures; "odd" is none."""
