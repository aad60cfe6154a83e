"""Edits to SDP texts, as the program language tells them. Sections are counted from 0.

The same rules as `programs/texts.py` has for the model and `edits.js` for pages; a test holds them
against each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

Block = list[str]

_DIRECTION = re.compile(r"a=(sendrecv|sendonly|recvonly|inactive)\s*")
_MID = "a=mid:"
_ROLE = re.compile(r"^a=setup:(active|passive)", re.MULTILINE)


class NoSuchSectionError(Exception):
    """An edit names an m-section that the text does not have."""


def edited(text: str, edits: Sequence[dict[str, Any]]) -> str:
    """The text after the edits; untouched, to the byte, when there are none."""
    for edit in edits:
        blocks = _blocks(text)
        _apply(blocks, edit)
        text = _text(blocks)
    return text


def with_mids_of(text: str, other: str, indices: Sequence[int]) -> str:
    """The text with the mids that another text has for the sections with these indices."""
    blocks = _blocks(text)
    known = [_mid(section) for section in _blocks(other)[1:]]
    names: dict[str | None, str] = {}
    for index in indices:
        mid = known[index] if index < len(known) else None
        if mid is None:
            continue
        section = _section(blocks, index)
        names[_mid(section)] = mid
        at = next(place for place, line in enumerate(section) if line.startswith(_MID))
        section[at] = f"{_MID}{mid}"
    blocks[0] = [_regrouped(line, names) for line in blocks[0]]
    return _text(blocks)


def with_role(text: str, ours: str, theirs: str) -> str:
    """The answer with the DTLS role that its end has taken before; both texts may be empty."""
    taken, other = _ROLE.search(ours), _ROLE.search(theirs)
    if taken is not None:
        is_active = taken[1] == "active"
    elif other is not None:
        is_active = other[1] == "passive"
    else:
        return text
    role = "active" if is_active else "passive"
    return re.sub(r"^a=setup:\w+", f"a=setup:{role}", text, flags=re.MULTILINE)


def _regrouped(line: str, names: dict[str | None, str]) -> str:
    group, *mids = line.split(" ")
    if group != "a=group:BUNDLE":
        return line
    return " ".join([group, *(names.get(mid, mid) for mid in mids)])


def _mid(section: Block) -> str | None:
    lines = (line.rstrip()[len(_MID) :] for line in section if line.startswith(_MID))
    return next(lines, None)


def _blocks(text: str) -> list[Block]:
    """The lines of the session level, then those of each m-section."""
    blocks: list[Block] = [[]]
    whole = text[:-1] if text.endswith("\n") else text
    for raw in whole.split("\n") if text else []:
        line = raw[:-1] if raw.endswith("\r") else raw
        if line.startswith("m="):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _text(blocks: list[Block]) -> str:
    return "".join(f"{line}\r\n" for block in blocks for line in block)


def _section(blocks: list[Block], index: int) -> Block:
    if 0 <= index < len(blocks) - 1:
        return blocks[index + 1]
    raise NoSuchSectionError(f"an edit names m-section {index}, and there are {len(blocks) - 1}")


def _apply(blocks: list[Block], edit: dict[str, Any]) -> None:
    """Applies one edit, in the order of its fields."""
    if edit.get("reject") is not None:
        section = _section(blocks, edit["reject"])
        section[0] = re.sub(r"^(m=\S+) [0-9]+", r"\1 0", section[0])
    if edit.get("direction") is not None:
        index, direction = edit["direction"]
        _redirect(_section(blocks, index), direction)
    if edit.get("remove") is not None:
        del blocks[blocks.index(_section(blocks, edit["remove"]))]
    if edit.get("unmux") is not None:
        section = _section(blocks, edit["unmux"])
        section[:] = [line for line in section if line.rstrip() != "a=rtcp-mux"]
    if edit.get("append") is not None:
        blocks[-1].append(edit["append"])


def _redirect(section: Block, direction: str) -> None:
    """The new direction stands where the old one stood, or at the section's end."""
    places = [place for place, line in enumerate(section) if _DIRECTION.fullmatch(line)]
    others = [line for line in section if not _DIRECTION.fullmatch(line)]
    others.insert(places[0] if places else len(others), f"a={direction}")
    section[:] = others
