"""A page for each finding: what it means, an example run on the spot, and who shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from replays import link_to
from sightings import Seen

from negotiation.conformance.checking.findings import FINDINGS, FindingKind
from negotiation.conformance.reports.explaining import BLAMES, tell_kind
from negotiation.conformance.reports.links import url_of
from negotiation.conformance.reports.matrix.markdown import text
from negotiation.conformance.reports.paper import Paper

WIDTH = 88
"""Columns of the examples."""

CLASSES = {
    "departure": "What a stack did that no state of the model allows.",
    "fault": "A pattern of the application or the network that ends badly.",
    "note": "Worth telling, and not wrong.",
}


def findings_index() -> str:
    """The page that lists all findings."""
    return "\n".join(["# Findings", "", *_listed(FINDINGS.values())]) + "\n"


def _listed(kinds: Iterable[FindingKind]) -> Iterator[str]:
    of_class: dict[str, list[FindingKind]] = {}
    for kind in kinds:
        of_class.setdefault(kind.class_, []).append(kind)
    for class_, listed in of_class.items():
        yield from (f"## {class_.capitalize()}s", "", CLASSES[class_], "")
        yield from ("| finding | what happened |", "|---|---|")
        yield from (f"| [{one.id}]({one.id}.md) | {text(one.title)} |" for one in listed)
        yield ""


def finding_page(kind: FindingKind, seen: Sequence[Seen], replayed: Sequence[Seen] = ()) -> str:
    """The page of one finding; those that were `replayed` have a page to step through."""
    lines = [
        f"# {kind.id}: {text(kind.title)}",
        "",
        f"A {kind.class_}, blamed on {text(BLAMES[kind.blame])}.",
        "",
        "**What it means.** " + text(kind.means),
        "",
        "**What to do.** " + text(kind.todo),
        "",
        f"**The rule.** {_rule(kind)}",
        "",
        "## An example",
        "",
        "A run of the model, as it was or with one thing falsified, and what the checker says of "
        f"it. `negotiation explain {kind.id}` tells the same.",
        "",
        *_example(kind),
        "",
        "## Seen in recordings",
        "",
        *_sightings(seen, replayed),
    ]
    return "\n".join(lines) + "\n"


def _rule(kind: FindingKind) -> str:
    url = url_of(kind.anchor)
    return f"<{url}>" if "://" in url else f"`{url}`"


def _example(kind: FindingKind) -> Iterator[str]:
    paper = Paper(WIDTH)
    tell_kind(paper, kind)
    _, found, example = paper.text().partition("An example,")
    return iter(["```text", *(found + example).rstrip().splitlines(), "```"])


def _sightings(seen: Sequence[Seen], replayed: Sequence[Seen]) -> Iterator[str]:
    if not seen:
        yield "No recording in the repository shows it."
        return
    yield from ("| stack | versions | programs | for instance |", "|---|---|--:|---|")
    for one in seen:
        versions = text(", ".join(one.versions))
        link = f"; {link_to(one, '../')}" if one in replayed else ""
        yield f"| {text(one.stack)} | {versions} | {len(one.programs)} | {one.evidence}{link} |"
