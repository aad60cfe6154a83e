"""Fingerprints: what a whole recording says, in a few bytes and without decoding a line of it.

Two recordings have the same fingerprint only if they say the same but for what comes out anew each
time: times, SDP texts (their summaries are the same), and how long it was quiet. So what was found
of one of them, read line by line, is true of the other.

A line is cut into what differs (`_CUTS` and `_QUIET`, which look for keys that only stand where a
line of that kind has them: inside of strings, quotes are escaped) and what is left. What was cut
out must be what the format says (numbers that count up, times that do not go back, JSON strings);
then the line is as right as the one that was decoded. Where it is not, or is written in another way
than the encoder's, there is no fingerprint, and the recording is read line by line.
"""

from __future__ import annotations

import hashlib
import re

import msgspec

from .said import QUIET_ENOUGH

LARGEST = 1 << 20
"""The longest recording of which there is a fingerprint, in bytes: it is held in memory whole."""

_COUNT = rb"(?:0|[1-9]\d{0,14})"
_NUMBER = _COUNT + rb"(?:\.\d{1,15})?"
_CUTS = re.compile(
    rb'\n\{"kind":"([a-z]+)",(?:"n":(%b),"t":(%b),"'
    rb'|(?<="sdp",)"id":"([\w.-]+)","text":("[^\n]*"),"summary":)' % (_COUNT, _NUMBER),
    re.ASCII,
)
_QUIET = re.compile(
    rb'"quiet":(%b)(?:,"turns":%b)?(,"canary":true)?\}(?=\0|\n\Z)' % (_NUMBER, _COUNT)
)
_PARTS = _CUTS.groups + 1
_QUIET_PARTS = _QUIET.groups + 1
_STRINGS = msgspec.json.Decoder(list[str])


def fingerprint(lines: bytes) -> bytes | None:
    """The fingerprint of the lines that follow a header, from its newline on; None: there is none.

    The lines must be all that there are.
    """
    if not lines.isascii() or b"\0" in lines or lines[:1] != b"\n" or lines[-1:] != b"\n":
        return None
    parts = _CUTS.split(lines)
    kinds, numbers, times, ids, texts = (parts[index::_PARTS] for index in range(1, _PARTS))
    if not (_count_up(numbers) and _do_not_go_back(times) and _are_strings(texts)):
        return None
    if b'""' in texts:  # of which more is known than its summary may tell
        return None
    left = _QUIET.split(b"\0".join(parts[::_PARTS]))
    quiet, canaries = left[1::_QUIET_PARTS], left[2::_QUIET_PARTS]
    settled = bytes(one is not None or _is_long(q) for q, one in zip(quiet, canaries, strict=True))
    digest = hashlib.sha256()
    for part in (left[::_QUIET_PARTS], [settled], kinds, filter(None, ids)):
        told = b"\0".join(part)
        digest.update(b"%d " % len(told))
        digest.update(told)
    return digest.digest()


def _count_up(numbers: list[bytes | None]) -> bool:
    """Whether they are 1, 2, 3, ..."""
    told = list(map(int, filter(None, numbers)))
    return told == list(range(1, len(told) + 1))


def _do_not_go_back(times: list[bytes | None]) -> bool:
    told = list(map(float, filter(None, times)))
    return told == sorted(told)


def _are_strings(texts: list[bytes | None]) -> bool:
    """Whether each is one JSON string: put together they must be a list of so many."""
    told = list(filter(None, texts))
    try:
        return len(_STRINGS.decode(b"[%b]" % b",".join(told))) == len(told)
    except ValueError:
        return False


def _is_long(quiet: bytes) -> bool:
    return float(quiet) >= QUIET_ENOUGH
