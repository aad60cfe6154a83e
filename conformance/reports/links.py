"""Where a rule can be read, and how a line of a trace is looked at again."""

from __future__ import annotations

import shlex

from negotiation.model import Specification, rules_of
from negotiation.model.source import address_of

from .paper import plain

TRACES = "traces/README.md"
ADAPTERS = "docs/adapters.md"

_PAGES = {"traces": TRACES, "adapters": ADAPTERS}


def url_of(anchor: str) -> str:
    """The address of an anchor: "#..." (webrtc-pc), "jsep:..." (RFC 9429), or of a page here."""
    if anchor in _PAGES:
        return _PAGES[anchor]
    return address_of(anchor) if anchor.startswith(("#", "jsep:")) else anchor


def place_in_text(rule: str | None) -> str | None:
    """Where a rule is in the text: "step 5.2 of check if negotiation is needed", if it is told."""
    from negotiation.model.algorithms import place_of  # many rows, for findings only

    known = rules_of(Specification).get(rule or "")
    return None if known is None else place_of(known)


def around_the_line(trace: str) -> tuple[str, str]:
    """A trace as a command names it, in the two parts that ":LINE" goes between."""
    before, _, after = command("", trace, 0).removeprefix("negotiation  ").rpartition(":0")
    return before, after


def command(name: str, trace: str, line: int | None = None) -> str:
    """The command that looks at a trace, or a line of it, to be copied into a shell."""
    place = trace if line is None else f"{trace}:{line}"
    quoted = shlex.quote(place)
    if not place.isprintable():
        quoted = "$'" + plain(place.replace("\\", "\\\\").replace("'", "\\'")) + "'"
    return f"negotiation {name} {quoted}"
