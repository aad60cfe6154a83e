"""Writing SDP that real stacks accept: abstract descriptions as texts.

A written text is the least that RFC 9429 (JSEP, sections "Creating an Offer" and "Creating an
Answer") asks for: one codec per kind, one fingerprint that no peer owns, no candidates. It
negotiates; it does not connect.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import msgspec

from ..description import Description, Section
from ..enums import Direction, Kind, SdpType
from .reading import Credentials, MediaText, SessionText, read

FINGERPRINT = "sha-256 " + ":".join(f"{17 * (i % 16):02X}" for i in range(32))
"""A well-formed fingerprint of no certificate at all."""


class _Media(msgspec.Struct, frozen=True):
    """The part of an m-section that an answer takes over from the offer.

    `attributes` are whole a= lines without their "a=".
    """

    protocol: str
    formats: tuple[str, ...]
    attributes: tuple[str, ...]


_RTP = "UDP/TLS/RTP/SAVPF"
_DEFAULTS = {
    Kind.AUDIO: _Media(_RTP, ("111",), ("rtpmap:111 opus/48000/2",)),
    Kind.VIDEO: _Media(_RTP, ("96",), ("rtpmap:96 VP8/90000",)),
    Kind.APPLICATION: _Media(
        "UDP/DTLS/SCTP", ("webrtc-datachannel",), ("sctp-port:5000", "max-message-size:262144")
    ),
}
_PREFERRED = {Kind.AUDIO: "opus", Kind.VIDEO: "vp8"}
_NO_CODECS = frozenset({"rtx", "red", "ulpfec", "flexfec-03", "cn", "telephone-event"})
"""What goes with a codec and is none, by encoding name in lower case."""


def credentials_of(name: str) -> Credentials:
    """(ufrag, pwd) for credentials of that name: always the same, legal in length and letters."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:8], digest[8:40]


def write(
    description: Description,
    *,
    session_id: int = 1,
    version: int = 1,
    credentials: Callable[[str], Credentials] | None = None,
    offer_text: str | None = None,
) -> str:
    """The SDP text (lines end with CRLF) that says what the description says.

    `session_id` and `version` are the o= line's, not negative. `credentials` gives (ufrag, pwd)
    for the names in `description.ice`; without it `credentials_of` does. An answer that is to
    be accepted needs the `offer_text` that it answers: its sections' mid, protocol, one codec with
    its payload type, DTLS role and BUNDLE group come from there. A rollback's text is empty.

    A ValueError says that no text can say this: the description has a `problem`, or more ICE
    credentials than sections that could carry them.
    """
    if description.type == SdpType.ROLLBACK:
        return ""
    _validate(description)
    offer = None if offer_text is None else read(offer_text)
    named = credentials or credentials_of
    pairs = [named(name) for name in sorted(description.ice)] or [named("")]
    lines = [
        "v=0",
        f"o=- {session_id} {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        *_group(description, offer),
        "a=ice-options:trickle",
    ]
    if not _carriers(description) and description.ice:
        lines += _ice_lines(pairs[0])
    for index, section in enumerate(description.sections):
        offered = _offered(offer, index)
        lines += _section_lines(section, _media(section, offered), _mid(section, offered))
        if not section.rejected:
            place = _carriers(description).index(index)
            pair = pairs[min(place, len(pairs) - 1)] if section.ice is None else named(section.ice)
            lines += _transport_lines(section, pair, _setup(description.type, offered))
    return "".join(line + "\r\n" for line in lines)


def _validate(description: Description) -> None:
    if description.problem is not None:
        raise ValueError(
            f"a description with the problem {description.problem!r} cannot be written: "
            "write one without it and edit the text"
        )
    room = max(1, len(_carriers(description)))
    if len(description.ice) > room:
        raise ValueError(
            f"{len(description.ice)} ICE credentials do not fit into {room} m-sections: "
            f"{sorted(description.ice)}"
        )


def _carriers(description: Description) -> list[int]:
    """The indices of the sections that carry credentials."""
    return [i for i, section in enumerate(description.sections) if not section.rejected]


def _group(description: Description, offer: SessionText | None) -> Iterator[str]:
    """RFC 9143: an answer bundles no more than the offer did, and nothing rejected."""
    mids = [
        _mid(section, _offered(offer, index))
        for index, section in enumerate(description.sections)
        if not section.rejected
    ]
    if offer is not None:
        mids = [mid for mid in mids if mid in offer.bundle]
    if mids:
        yield "a=group:BUNDLE " + " ".join(mids)


def _offered(offer: SessionText | None, index: int) -> MediaText | None:
    known = offer is not None and index < len(offer.sections)
    return offer.sections[index] if offer is not None and known else None


def _mid(section: Section, offered: MediaText | None) -> str:
    if offered is not None and offered.mid is not None:
        return offered.mid
    return section.mid.replace("?", "~")  # a fresh name's mark is no letter of SDP's tokens


def _media(section: Section, offered: MediaText | None) -> _Media:
    """What the answered section offers, cut down to one codec; or this side's own choice."""
    if offered is None or offered.kind != section.kind or not offered.formats:
        return _DEFAULTS[section.kind]
    if not offered.rtp:
        kept = ("sctp-port", "sctpmap", "max-message-size")
        return _Media(offered.protocol, offered.formats, tuple(_lines(offered, kept, None)))
    payload = _payload(offered)
    attributes = tuple(_lines(offered, ("rtpmap", "fmtp"), payload))
    return _Media(offered.protocol, (payload,), attributes)


def _payload(offered: MediaText) -> str:
    """The payload type to answer with: the preferred codec's, or the first codec's."""
    codecs = _codecs(offered)
    preferred = _PREFERRED.get(Kind(offered.kind))
    first = next((fmt for fmt in offered.formats if codecs.get(fmt) == preferred), None)
    if first is not None and preferred is not None:
        return first
    real = (fmt for fmt in offered.formats if codecs.get(fmt) not in _NO_CODECS)
    return next(real, offered.formats[0] if offered.formats else "0")


def _codecs(offered: MediaText) -> dict[str, str]:
    """Payload type -> encoding name in lower case."""
    maps = (value.partition(" ") for name, value in offered.attributes if name == "rtpmap")
    return {payload: codec.strip().split("/")[0].lower() for payload, _, codec in maps}


def _lines(offered: MediaText, names: tuple[str, ...], payload: str | None) -> Iterator[str]:
    for name, value in offered.attributes:
        if name in names and (payload is None or value.partition(" ")[0] == payload):
            yield f"{name}:{value}"


def _section_lines(section: Section, media: _Media, mid: str) -> Iterator[str]:
    port = 0 if section.rejected else 9
    yield f"m={section.kind} {port} {media.protocol} {' '.join(media.formats)}"
    yield "c=IN IP4 0.0.0.0"
    yield f"a=mid:{mid}"
    stopped = section.direction == Direction.STOPPED
    yield f"a={Direction.INACTIVE if stopped else section.direction}"
    yield from _msid_lines(section, mid)
    yield from (f"a={attribute}" for attribute in media.attributes)


def _msid_lines(section: Section, mid: str) -> Iterator[str]:
    streams = section.msids
    if not streams and section.kind != Kind.APPLICATION:
        sending = section.direction.sends and not section.rejected
        streams = ("-",) if sending else ()
    yield from (f"a=msid:{stream} track-{mid}" for stream in streams)


def _transport_lines(section: Section, pair: Credentials, setup: str) -> Iterator[str]:
    yield from _ice_lines(pair)
    yield f"a=fingerprint:{FINGERPRINT}"
    yield f"a=setup:{setup}"
    if section.kind != Kind.APPLICATION:
        yield "a=rtcp-mux"
        yield "a=rtcp-rsize"


def _ice_lines(pair: Credentials) -> Iterator[str]:
    yield f"a=ice-ufrag:{pair[0]}"
    yield f"a=ice-pwd:{pair[1]}"


def _setup(type: SdpType, offered: MediaText | None) -> str:
    """RFC 8842: an offer leaves the DTLS role open, an answer is active where it may."""
    if type == SdpType.OFFER:
        return "actpass"
    return "passive" if offered is not None and offered.setup == "active" else "active"
