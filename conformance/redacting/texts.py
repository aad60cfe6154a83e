"""What of a text is private. Two ways to read one: `known` ones keep the words of the field,
and what is not known keeps none.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter

from .replacing import Replacer
from .sdp_lines import SdpLines
from .vocabulary import is_of_the_field

_WORD = re.compile(r"[^\W_]+")
_SHORT_NUMBER = 3
"""Digits of a number that is kept within a known text."""

_UUID = r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])"
_PAIRS = r"(?<![0-9A-Fa-f:])[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5,}(?![0-9A-Fa-f:])"
_V6 = r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])"
_V4 = r"(?<![\w.])(?:\d{1,3}|x)(?:\.(?:\d{1,3}|x)){3}(?![\w.]*\.\d)(?!\w)"
_URL = (
    r"(?<![A-Za-z])(?:https?|wss?|stuns?|turns?|blob|file|ftp|data|[a-z]+-extension):"
    r"[^\s\"'<>,\]\)}]+"
)
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"
_LOCAL = r"(?<![\w-])[\w-]{1,64}\.local\b"
_GIVEN = r"(?<=label: )[^,]*|(?<=username: )[^,\]}]*|(?<=credential: )[^,\]}]*"
_COLOUR = "\x1b\\[[0-9;]*m"
_IDS = f"(?P<uuid>{_UUID})|(?P<pairs>{_PAIRS})|(?P<v6>{_V6})|(?P<v4>{_V4})"
_PARTS = re.compile(
    f"(?P<colour>{_COLOUR})|(?P<url>{_URL})|(?P<mail>{_MAIL})|{_IDS}"
    f"|(?P<local>{_LOCAL})|(?P<given>{_GIVEN})"
)
_PARTS_OF_URL = re.compile(_IDS)
_HAS_PARTS = re.compile(r"[:@\x1b]|\w\.\w|-\w+-")
"""Without one of these, a text has none of the parts."""

_REMEMBERED = 100
"""Characters of a text that is remembered with its replacement: most come again and again."""
_MOST_REMEMBERED = 50_000

_TRANSPORT = re.compile(r"\?transport=(?:udp|tcp|tls)$")
_PORT = re.compile(r":(\d{1,5})(?=$|[/?])")
_BREAKS = re.compile(r"(\r\n|\n|\r|\\r\\n|\\n)")
_SDP_LINE = re.compile(r"[a-z]=")
_PREFIXED = re.compile(r"(.*?\bsdp: ?)(v=.*)", re.DOTALL)
_CANDIDATE = re.compile(
    r"(.*?)(?:(?<=a=)|(?<!\w))(candidate:\S{0,64} \d{1,9} \w{1,9} \d{1,20} .*)", re.DOTALL
)
_IN_AGENT = re.compile(r"[^\W_]+")


class Texts:
    """Replaces what is private in texts."""

    def __init__(self, replacer: Replacer) -> None:
        self._replacer = replacer
        self._memory: dict[tuple[str, bool], tuple[str, Counter[str]]] = {}
        self._sdp = SdpLines(replacer, self.known, self.unknown)

    def known(self, text: str) -> str:
        """A text whose words have a meaning: of an event, an error, a description."""
        if _BREAKS.search(text) and _is_sdp(text):
            return "".join(map(self.line, _BREAKS.split(text)))
        return self.line(text)

    def line(self, text: str) -> str:
        """As `known`, of one line."""
        if _BREAKS.fullmatch(text):
            return text
        prefixed = _PREFIXED.fullmatch(text)
        if prefixed:
            return self._words(prefixed[1], is_known=True) + self._sdp.line(prefixed[2])
        if _SDP_LINE.match(text):
            return self._sdp.line(text)
        candidate = _CANDIDATE.fullmatch(text)
        if candidate:
            before = self._words(candidate[1], is_known=True)
            return before + self._sdp.candidate(candidate[2])
        return self._words(text, is_known=True)

    def unknown(self, text: str) -> str:
        """A text of which nothing is known to be needed."""
        if _BREAKS.search(text) and _is_sdp(text):
            return self.known(text)
        return self._words(text, is_known=False)

    def agent(self, text: str) -> str:
        """A user agent: the names of browsers and systems stay, and the numbers beside them."""

        def kept(found: re.Match[str]) -> str:
            word = found[0]
            is_plain = word.isdigit() or is_of_the_field(word)
            return word if is_plain else self._replacer.word(word)

        return _IN_AGENT.sub(kept, text)

    def number(self, text: str) -> str:
        """A number of which nothing is known to be needed: a long one may be a person's."""
        if sum(map(str.isdigit, text)) <= 4 or "e" in text.lower():
            return text
        return re.sub(r"\d+", lambda found: self._digits(found[0]), text)

    def _digits(self, text: str) -> str:
        return text if len(text) < 2 else self._replacer.number(text)

    def _words(self, text: str, *, is_known: bool) -> str:
        if len(text) > _REMEMBERED:
            return self._looked_through(text, is_known)
        known = self._memory.get((text, is_known))
        if known is None:
            before = self._replacer.counts.copy()
            made = self._looked_through(text, is_known)
            known = made, self._replacer.counts - before
            if len(self._memory) > _MOST_REMEMBERED:
                self._memory.clear()
            self._memory[text, is_known] = known
        elif known[1]:
            self._replacer.counts.update(known[1])
        return known[0]

    def _looked_through(self, text: str, is_known: bool, parts: re.Pattern[str] = _PARTS) -> str:
        if not _HAS_PARTS.search(text):
            return self._plain(text, is_known)
        made, at = [], 0
        for found in parts.finditer(text):
            made.append(self._plain(text[at : found.start()], is_known))
            made.append(self._part(found, is_known))
            at = found.end()
        made.append(self._plain(text[at:], is_known))
        return "".join(made)

    def _part(self, found: re.Match[str], is_known: bool) -> str:
        text = found[0]
        match found.lastgroup:
            case "colour":
                return text
            case "url":
                return self._url(text)
            case "uuid":
                return self._replacer.hexadecimal(text, "ids")
            case "pairs":
                return self._replacer.hexadecimal(text, "fingerprints")
            case "v6":
                return self._v6(text, is_known)
            case "v4":
                return self._v4(text, is_known)
        return self._plain(text, is_known=False)

    def _v6(self, text: str, is_known: bool) -> str:
        try:
            ipaddress.IPv6Address(text)
        except ValueError:
            return self._plain(text, is_known)
        return self._replacer.v6(text)

    def _v4(self, text: str, is_known: bool) -> str:
        parts = text.split(".")
        if all(part == "x" or int(part) > 255 for part in parts):
            return self._plain(text, is_known)
        return self._replacer.v4(text)

    def _url(self, text: str) -> str:
        """Its scheme and port stay."""
        scheme, _, rest = text.partition(":")
        end = _TRANSPORT.search(rest)
        after = end[0] if end else ""
        rest = rest[: len(rest) - len(after)]
        made, at = [], 0
        for port in _PORT.finditer(rest):
            made += [self._of_url(rest[at : port.start()]), port[0]]
            at = port.end()
        made.append(self._of_url(rest[at:]))
        return f"{scheme}:{''.join(made)}{after}"

    def _of_url(self, text: str) -> str:
        return self._looked_through(text, False, _PARTS_OF_URL)

    def _plain(self, text: str, is_known: bool) -> str:
        if not text:
            return text
        return _WORD.sub(self._kept if is_known else self._changed, text)

    def _kept(self, found: re.Match[str]) -> str:
        word = found[0]
        is_short = word.isdigit() and len(word) <= _SHORT_NUMBER
        return word if is_short or is_of_the_field(word) else self._replacer.word(word)

    def _changed(self, found: re.Match[str]) -> str:
        word = found[0]
        return word if word.isdigit() and len(word) == 1 else self._replacer.word(word)


def _is_sdp(text: str) -> bool:
    lines = [line for line in _BREAKS.split(text) if line and not _BREAKS.fullmatch(line)]
    return sum(bool(_SDP_LINE.match(line) or _PREFIXED.fullmatch(line)) for line in lines) > 1
