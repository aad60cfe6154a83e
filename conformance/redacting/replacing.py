"""Replacements: the same text always has the same one, another text another one, of the same shape.

A replacement is made by a keyed hash, so that nobody without the key can go back, or find out
whether a guess was right. The table of what was replaced is all that grows with a file.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import string
from collections import Counter
from collections.abc import Callable

MOST_TRIES = 500
LONGEST_TOKEN = 4096
"""Characters of one word that have a replacement of their own shape; a longer one is cut."""

_V4_NETS = ("192.0.2.", "198.51.100.", "203.0.113.")
_V4_KEPT = frozenset(("0.0.0.0", "127.0.0.1", "255.255.255.255"))
_V6_KEPT = frozenset(("::", "::1"))
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")


class Replacer:
    """The table of replacements of one run.

    `kept` tells which words have a meaning of their own, and must not come up as replacements.
    `counts` has how often each kind of text was replaced, `distinct` how many different ones.
    """

    def __init__(self, key: bytes, kept: Callable[[str], bool] = lambda word: False) -> None:
        self._key = key
        self._kept = kept
        self._table: dict[tuple[str, str], str] = {}
        self._used: dict[str, set[str]] = {}
        self.counts: Counter[str] = Counter()
        self.distinct: Counter[str] = Counter()

    def word(self, text: str, kind: str = "words and names") -> str:
        """Another word with small letters, capitals and digits in the same places."""
        return self._of(kind, "word", text, self._word)

    def number(self, text: str, kind: str = "numbers") -> str:
        """Another number with as many digits; zeros at its beginning stay."""
        rest = text.lstrip("0")
        if len(rest) < 2:
            return text
        return text[: -len(rest)] + self._of(kind, "word", rest, self._word)

    def hexadecimal(self, text: str, kind: str) -> str:
        """Other hexadecimal digits in the same places: of fingerprints, UUIDs."""
        return self._of(kind, "hexadecimal", text, self._hexadecimal)

    def v4(self, text: str) -> str:
        """Another IPv4 address, of a range for documentation; of one for benchmarks, if need be."""
        if text in _V4_KEPT:
            return text
        return self._of("IP addresses", "v4", text, self._v4)

    def v6(self, text: str) -> str:
        """Another IPv6 address, of the range for documentation; equal ones are equal after it."""
        canonical = str(ipaddress.IPv6Address(text))
        if canonical in _V6_KEPT:
            return text
        return self._of("IP addresses", "v6", canonical, self._v6)

    def days(self) -> bytes:
        """Bytes from which to tell by how much times move."""
        return self._bytes("days", 0)[:4]

    def _of(self, kind: str, domain: str, text: str, make: Callable[[str, bytes], str]) -> str:
        self.counts[kind] += 1
        found = self._table.get((domain, text))
        if found is not None:
            return found
        self.distinct[kind] += 1
        found = self._made(domain, text, make)
        self._table[domain, text] = found
        return found

    def _made(self, domain: str, text: str, make: Callable[[str, bytes], str]) -> str:
        used = self._used.setdefault(domain, set())
        for tried in range(MOST_TRIES):
            made = make(text, self._bytes(f"{domain} {tried} {text}", len(text)))
            if made not in used and made != text and not self._kept(made):
                break
        else:  # so many short ones are taken that one has to be longer
            made = f"{made}{len(used)}" if text.isdigit() else f"{made}{len(used)}x"
        used.add(made)
        return made

    def _bytes(self, text: str, size: int) -> bytes:
        """At least so many bytes, and 16."""
        made, number = b"", 0
        data = text.encode("utf-8", "surrogatepass")
        while len(made) < size + 16:
            salt = number.to_bytes(8, "big")
            made += hashlib.blake2b(data, key=self._key, salt=salt).digest()
            number += 1
        return made

    def _word(self, text: str, random: bytes) -> str:
        text = text[:LONGEST_TOKEN]
        is_hex = len(text) > 6 and _HEX.fullmatch(text) is not None and not text.isdigit()
        made = [_alike(each, byte, is_hex) for each, byte in zip(text, random, strict=False)]
        if text[0] in string.digits and text.isascii() and text.isdigit():
            made[0] = _first_digit(text[0], random[-1])
        return "".join(made)

    def _hexadecimal(self, text: str, random: bytes) -> str:
        return "".join(
            _alike(each, byte, True) if each in string.hexdigits else each
            for each, byte in zip(text, random, strict=False)
        )

    def _v4(self, text: str, random: bytes) -> str:
        used = self._used.setdefault("v4", set())
        if len(used) < 600:
            return f"{_V4_NETS[random[0] % 3]}{1 + random[1] % 254}"
        return f"198.{18 + random[0] % 2}.{random[1]}.{random[2]}"

    def _v6(self, text: str, random: bytes) -> str:
        groups = (f"{int.from_bytes(random[at : at + 2], 'big'):x}" for at in range(0, 8, 2))
        return "2001:db8::" + ":".join(groups)


def _alike(character: str, byte: int, is_hex: bool) -> str:
    """A character of the same sort; letters of other alphabets become small Latin ones."""
    if character in string.digits:
        return string.digits[byte % 10]
    if is_hex:
        return "abcdef"[byte % 6] if character.islower() else "ABCDEF"[byte % 6]
    if character in string.ascii_uppercase:
        return string.ascii_uppercase[byte % 26]
    return string.ascii_lowercase[byte % 26]


def _first_digit(digit: str, byte: int) -> str:
    """No greater, so that the number fits where it was; what begins with zero is none."""
    return str(byte % 10) if digit == "0" else str(1 + byte % int(digit))
