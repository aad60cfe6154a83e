"""Descriptions as rtcstats of 2025 (fileFormat 3) compresses them: what it left out, put back.

A section that is the same as the one in its place in the base is a bare `v=` (the first) or `m=`.
"""

from __future__ import annotations

from ..entries import Given

_LINE = "\r\n"
_MOST_SECTIONS = 10_000


class IncompleteError(ValueError):
    """A section was left out, and the base has none in its place."""


def decompressed(base: Given | None, given: Given) -> Given:
    """The description as it was. Both are of one type, or nothing was left out.

    Raises:
        IncompleteError: the base that it was compressed against is another one, or not known.
    """
    sections = _split(given.sdp or "")
    missing = [at for at, one in enumerate(sections) if one == ("m=" if at else "v=")]
    if not missing:
        return given
    known = _split(base.sdp) if base is not None and base.sdp and base.type == given.type else []
    if missing[-1] >= len(known):
        raise IncompleteError
    for at in missing:
        sections[at] = known[at]
    return Given(given.type, _LINE.join(sections) + _LINE)


def _split(sdp: str) -> list[str]:
    parts = sdp.split("\nm=", _MOST_SECTIONS)
    return [(f"m={part}" if at else part).strip() for at, part in enumerate(parts)]
