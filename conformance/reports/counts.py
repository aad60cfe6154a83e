"""Numbers of things, in words."""

from __future__ import annotations


def count(number: int, what: str) -> str:
    """1 trace, 2 traces, 1,200 traces."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
