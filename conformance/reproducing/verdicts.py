"""What the specification says, in the words that a script prints."""

from __future__ import annotations

from .witnesses import Count, Reading, Witness
from .wording import QUIET, Line

SURVIVES = "the stack neither dies nor hangs"


def count_in_words(witness: Count) -> str:
    """What the specification says of how often a line comes."""
    name = outcome_in_words(witness.text)
    return f"{name} at {witness.at} {witness.times} times before {line_in_words(witness.until)}"


def outcome_in_words(text: str) -> str:
    """The line of a log that begins so."""
    return f"{text}settles" if text.endswith(" ") else text


def line_in_words(line: Line) -> str:
    """The line that something else comes before."""
    text = outcome_in_words(line.text)
    text = "it is quiet" if text == QUIET else text
    return f"{text} ({line.nth})" if line.nth > 1 else text


def allowed_in_words(witness: Reading) -> list[str]:
    """The values that are allowed, as the log tells them."""
    told = ", ".join(witness.aspects)
    values = (
        "; ".join("null" if one is None else one for one in each) for each in witness.specified
    )
    return [f"{told}: {value}" for value in values]


def is_named(witness: Witness) -> bool:
    """Whether the verdict is about which transceivers there are, not about how many."""
    return isinstance(witness, Reading) and "names of transceivers" in witness.aspects
