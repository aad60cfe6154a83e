"""Descriptions as rtcstats of 2025 (fileFormat 3) compresses them: what it left out, put back.

A section that is the same as the one in its place in the base is a bare `v=` (the first) or `m=`.
"""

from __future__ import annotations

from ..entries import LARGEST_TEXT, Given

MOST_PUT_BACK = 64 * 1024 * 1024
"""Characters that are put back in one dump at most: a bare section costs its writer nothing."""

_LINE = "\r\n"
_MOST_SECTIONS = 10_000


class IncompleteError(ValueError):
    """A section was left out, and the base has none in its place; or it would be too much."""


class Allowance:
    """How much may still be put back in a dump, in characters."""

    def __init__(self, left: int = MOST_PUT_BACK) -> None:
        self._left = left

    def spend(self, characters: int) -> None:
        """So much is to be put back into one description.

        Raises:
            IncompleteError: that is too much.
        """
        if characters > min(self._left, LARGEST_TEXT):
            raise IncompleteError
        self._left -= characters


def decompressed(base: Given | None, given: Given, allowance: Allowance | None = None) -> Given:
    """The description as it was. Both are of one type, or nothing was left out.

    The dump's `allowance` is lessened by what is put back (None: that of a dump of its own).

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
    (allowance or Allowance()).spend(sum(len(known[at]) for at in missing))
    for at in missing:
        sections[at] = known[at]
    return Given(given.type, _LINE.join(sections) + _LINE)


def _split(sdp: str) -> list[str]:
    parts = sdp.split("\nm=", _MOST_SECTIONS)
    return [(f"m={part}" if at else part).strip() for at, part in enumerate(parts)]
