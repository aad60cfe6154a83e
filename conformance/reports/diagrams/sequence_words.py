"""The words of a sequence that all its formats share."""

from __future__ import annotations

import msgspec

from .sequence import Item, LeftOut, Repeat


def repeat_in_words(row: Repeat) -> str:
    """How often, and where."""
    return f"{row.times} times, lines {row.items[0].line} to {row.last}"


def left_out_in_words(row: LeftOut) -> str:
    """How many lines, and how to see them."""
    if row.lines == 1:
        return f"1 line left out: --focus {row.first} shows it"
    return f"{row.lines} lines left out: --from {row.first} --to {row.last} shows them"


def once(row: Repeat) -> Item:
    """The item of a row in which one is repeated, with how often."""
    (item,) = row.items
    return msgspec.structs.replace(item, text=f"{item.text}: {repeat_in_words(row)}")
