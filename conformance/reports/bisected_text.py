"""Where behaviour changes between versions, as text and as JSON."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from ..traces import format
from ..traces.reading import Trace
from .bisected import Bisected, Boundary
from .contrasting import Contrast, Side
from .links import command
from .observing import Methods, observation_in_words, reading_in_words
from .paper import Paper
from .telling import tell_finding

LINES_BEFORE, LINES_AFTER = 5, 4
"""Lines of the peer around the difference that are shown side by side."""

MOST_DIFFERENCES = 8

_Marked = tuple[str, bool]


def tell_bisected(paper: Paper, told: Bisected) -> None:
    """Tell where it changes, and show both sides of each change."""
    paper.paragraph(_summary(told), style="bold")
    paper.paragraph(_asked(told), indent=2, hanging=4, style="faint")
    for version, reason in told.untold.items():
        paper.item(f"{version}: nothing can be told; {reason}", style="yellow")
    if not told.is_monotone:
        paper.paragraph(
            f"Not monotone: it changes {len(told.boundaries)} times among the versions that were "
            "looked at. Bisecting finds one of the changes; here are all that are known.",
            style="yellow",
        )
    for one in told.boundaries:
        _tell_boundary(paper, told, one)


def _summary(told: Bisected) -> str:
    what = f"{told.finding} in {told.program}" if told.finding else f"What {told.program} shows"
    if not told.behaviours:
        return f"{what}: nothing could be told of any version of {told.stack}."
    if not told.boundaries:
        has = f" ({next(iter(told.behaviours.values()))})" if told.finding else ""
        return f"{what} is the same{has} in all versions of {told.stack} that were looked at."
    if told.is_monotone:
        change = told.boundaries[0].change
        return f"{what} changes between {told.stack} {change.before} and {change.after}."
    return f"{what} changes more than once between versions of {told.stack}."


def _asked(told: Bisected) -> str:
    asked = ", ".join(f"{version}: {one}" for version, one in told.behaviours.items())
    of = f"{len(told.behaviours) + len(told.untold)} of {len(told.versions)} versions looked at"
    return f"{of}{' (' if asked else ''}{asked}{')' if asked else ''}"


def _tell_boundary(paper: Paper, told: Bisected, boundary: Boundary) -> None:
    change = boundary.change
    names = f"{told.stack} {change.before}", f"{told.stack} {change.after}"
    paper.blank()
    paper.paragraph(f"The last before: {names[0]}; the first after: {names[1]}.", style="cyan")
    if change.untold:
        paper.paragraph(f"Between them nothing can be told of {', '.join(change.untold)}.")
    for one in boundary.differences[:MOST_DIFFERENCES]:
        paper.item(f"peer {one.peer}{_lines(one)}: {one.told(*names)}")
    if len(boundary.differences) > MOST_DIFFERENCES:
        paper.item(f"... and {len(boundary.differences) - MOST_DIFFERENCES} more")
    if not boundary.differences:
        paper.paragraph("Nothing differs that both recorders can see.")
    else:
        tell_sides(paper, names, boundary.traces, boundary.differences[0])
    if boundary.finding is not None:
        paper.blank()
        stack, quoted = _stack(boundary), boundary.quoted
        tell_finding(paper, boundary.finding, quoted=quoted, stack=stack)


def _lines(contrast: Contrast) -> str:
    """Where it is shown: the same words may tell of two places."""
    shown = [side.line for side in (contrast.first, contrast.second) if side.words is not None]
    if len(shown) == 1:
        return f", line {shown[0]}"
    if len(set(shown)) == 1:
        return f", line {shown[0]} of both"
    return f", lines {shown[0]} and {shown[1]}" if shown else ""


def _stack(boundary: Boundary) -> format.Stack | None:
    finding = boundary.finding
    for trace in boundary.traces:
        if finding is not None and finding.trace == trace.file:
            return trace.header.peers[finding.peer].stack
    return None


def tell_sides(
    paper: Paper, names: Sequence[str], traces: tuple[Trace, Trace], contrast: Contrast
) -> None:
    """Both recordings side by side, around a difference, the lines that differ marked with >."""
    at = paper.width // 2
    sides = (contrast.first, contrast.second)
    ours, theirs = (
        _around(trace, contrast.peer, side) for trace, side in zip(traces, sides, strict=True)
    )
    paper.blank()
    paper.columns(names[0], [names[1]], at=at, style="bold")
    nothing: _Marked = ("", False)
    for mine, other in itertools.zip_longest(ours, theirs, fillvalue=nothing):
        paper.columns(mine[0] or " ", [other[0] or " "], at=at, style="red" if mine[1] else "")
    for trace, side in zip(traces, sides, strict=True):
        paper.as_it_is(command("replay", trace.file, side.line or None), style="faint")


def _around(trace: Trace, peer: str, side: Side) -> list[_Marked]:
    methods: Methods = {
        one.id: one.method for _, one in trace.observations if isinstance(one, format.Call)
    }
    ours = [(line, one) for line, one in trace.observations if one.peer == peer]
    lines = [line for line, _ in ours]
    place = lines.index(side.line) if side.line in lines else 0
    marked = side.lines if side.words is not None else ()
    told: list[_Marked] = []
    for line, one in ours[max(0, place - LINES_BEFORE) : place + LINES_AFTER + 1]:
        is_marked = line in marked
        words = _told(one, methods, is_whole=is_marked)
        told.append((f"{'>' if is_marked else ' '} {line}  {words}", is_marked))
    return told


def _told(one: format.Observation, methods: Methods, *, is_whole: bool) -> str:
    """The observation with the signaling state, or with all that was read."""
    words = observation_in_words(one, methods)
    if is_whole and one.state is not None:
        return f"{words} [{reading_in_words(one.state)}]"
    state = one.state.signalingState if one.state is not None else None
    return words + (f" [{state}]" if state else "")


def bisected_as_data(told: Bisected) -> dict[str, Any]:
    """What was found, as one object."""
    return {
        "program": told.program,
        "stack": told.stack,
        "finding": told.finding,
        "versions": list(told.versions),
        "behaviours": told.behaviours,
        "untold": told.untold,
        "monotone": told.is_monotone,
        "changes": [_change(told.stack, one) for one in told.boundaries],
    }


def _change(stack: str, boundary: Boundary) -> dict[str, Any]:
    change, traces = boundary.change, boundary.traces
    names = f"{stack} {change.before}", f"{stack} {change.after}"
    return {
        "before": change.before,
        "after": change.after,
        "untold_between": list(change.untold),
        "traces": [trace.file for trace in traces],
        "differences": [
            {
                "peer": one.peer,
                "what": one.told(*names),
                "more": one.more,
                "lines": [one.first.line, one.second.line],
                "observed": [one.first.words, one.second.words],
            }
            for one in boundary.differences
        ],
        "finding_at": None
        if boundary.finding is None
        else {"trace": boundary.finding.trace, "line": boundary.finding.line},
    }
