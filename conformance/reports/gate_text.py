"""The gate as text, for somebody who has not seen one before."""

from __future__ import annotations

from collections import Counter

from negotiation.model import REVISION

from ..checking.findings import FINDINGS
from .counts import count
from .gate import FAILED, NOTHING, PASSED, UNDECIDED, UNREADABLE, Gate
from .gate_tables import tell_expected, tell_stacks
from .known_text import tell_known
from .paper import Paper, Style
from .telling import tell_finding

MOST_STACKS = 4
MOST_LIMITS = 6
MANY = 5
"""Unexpected findings beyond which they are counted by kind before they are told."""

CONCLUSIONS: dict[int, tuple[str, Style]] = {
    PASSED: ("Passed", "green"),
    FAILED: ("Failed", "red"),
    NOTHING: ("Nothing was checked", "red"),
    UNREADABLE: ("Not all could be read", "red"),
    UNDECIDED: ("Undecided", "yellow"),
}


def tell_gate(paper: Paper, gate: Gate) -> None:
    """Tell the gate: a summary, then what is wrong, then the rest in brief."""
    conclusion, style = CONCLUSIONS[gate.exit_code]
    paper.paragraph(f"{conclusion}. {summary_of(gate)}", style=style)
    tell_stacks(paper, gate)
    if len(gate.unexpected) > MANY:
        counted = Counter(one.finding.id for one in gate.unexpected).most_common()
        kinds = ", ".join(f"{number} x {id}" for id, number in counted)
        paper.blank()
        paper.paragraph(f"Unexpected: {kinds}. `negotiation explain ID` tells what one means.")
    for number, weighed in enumerate(gate.unexpected, start=1):
        paper.blank()
        stack = weighed.judged.stack(weighed.finding.peer)
        tell_finding(paper, weighed.finding, quoted=weighed.quoted, stack=stack, number=number)
    _tell_stale(paper, gate)
    _tell_unreadable(paper, gate)
    _tell_undecided(paper, gate)
    _tell_cut_off(paper, gate)
    tell_known(paper, gate)
    tell_expected(paper, gate)
    _tell_notes(paper, gate)
    _tell_limits(paper, gate)
    _tell_assumptions(paper, gate)


def _tell_limits(paper: Paper, gate: Gate) -> None:
    limits = list(gate.limits)
    if limits:
        paper.blank()
        paper.paragraph("What could not be concluded:")
    for one in limits[:MOST_LIMITS]:
        paper.item(one)
    if len(limits) > MOST_LIMITS:
        paper.item(f"and {len(limits) - MOST_LIMITS} more of the kind; --format json has all")


def _tell_cut_off(paper: Paper, gate: Gate) -> None:
    cut = [one.verdict.trace for one in gate.judged if one.verdict.truncated]
    if cut:
        paper.blank()
        paper.paragraph("Cut off in the last line (what came before it was judged):")
        for trace in cut:
            paper.item(trace)


def summary_of(gate: Gate) -> str:
    """What was judged, and how much was found, in a sentence."""
    what = f"{count(len(gate.judged), 'trace')} of {_stacks(gate)}, "
    what += f"{count(gate.observations, 'observation')}, judged against the model of "
    what += f"webrtc-pc {REVISION[:12]} in {gate.seconds:.1f} s: {_found(gate)}."
    return what


def _found(gate: Gate) -> str:
    told = [
        (len(gate.unexpected), "unexpected finding"),
        (len(gate.known), "known finding"),
        (len(gate.unchanged), "unchanged finding"),
        (len(gate.expected), "expected finding"),
        (len(gate.notes), "note"),
        (len(gate.stale), "stale expectation"),
        (len(gate.undecided), "undecided trace"),
        (len(gate.unreadable), "unreadable trace"),
    ]
    counted = [count(number, what) for number, what in told if number]
    if not counted:
        return "everything conforms" if gate.observations else "there is no observation"
    return ", ".join(counted)


def _stacks(gate: Gate) -> str:
    named = dict.fromkeys(stack for one in gate.judged for stack in one.verdict.stacks)
    if not named:
        return "an unknown stack"
    listed = list(named)[:MOST_STACKS]
    more = f" and {len(named) - MOST_STACKS} more" if len(named) > MOST_STACKS else ""
    return ", ".join(listed) + more


def _tell_stale(paper: Paper, gate: Gate) -> None:
    if not gate.stale:
        return
    paper.blank()
    paper.paragraph(
        "Stale expectations: these programs no longer have the finding, although traces of them "
        "were judged. Take them out (`negotiation expectations update`), or look why it is gone.",
        style="red",
    )
    for one in gate.stale:
        row, place = one.expectation.row, one.expectation.place
        many = "s" if one.programs[1:] else ""
        paper.item(f"{row.id} of program{many} {', '.join(one.programs)}: {row.reason}; {place}")


def _tell_unreadable(paper: Paper, gate: Gate) -> None:
    if gate.unreadable:
        paper.blank()
        paper.paragraph("Could not be read (what came before was judged):", style="red")
    for one in gate.unreadable:
        paper.item(str(one.verdict.error))


def _tell_undecided(paper: Paper, gate: Gate) -> None:
    if gate.undecided:
        paper.blank()
        paper.paragraph("Undecided:", style="yellow")
    for one in gate.undecided:
        for reason in one.verdict.undecided:
            paper.item(f"{one.verdict.trace}: {reason}")


def _tell_notes(paper: Paper, gate: Gate) -> None:
    if gate.notes:
        paper.blank()
        paper.paragraph("Notes (worth knowing, not wrong):")
    for id, number in Counter(one.finding.id for one in gate.notes).items():
        paper.item(f"{number} x {id}: {FINDINGS[id].title}")


def _tell_assumptions(paper: Paper, gate: Gate) -> None:
    if gate.assumptions:
        paper.blank()
        paper.paragraph("This rests on:", style="faint")
    for one in gate.assumptions:
        paper.item(one, style="faint")
