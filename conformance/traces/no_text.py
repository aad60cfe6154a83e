"""What a file is that is no text, by its first bytes: for messages that say what to do."""

from __future__ import annotations

_PACKED = (
    (b"\x1f\x8b", "gzip data within gzip data"),
    (b"PK\x03\x04", "a zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
)
_BZIP2_BLOCK = b"1AY&SY"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

_ONE_IN = 10
"""One byte in so many may be none of a text: a device's name in Latin-1, a character torn apart."""


def packed_or_utf16(head: bytes) -> str | None:
    """What the file is, and what to do with it; None: it is nothing that is known here."""
    for start, what in _PACKED:
        if head.startswith(start):
            return _to_unpack(what)
    if head.startswith(b"BZh") and head[4:].startswith(_BZIP2_BLOCK):
        return _to_unpack("bzip2 data")
    if head.startswith(_UTF16):
        return "is UTF-16 text; save it as UTF-8"
    return None


def no_text(head: bytes) -> str | None:
    """Why a file that begins so is no text, and what to do; None: it may be one."""
    known = packed_or_utf16(head)
    if known is not None:
        return known
    strange = head.decode(errors="replace").count("\ufffd") + head.count(b"\0")
    if strange * _ONE_IN > len(head):
        return "is no UTF-8 text (a binary file?)"
    return None


def _to_unpack(what: str) -> str:
    return f"is {what}; unpack it, and name what is in it"
