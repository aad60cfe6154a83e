"""The gallery: what stacks were caught doing, each kind once, with a recording to step through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from replays import link_to
from sightings import Seen

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.reports.links import url_of
from negotiation.conformance.reports.matrix.cells import Matrix
from negotiation.conformance.reports.matrix.markdown import text

HEAD = """\
# Gallery of faults

What the recordings in this repository show, one of each kind and rule, with a recording to step
through. The whole table of stacks and versions, with the evidence of each cell, is
<a href="matrix.html">the matrix</a>; [the compatibility table](compatibility.md) is its short form.
What was confirmed in the plain stacks, without this tool, is in
[the pages of the stacks](stacks/chromium.md).

"""


def gallery_page(matrix: Matrix, seen: Sequence[Seen]) -> str:
    """The page, whole."""
    judged = f"{len(matrix.recordings)} recordings of {len(matrix.columns)} stacks and versions"
    lines = [HEAD, f"Judged: {judged}."]
    for id, of_id in groupby(seen, key=lambda one: one.id):
        lines += _kind(id, list(of_id))
    return "\n".join(lines) + "\n"


def shown(seen: Sequence[Seen]) -> list[Seen]:
    """Those that are shown: of each kind and rule the one that is seen soonest."""
    return [_soonest(list(of_rule)) for _, of_rule in groupby(seen, key=_kind_and_rule)]


def _kind_and_rule(seen: Seen) -> tuple[str, str]:
    return seen.id, seen.anchor


def _soonest(seen: Sequence[Seen]) -> Seen:
    return min(seen, key=lambda one: (one.line, one.stack))


def _kind(id: str, seen: list[Seen]) -> Iterator[str]:
    yield from ("", f"## {id}", "", f"[{text(FINDINGS[id].title)}](findings/{id}.md)", "")
    yield from ("| who | for instance | the rule |", "|---|---|---|")
    by_rule = [list(of_rule) for _, of_rule in groupby(seen, key=_kind_and_rule)]
    yield from (_row(of_rule) for of_rule in sorted(by_rule, key=len, reverse=True))


def _row(seen: list[Seen]) -> str:
    """One rule that stacks depart from: who does, and where it is seen soonest."""
    one = _soonest(seen)
    stacks = ", ".join(f"{text(each.stack)} ({text(_versions(each))})" for each in seen)
    url = url_of(one.anchor)
    rule = f"[{text(one.anchor)}]({url})" if "://" in url else f"`{url}`"
    return f"| {stacks} | {one.evidence}; {link_to(one)} | {rule} |"


def _versions(seen: Seen) -> str:
    return seen.versions[0] if len(seen.versions) == 1 else f"{len(seen.versions)} versions"
