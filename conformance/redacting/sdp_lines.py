"""What is private in a line of a session description; an attribute that is not known is, whole."""

from __future__ import annotations

import re
from collections.abc import Callable

from .replacing import Replacer
from .vocabulary import is_of_the_field

Redact = Callable[[str], str]

_NAMES = """
rtpmap fmtp rtcp-fb extmap extmap-allow-mixed rtcp-mux rtcp-mux-only rtcp-rsize setup connection
sendrecv sendonly recvonly inactive ice-lite end-of-candidates bundle-only
sctp-port sctpmap max-message-size ptime maxptime framerate imageattr quality x-google-flag
"""
_AS_THEY_ARE = frozenset(_NAMES.split())
"""Attributes in which nothing is private: codecs, roles, directions, sizes."""

_MIDS = frozenset(("mid", "group", "rid", "simulcast", "ice-options"))
"""Attributes in which words of the field are just that, and others may be anybody's."""

_FIXED = """
avpf tias ct rs rr ip4 ip6 fid fec fr sim wms mslabel md5 trickle renomination ice2
"""
_OF_LINES = frozenset(_FIXED.split())
"""What the fixed parts of lines have besides words of the field."""

_DIGITS = {"m": 5, "b": 9, "v": 3, "t": 3, "r": 3, "z": 3}
"""Lines of fixed parts alone, and how long a number in them may be: a port, a bandwidth."""

_PRIORITY = 10
"""Digits of a candidate's priority."""

_ADDRESS = re.compile(r"(IN IP[46] )(\S+)")
_TOKEN = re.compile(r"[^\W_]+")


class SdpLines:
    """Replaces what is private in the lines of descriptions, and in candidates."""

    def __init__(self, replacer: Replacer, known: Redact, unknown: Redact) -> None:
        self._replacer = replacer
        self._known = known
        self._unknown = unknown

    def line(self, text: str) -> str:
        """One line, without its end."""
        kind, value = text[:1], text[2:]
        match kind:
            case "v" | "t" | "m" | "b" | "r" | "z":
                return f"{kind}={self._fixed(value, _DIGITS[kind])}"
            case "s":
                return text if value.strip() in ("", "-") else f"s={self._unknown(value)}"
            case "o":
                return f"o={self._origin(value)}"
            case "c":
                return f"c={self._with_address(value)}"
            case "a":
                return f"a={self._attribute(value)}"
        return f"{kind}={self._unknown(value)}"

    def _origin(self, value: str) -> str:
        """User name, session id, version, address."""
        parts = value.split(" ")
        if len(parts) < 6:
            return self._unknown(value)
        user = parts[0] if parts[0] in ("-", "mozilla", "rtc") else self._unknown(parts[0])
        session = self._replacer.word(parts[1]) if len(parts[1]) > 1 else parts[1]
        version = parts[2] if len(parts[2]) < 6 else self._unknown(parts[2])
        return " ".join([user, session, version, self._with_address(" ".join(parts[3:]))])

    def _with_address(self, value: str) -> str:
        found = _ADDRESS.search(value)
        if found is None:
            return self._fixed(value, _DIGITS["m"])
        before, after = value[: found.start()], value[found.end() :]
        address = found[1] + self._unknown(found[2])
        return self._fixed(before, _DIGITS["m"]) + address + self._fixed(after)

    def _attribute(self, value: str) -> str:
        name, colon, rest = value.partition(":")
        if name in _AS_THEY_ARE:
            return value
        if name in _MIDS:
            return f"{name}{colon}{self._fixed(rest)}"
        match name:
            case "candidate":
                return self.candidate(value)
            case "ice-ufrag" | "ice-pwd":
                return f"{name}{colon}{self._credential(rest)}"
            case "fingerprint":
                algorithm, space, digits = rest.partition(" ")
                made = self._replacer.hexadecimal(digits, "fingerprints") if digits else digits
                return f"{name}{colon}{self._fixed(algorithm)}{space}{made}"
            case "rtcp":
                return f"{name}{colon}{self._with_address(rest)}"
            case "ssrc" | "ssrc-group" | "msid" | "msid-semantic":
                return f"{name}{colon}{self._of_stream(name, rest)}"
        # Neither the value nor, of a name that nobody knows, the name.
        known = name if all(map(is_of_the_field, _TOKEN.findall(name))) else self._unknown(name)
        return f"{known}{colon}{self._unknown(rest)}"

    def _fixed(self, text: str, digits: int = 3) -> str:
        """A part of which only words of the field, and numbers of so many digits, are to stay."""

        def kept(found: re.Match[str]) -> str:
            word = found[0]
            is_number = word.isdigit() and len(word) <= digits
            is_known = word.lower() in _OF_LINES or is_of_the_field(word)
            return word if is_number or is_known else self._replacer.word(word)

        return _TOKEN.sub(kept, text)

    def _credential(self, text: str) -> str:
        made = _TOKEN.sub(lambda found: self._replacer.word(found[0], "ICE credentials"), text)
        return made if made != text or not text else self._replacer.word(text, "ICE credentials")

    def _of_stream(self, name: str, rest: str) -> str:
        """ssrc:NUMBER NAME:VALUE, ssrc-group:NAME NUMBER ..., msid:STREAM TRACK."""
        if name == "ssrc":
            number, space, attribute = rest.partition(" ")
            which, colon, value = attribute.partition(":")
            told = f"{self._fixed(which)}{colon}{self._unknown(value)}"
            return f"{self._unknown(number)}{space}{told}"
        if name == "ssrc-group" or name == "msid-semantic":
            what, space, others = rest.lstrip().partition(" ")
            blanks = rest[: len(rest) - len(rest.lstrip())]
            return f"{blanks}{self._fixed(what)}{space}{self._unknown(others)}"
        return self._unknown(rest)

    def candidate(self, text: str) -> str:
        """`candidate:FOUNDATION COMPONENT TRANSPORT PRIORITY ADDRESS PORT typ TYPE ...`"""
        parts = text.split(" ")
        if len(parts) < 8:
            return self._known(text) if not text.startswith("candidate:") else self._short_one(text)
        before, colon, foundation = parts[0].partition(":")
        told = [self._fixed(one, _PRIORITY) for one in parts]
        told[0] = f"{before}{colon}{self._unknown(foundation)}"
        told[4] = self._unknown(parts[4])
        for at in range(8, len(parts) - 1, 2):
            if parts[at] in ("raddr", "ufrag") or not is_of_the_field(parts[at].split("-")[0]):
                told[at + 1] = self._unknown(parts[at + 1])
        return " ".join(told)

    def _short_one(self, text: str) -> str:
        before, colon, rest = text.partition(":")
        return f"{before}{colon}{self._unknown(rest)}"
