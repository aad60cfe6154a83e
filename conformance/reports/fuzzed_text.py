"""A campaign as text: what is new, one short program each; then what was known, and done."""

from __future__ import annotations

from collections import Counter

from ..checking.findings import FINDINGS
from ..fuzzing.cases import Fault
from .counts import count
from .fuzzed import Comparison, Covered, FoundCase, FuzzReport
from .paper import Paper

MOST_LISTED = 30
MANY = 5
"""Cases beyond which they are counted by kind before they are told."""

BEHIND = (
    "What follows was only seen in programs that show another fault before it: it may be no more "
    "than a consequence of that one."
)
FLEETING = (
    "What follows was seen once, and never again when the same program was repeated: chance, what "
    "the stack does seldom, or somebody else (who ended its process?). It counts as nothing new."
)
UNWRITTEN = "there is no file of it: it could not be written"

KINDS = {
    "guard": "outcomes of guards",
    "rule": "other rules",
    "row": "rows of the signaling table",
    "finding": "departures that could have been raised",
    "state": "kinds of states",
    "pair": "pairs of labels",
}


def tell_fuzzed(paper: Paper, report: FuzzReport) -> None:
    """Tell the whole report."""
    new = len(report.cases)
    told = f"{count(new, 'new fault')} of {report.stack}" if new else "Nothing new"
    of = f"in {report.programs} programs ({report.seconds:.0f} s; {report.stopped})"
    paper.paragraph(f"{told} {of}.", style="red" if new else "green")
    _tell_kinds(paper, report)
    behind = False
    for number, case in enumerate(report.cases, start=1):
        paper.blank()
        if case.behind and not behind:
            behind = True
            paper.paragraph(BEHIND, style="yellow")
            paper.blank()
        tell_case(paper, case, number)
    _tell_fleeting(paper, report)
    _tell_known(paper, report)
    if report.comparison is not None:
        _tell_comparison(paper, report.comparison)
    _tell_done(paper, report)


def _tell_kinds(paper: Paper, report: FuzzReport) -> None:
    """Of many cases, how many there are of each kind of finding."""
    kinds = Counter(one.fault.id for one in report.cases if not one.behind)
    behind = sum(bool(one.behind) for one in report.cases)
    if len(report.cases) > MANY:
        told = ", ".join(f"{number} x {id}" for id, number in kinds.most_common())
        more = f"; {behind} more {'was' if behind == 1 else 'were'} seen behind another fault only"
        paper.paragraph(f"{told}{more if behind else ''}.")


def tell_case(paper: Paper, case: FoundCase, number: int) -> None:
    """Tell one new fault: what is wrong, the program, how sure it is, and where it is kept."""
    paper.paragraph(f"{number}. {case.fault.id}: {case.message}", hanging=3, style="bold")
    if case.fault.about:
        paper.paragraph(f"about: {case.fault.about}", indent=3)
    for line in case.program:
        paper.paragraph(line, indent=5, hanging=9)
    paper.paragraph(evidence_in_words(case), indent=3)
    if case.behind:
        behind = ", ".join(map(str, case.behind))
        paper.paragraph(f"the same program shows before it: {behind}", indent=3, style="faint")
    paper.as_it_is(case.replay or case.file or UNWRITTEN, indent=3, style="cyan")


def _tell_fleeting(paper: Paper, report: FuzzReport) -> None:
    if report.fleeting:
        paper.blank()
        paper.paragraph(FLEETING, style="yellow")
    for number, case in enumerate(report.fleeting, start=len(report.cases) + 1):
        paper.blank()
        tell_case(paper, case, number)


def evidence_in_words(case: FoundCase) -> str:
    """How often it was shown, and whether its program is the shortest."""
    shown = f"shown in {case.confirmed} of {case.repeated} repetitions"
    if not case.repeated:
        shown = "not repeated: the campaign was interrupted"
    often = f"{case.times} of the generated programs had it, number {case.number} first"
    if case.minimal:
        least = "without any one of its parts it is not shown"
    else:
        least = "it may be shorter yet: the time was over, or it comes only sometimes"
    return f"{shown}; {often}; {least}"


def _tell_known(paper: Paper, report: FuzzReport) -> None:
    if report.known:
        paper.blank()
        paper.paragraph("Known before, and seen again:")
        for seen in report.known:
            paper.item(f"{_named(seen.fault)} ({count(seen.times, 'program')})")


def _named(fault: Fault) -> str:
    if fault.about or fault.rule:
        return f"{fault.id}: {fault.about or fault.rule}"
    return f"{fault.id}: {FINDINGS[fault.id].title}"


def _tell_comparison(paper: Paper, told: Comparison) -> None:
    paper.blank()
    alone = len(told.alone_both) + len(told.alone_missing)
    share = f"{len(told.alone_both)} of {alone} ({len(told.alone_both) / max(alone, 1):.0%})"
    behind = len(told.both) - len(told.alone_both)
    others = len(told.both) + len(told.missing) - alone
    paper.paragraph(
        f"Beside {told.recordings} recordings: of the faults that they show alone {share} were "
        f"found, of those that they show behind another fault only {behind} of {others}, and "
        f"{len(told.beyond)} beyond."
    )
    named = set(told.alone_missing)
    titles = (
        ("not found", told.alone_missing),
        ("not found, and shown behind another only", [f for f in told.missing if f not in named]),
        ("beyond them", told.beyond),
    )
    for title, faults in titles:
        for fault in faults:
            paper.item(f"{title}: {_named(fault)}")


def _tell_done(paper: Paper, report: FuzzReport) -> None:
    paper.blank()
    covered, *missing = covered_in_words(report.coverage)
    paper.paragraph(f"The programs covered of the model: {covered}.")
    for told in missing:
        paper.paragraph(told, style="faint")
    if report.unsupported:
        paper.paragraph(f"The stack lacks, and was not asked: {', '.join(report.unsupported)}.")
    for trouble, times in report.troubles.items():
        paper.paragraph(f"{count(times, 'time')}: {trouble}")
    paper.paragraph(took_in_words(report))


def covered_in_words(covered: Covered) -> list[str]:
    """How much of the model was covered; and what was not, if anything."""
    told = [
        f"{covered.seen.get(kind, 0)} of {covered.of[kind]} {words}"
        if kind in covered.of
        else f"{covered.seen.get(kind, 0)} {words}"
        for kind, words in KINDS.items()
    ]
    if not covered.missing:
        return [", ".join(told)]
    listed = covered.missing[:MOST_LISTED]
    more = len(covered.missing) - len(listed)
    rest = f", and {more} more" if more else ""
    return [", ".join(told), f"Not covered: {', '.join(listed)}{rest}."]


def took_in_words(report: FuzzReport) -> str:
    """Where the time of a run went, and from which seed it was."""
    took = report.breakdown
    shares = (
        f"the stack worked {took.stack:g}, waits for quiet {took.quiet:g}, "
        f"the checker {took.checker:g}; the generator {took.generator:g} a program"
    )
    return f"{report.runs} runs; milliseconds a run: {shares}. Seed {report.seed}."
