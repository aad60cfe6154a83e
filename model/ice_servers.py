"""ICE servers: which URLs and credentials "validate an ICE server URL" refuses.

The steps ask the URL standard's basic parser twice: for the URL, whose path is opaque, and for
"https://" and that path, which finds host and port. Names that are not ASCII need the tables of
Unicode's domain names (so does "xn--"), which this model does not have: they may be either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv6Address
from unicodedata import category
from urllib.parse import unquote_to_bytes

from .labels import IceServer

Errors = frozenset[str | None]
"""The errors that may come; None: none at all."""

TAKEN: Errors = frozenset({None})
REFUSED: Errors = frozenset({"SyntaxError"})
NO_ACCESS: Errors = frozenset({"InvalidAccessError"})

STUN, TURN = ("stun", "stuns"), ("turn", "turns")
TRANSPORTS = (None, "transport=udp", "transport=tcp")
LARGEST_PORT = 65535
LONGEST_USERNAME = 508

_BLANKS = "".join(map(chr, range(0x21)))
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*):(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?P<fragment>#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_HOST = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]+)(?::(?P<port>[0-9]*))?", re.DOTALL)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#/:<>?@\[\\\]^|%]")
_NUMBER = re.compile(r"0x(?P<hexadecimal>[0-9a-f]*)|(?P<octal>0[0-7]*)|(?P<decimal>[1-9][0-9]*)")
_RADIX = {"hexadecimal": 16, "octal": 8, "decimal": 10}


def server_errors(server: IceServer) -> Errors:
    """The errors that an RTCIceServer may be refused with: its first wrong URL decides."""
    if not server.urls:
        return REFUSED
    return first_errors(url_errors(url, server) for url in server.urls)


def first_errors(each: Iterable[Errors]) -> Errors:
    """The errors that may come first when one thing is looked at after the other."""
    told: Errors = frozenset()
    for errors in each:
        told |= errors - TAKEN
        if None not in errors:
            return told
    return told | TAKEN


def url_errors(url: str, server: IceServer) -> Errors:
    """The errors of one URL of a server: its syntax first, then the server's credentials."""
    parsed = _URL.fullmatch(re.sub(r"[\t\n\r]", "", url.strip(_BLANKS)))
    scheme = parsed["scheme"].lower() if parsed else ""
    if parsed is None or scheme not in STUN + TURN or set("/@") & set(parsed["path"]):
        return REFUSED
    allowed = TRANSPORTS if scheme in TURN else (None,)
    if parsed["fragment"] is not None or parsed["query"] not in allowed:
        return REFUSED
    errors = _host_and_port_errors(parsed["path"])
    if scheme in TURN and not has_credentials(server):
        return frozenset(error or "InvalidAccessError" for error in errors)
    return errors


def has_credentials(server: IceServer) -> bool:
    """Whether TURN can carry the username (RFC 8489, 14.3) and the credential (RFC 8265, 4.1)."""
    if server.username is None or server.credential is None:
        return False
    length = len(server.username.encode(errors="surrogatepass"))
    is_short = length <= LONGEST_USERNAME
    return is_short and _is_opaque(server.username) and _is_opaque(server.credential)


def _is_opaque(text: str) -> bool:
    """Whether it is an OpaqueString: not empty, no controls, nothing private, no surrogates."""
    return bool(text) and all(_is_freeform(sign) for sign in text)


def _is_freeform(sign: str) -> bool:
    """A code point of PRECIS' FreeformClass; what a newer Unicode may have assigned is one."""
    return sign in "\u200c\u200d" or category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _host_and_port_errors(path: str) -> Errors:
    """What the parser says of "https://" and the path, which has no "/", "@", "?" and "#".

    Of a special URL, backslashes are slashes: those before the host are skipped, one after it ends
    it, and what comes then would be a path.
    """
    host, _, rest = path.lstrip("\\").partition("\\")
    parsed = _HOST.fullmatch(host)
    if parsed is None or rest or _valued(parsed["port"] or "", 10) > LARGEST_PORT:
        return REFUSED
    return _host_errors(parsed["host"])


def _host_errors(host: str) -> Errors:
    if host.startswith("["):
        return TAKEN if _is_ipv6(host[1:-1]) else REFUSED
    decoded = unquote_to_bytes(host.encode(errors="surrogatepass")).decode(errors="replace")
    if "\N{REPLACEMENT CHARACTER}" in decoded or _FORBIDDEN.search(decoded):
        return REFUSED
    labels = decoded.lower().split(".")
    if not decoded.isascii() or any(label.startswith("xn--") for label in labels):
        return TAKEN | REFUSED
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    is_address = labels[-1].isdigit() or _number(labels[-1]) is not None
    return REFUSED if is_address and not _is_ipv4(labels) else TAKEN


def _is_ipv6(text: str) -> bool:
    try:
        return IPv6Address(text).scope_id is None
    except AddressValueError:
        return False


def _is_ipv4(parts: list[str]) -> bool:
    """Up to four numbers, the last of which fills what the others leave."""
    numbers = [_number(part) for part in parts]
    known = [number for number in numbers if number is not None]
    if len(known) != len(parts) or len(parts) > 4:
        return False
    return max(known[:-1], default=0) < 256 and known[-1] < 256 ** (5 - len(parts))


def _number(part: str) -> int | None:
    """The number that a part of an address says, or None."""
    found = _NUMBER.fullmatch(part)
    if found is None or found.lastgroup is None:
        return None
    return _valued(found[found.lastgroup], _RADIX[found.lastgroup])


def _valued(digits: str, radix: int) -> int:
    """The number that digits say; of very long ones, one that is too large as well."""
    return int(digits.lstrip("0")[:32] or "0", radix)
