"""Coverage as text: totals, then what is missing, then what is frequent and rare."""

from __future__ import annotations

from collections.abc import Iterable

from negotiation.model import REVISION, SignalingState
from negotiation.model.state import Stage

from ..coverage.counting import Coverage, why_not
from ..coverage.items import CHAINS, RULES, Item, Kind
from ..coverage.raisable import RAISABLE
from .counts import count
from .covering import CoverageReport
from .paper import Paper

MOST_PAIRS = 5
MOST_MISSING = 12
"""Lines of a list beyond which the rest is counted; `--missing` and JSON have all of them."""

TITLES: dict[Kind, str] = {
    "rule": "rules",
    "guard": "guards",
    "row": "table",
    "finding": "findings",
    "state": "states",
    "pair": "pairs",
}

_OF_LISTED: dict[Kind, str] = {
    "rule": "effects and values were asked",
    "guard": "outcomes were seen",
    "row": "rows of the signaling table were taken",
    "finding": "departures could have been found",
}

_HEADS: dict[str, str] = {
    Stage.CREATING: "creating",
    Stage.APPLYING: "applying",
    Stage.ADDING_CANDIDATE: "candidate",
    Stage.REPLACING_TRACK: "replacing",
    Stage.TRACK_REPLACED: "replaced",
}
"""What the running operation is doing, in a word."""


def tell_coverage(
    paper: Paper, report: CoverageReport, *, missing: bool = False, by_stack: bool = False
) -> None:
    """Tell what was covered; `missing`: nothing but what was not."""
    if not missing:
        paper.paragraph(_summary(report), style="bold")
        paper.blank()
        _tell_totals(paper, report)
    if by_stack:
        _tell_stacks(paper, report)
    _tell_missing(paper, report, everything=missing)
    if not missing:
        _tell_states(paper, report.coverage)
        _tell_pairs(paper, report.coverage)
    _tell_what_was_left_out(paper, report)


def _summary(report: CoverageReport) -> str:
    what = f"{count(len(report.covered), 'recording')}, {count(report.observations, 'observation')}"
    what += f", cover {percent(report.coverage)} of what can be listed of the model of webrtc-pc "
    what += f"{REVISION[:12]} ({report.seconds:.1f} s)."
    if report.departures:
        places = count(report.departures, "place")
        what += f" They depart from it at {places}, which cover nothing."
    return what


def percent(coverage: Coverage) -> str:
    """The share, rounded down: 100% is all of it."""
    return f"{int(coverage.share * 1000) / 10:.1f}%"


def _tell_totals(paper: Paper, report: CoverageReport) -> None:
    coverage = report.coverage
    for kind, words in _OF_LISTED.items():
        total = len(coverage.all(kind))
        seen = total - len(coverage.missing(kind))
        paper.beside(f"  {TITLES[kind]:<9} {seen:>4} of {total:>4}", words)
    for kind in ("state", "pair"):
        seen, reached = len(coverage.seen(kind)), len(report.reached.seen(kind))
        words = f"seen; the programs that come along reach {reached} on the model"
        missing = len(report.missing(kind))
        words += f", {missing} of them not seen here" if missing else ", all of them seen here"
        paper.beside(f"  {TITLES[kind]:<9} {seen:>4}        ", words)


def _tell_stacks(paper: Paper, report: CoverageReport) -> None:
    width = max(map(len, report.stacks), default=0)
    kinds = tuple(TITLES)
    paper.blank()
    heading = "".join(f"{TITLES[kind]:>10}" for kind in kinds)
    paper.as_it_is(f"{'By stack':<{width}} recordings{heading}", style="bold")
    for name, one in report.stacks.items():
        counts = "".join(f"{len(one.coverage.seen(kind)):>10}" for kind in kinds)
        paper.as_it_is(f"{name:<{width}} {one.recordings:>10}{counts}")


def _tell_missing(paper: Paper, report: CoverageReport, *, everything: bool) -> None:
    most = None if everything else MOST_MISSING
    unasked = report.coverage.unasked()
    never = {rule.name for rule in unasked}
    rules = [f"{rule.name}: {rule.says} ({rule.anchor})" for rule in unasked]
    _list(paper, "Rules that no recording exercises:", rules, most=most)
    halves = [_half(one) for one in report.missing("guard") if one.name not in never]
    _list(paper, "Guards of which only one outcome was seen:", halves, most=most)
    rows = map(str, report.missing("row"))
    _list(paper, "Rows of the table that were never taken:", rows, most=most)
    findings = [f"{one.name}: {RAISABLE[one.name].why}" for one in report.missing("finding")]
    title = "Departures that could not have been found, as there never was such a moment:"
    _list(paper, title, findings, most=most)
    states = map(str, report.missing("state"))
    _list(paper, f"States {_REACHED}:", states, most=most)
    pairs = map(str, report.missing("pair"))
    _list(paper, f"Pairs of labels {_REACHED}:", pairs, most=most)


_REACHED = "that the programs reach on the model, and no recording here does"


def _half(missing: Item) -> str:
    rule = RULES[missing.name]
    reason = why_not(missing)
    told = f"{missing.name} was never {missing.detail}: {rule.says} ({rule.anchor})"
    return told if reason is None else f"{told} No program can tell: {reason}"


def _list(paper: Paper, title: str, lines: Iterable[str], *, most: int | None = None) -> None:
    listed = list(lines)
    if not listed:
        return
    paper.blank()
    paper.paragraph(title, style="bold")
    for line in listed[:most]:
        paper.item(line)
    if most is not None and len(listed) > most:
        paper.item(f"and {len(listed) - most} more; --missing lists all")


def _tell_states(paper: Paper, coverage: Coverage) -> None:
    """A table: the signaling state down, what the chain was doing across."""
    if not coverage.seen("state"):
        return
    paper.blank()
    paper.paragraph(
        "States by what the operations chain was doing, with the flag [[NegotiationNeeded]] "
        "(true: +, false: -, both: ±, not seen: .):",
        style="bold",
    )
    width = max(len(state.value) for state in SignalingState)
    heads = [_HEADS.get(chain, chain) for chain in CHAINS]
    paper.as_it_is(f"  {'':<{width}}  {'  '.join(heads)}")
    for state in SignalingState:
        cells = "  ".join(
            _cell(coverage, state, chain).center(len(head))
            for chain, head in zip(CHAINS, heads, strict=True)
        )
        paper.as_it_is(f"  {state.value:<{width}}  {cells}".rstrip())


def _cell(coverage: Coverage, state: SignalingState, chain: str) -> str:
    needed = Item("state", state.value, f"{chain}, needed") in coverage.counts
    not_needed = Item("state", state.value, f"{chain}, not needed") in coverage.counts
    return {(True, True): "±", (True, False): "+", (False, True): "-"}.get(
        (needed, not_needed), "."
    )


def _tell_pairs(paper: Paper, coverage: Coverage) -> None:
    pairs = sorted(coverage.seen("pair"), key=lambda one: (-coverage.counts[one], one))
    if not pairs:
        return
    told = [f"{one} (in {coverage.counts[one]:,})" for one in pairs]
    if len(told) <= 2 * MOST_PAIRS:
        _list(paper, "Pairs of labels that one peer showed, with the number of recordings:", told)
        return
    _list(paper, "Most frequent pairs (in so many recordings):", told[:MOST_PAIRS])
    _list(paper, "Rarest pairs:", told[-MOST_PAIRS:])


def _tell_what_was_left_out(paper: Paper, report: CoverageReport) -> None:
    _list(
        paper,
        "Not read to their end (what came before counts):",
        (one.error or "" for one in report.unreadable),
    )
    _list(
        paper,
        "Not followed to their end (what came before counts):",
        (f"{one.source}: {'; '.join(one.partly)}" for one in report.partly),
    )
