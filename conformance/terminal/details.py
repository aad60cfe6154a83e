"""What is told of the row that one is at, or of the recording as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from ..reports.paper import Paper
from ..reports.replaying import MOST_NEXT, Beside, Step
from ..reports.story_text import tell_story
from ..reports.telling import tell_finding
from .look import Look
from .parts import Part, read_paper
from .rows import MOST_STATES, Rows
from .view import STORY

LABEL = 11
WIDEST = 100


def details_of(
    rows: Rows, row: int, width: int, look: Look, *, with_states: bool = False
) -> list[list[Part]]:
    """The lines that tell of a row (or the story), folded to so many cells."""
    paper = Paper(min(width, WIDEST), colour=True)
    if row == STORY:
        tell_story(paper, rows.story)
    else:
        _tell_row(paper, rows, row, with_states)
    return read_paper(paper.text(), width, look)


def _tell_row(paper: Paper, rows: Rows, row: int, with_states: bool) -> None:
    one = rows.observation(row)
    step = rows.step(row, with_states=with_states)
    stack = rows.replay.trace.header.peers[step.peer].stack
    paper.paragraph(step.observation, hanging=2, style="bold")
    parts = [f"line {step.line}", f"peer {step.peer}", f"{rows.time(row):g} ms"]
    parts += [f"task {one.task}"] if one.task is not None else []
    parts += [f"in the handler of {one.within}"] if one.within is not None else []
    paper.paragraph(", ".join(parts), hanging=2)
    if step.read and not step.findings:
        paper.paragraph(f"Read with it: {step.read}", hanging=2)
    for finding in step.findings:
        paper.blank()
        quoted = rows.replay.quoted.get(step.line)
        known = rows.story.is_known(finding)
        tell_finding(paper, finding, quoted=quoted, stack=stack, commands=False, known=known)
    paper.blank()
    _tell_model(paper, step, _before(rows, row))
    if with_states:
        _tell_states(paper, step)


def _before(rows: Rows, row: int) -> Beside | None:
    """The model beside the row before this one of the same peer."""
    peer = rows.observation(row).peer
    earlier = (one for one in range(row - 1, -1, -1) if rows.observation(one).peer == peer)
    last = next(earlier, None)
    return None if last is None else rows.step(last).beside


def _tell_model(paper: Paper, step: Step, before: Beside | None) -> None:
    now = step.beside
    if now is None:
        paper.paragraph("The model: not followed, it was undecided before.")
        return
    states = "one state is possible" if now.states == 1 else f"{now.states} states are possible"
    paper.paragraph(f"The model: {states}", style="bold")
    was = dict(_values(before)) if before is not None else {}
    for name, told in _values(now):
        changed = f"   (before: {was[name]})" if was.get(name, told) != told else ""
        paper.beside(f"  {name:{LABEL}}", f"{told}{changed}")
    more = ", ..." if len(now.next) > MOST_NEXT else ""
    allowed = ", ".join(now.next[:MOST_NEXT]) or "nothing, until a call is made"
    paper.beside(f"  {'next':{LABEL}}", f"{allowed}{more}")


def _values(beside: Beside) -> Iterator[tuple[str, str]]:
    yield "signaling", " or ".join(beside.signaling)
    yield "chain", " or ".join(beside.chain)
    yield "flag", _either(beside.flag)
    yield "check", _either(beside.check)
    yield "queued", ", ".join(beside.queued) or "nothing"


def _either(values: tuple[bool, ...]) -> str:
    return " or ".join(str(one).lower() for one in values)


def _tell_states(paper: Paper, step: Step) -> None:
    paper.blank()
    paper.paragraph("The possible states:", style="bold")
    for one in step.told:
        paper.item(one)
    if step.beside is not None and step.beside.states > MOST_STATES:
        paper.item("... and more")
