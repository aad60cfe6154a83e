"""What was negotiated, in words: one negotiation after another, of many the first."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..checking.words import error_in_words
from .counts import count
from .evidence import NEEDED, Beginning, Point
from .negotiations import Negotiation
from .offers import ROLLBACK, Outcome
from .paper import Paper
from .story import Story
from .story_words import at, lasting, later, time, times

OFFERING = ("createOffer", "setLocalDescription")
"""What a negotiation begins with that no change and no event came before."""

SLOW = 2
"""How many times as long as most negotiations one took that is called slow."""

FIRST = 6
"""Negotiations that are told one by one."""

_ENDED: dict[Outcome, str] = {
    "completed": "completed",
    "rolled back": "rolled back",
    "superseded": "superseded by another offer",
    "refused": "refused",
    "closed": "cut off by close()",
    "unfinished": "unfinished",
    "unknown": "ended, the recording does not show how",
}


def tell_negotiations(paper: Paper, story: Story) -> None:
    """Who offered and answered, and how each negotiation went."""
    paper.blank()
    every = story.negotiations
    if not every:
        paper.paragraph(
            f"Nothing was negotiated: no offer was set in this recording.{_closing(story)}"
        )
        return
    counted = f"{count(len(every), 'negotiation')}: {_outcomes(one.outcome for one in every)}."
    paper.paragraph(f"{_roles(story)}{counted}{_closing(story)}")
    shown = every if len(every) <= FIRST + 1 else every[:FIRST]
    for one in shown:
        paper.item(_negotiation(story, one), mark=f"{one.number}.")
    if len(shown) < len(every):
        _tell_rest(paper, story, every[len(shown) :])
    elif _is_slow(story):
        paper.paragraph(f"The slowest was number {story.slowest}.")


def _tell_rest(paper: Paper, story: Story, rest: Sequence[Negotiation]) -> None:
    counted = _outcomes(one.outcome for one in rest)
    paper.item(f"and {len(rest)} more: {counted}.", mark="...")
    wanted = {story.slowest: "The slowest"} if _is_slow(story) else {}
    if story.first is not None and story.first.negotiation is not None:
        wanted.setdefault(story.first.negotiation, "The one in which it went wrong first")
    for one in rest:
        if one.number in wanted:
            told = _negotiation(story, one)
            paper.item(f"{wanted[one.number]}, number {one.number}: {told}", mark="...")
    if _is_slow(story) and all(one.number != story.slowest for one in rest):
        paper.item(f"The slowest was number {story.slowest}.", mark="...")


def _is_slow(story: Story) -> bool:
    """Whether the slowest took so much longer than most that it is worth telling."""
    took = [one.took for one in story.negotiations if one.took is not None]
    return len(took) > 2 and max(took) >= SLOW * statistics.median(took)


def _outcomes(outcomes: Iterable[Outcome]) -> str:
    counted = Counter(outcomes)
    if len(counted) == 1:
        (only, number) = next(iter(counted.items()))
        every = {1: "", 2: "both "}.get(number, "all ")
        return f"{every}{_ENDED[only]}"
    return ", ".join(f"{number} {_ENDED[name]}" for name, number in counted.most_common())


def _roles(story: Story) -> str:
    """Who offered, and who answered."""
    offered = [one for one in story.peers if one.offers]
    answered = [one for one in story.peers if one.answered]
    told = [
        ", ".join(f"{one.name} offered {times(one.offers)}" for one in offered),
        ", ".join(f"{one.name} answered {times(one.answered)}" for one in answered),
    ]
    told = [one for one in told if one]
    return f"{'; '.join(told)}. " if told else ""


def _closing(story: Story) -> str:
    told = [
        f"{one.name} closed the connection {at(story, one.closed)} (line {one.closed.line})"
        for one in story.peers
        if one.closed is not None
    ]
    return f" {'; '.join(told)}." if told else ""


def _negotiation(story: Story, one: Negotiation) -> str:
    first, last = one.lines
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    told = [_offering(story, one), *_at_the_other(story, one)]
    if one.provisional is not None:
        told.append(f"It was answered provisionally {at(story, one.provisional)}.")
    told.append(_ending(story, one))
    return f"{' '.join(told).removesuffix('.')} ({lines})." if last else " ".join(told)


def _who(name: str | None) -> str:
    return "the other end" if name is None else name


def _offering(story: Story, one: Negotiation) -> str:
    if one.end != one.peer and (one.taken or one.received):
        return _received(story, one)
    start = one.called or one.offered
    if one.began is not None:
        start = Point(one.began.line, one.began.t)
    if start is None:
        return "An offer was pending when the recording began."
    began = "" if one.began is None else f" {_begun(one.began)}"
    was_set = ""
    if one.offered is not None and one.called is not None and one.offered != one.called:
        was_set = f"; the offer was set {later(story, one.offered.t - start.t)}"
    return f"{one.peer} offered{began} {at(story, start)}{was_set}."


def _begun(began: Beginning) -> str:
    if began.what in OFFERING:
        return f"with {began.what}()"
    return f"after {_cause(began.what)}"


def _received(story: Story, one: Negotiation) -> str:
    of = "an offer" if one.peer is None else f"an offer that {one.peer} had created and not set"
    if one.taken is not None:
        return f"{one.other} took {of} {at(story, one.taken)}."
    when = "" if one.received is None else f" {at(story, one.received)}"
    return f"{one.other} was given {of}{when}."


def _cause(what: str) -> str:
    return NEEDED if what == NEEDED else f"{what}()"


def _at_the_other(story: Story, one: Negotiation) -> Iterator[str]:
    """What the other end did with it, where both were recorded."""
    other = _who(one.other)
    if one.there is None:
        if one.offered is not None and _would_show(story, one):
            yield f"{other} never set it."
    elif one.there == "refused":
        yield f"{other} refused it with {error_in_words(one.there_error)}."
    elif one.answered is not None and one.taken is not None:
        answered = f"answered {later(story, one.answered.t - one.taken.t)}"
        yield f"{other} took it {at(story, one.taken)} and {answered}."
    elif one.taken is not None:
        yield f"{other} took it {at(story, one.taken)}, and {_NOT_ANSWERED[one.there]}."


def _would_show(story: Story, one: Negotiation) -> bool:
    """Whether the recording of the other end would show that it set the offer."""
    there = next((each for each in story.peers if each.name == one.other), None)
    return one.end == one.peer and there is not None and not there.may_miss


_NOT_ANSWERED: dict[Outcome, str] = {
    "completed": "answered",
    "rolled back": "gave it up again",
    "superseded": "then took another",
    "refused": "refused it",
    "closed": "was closed before it had answered",
    "unfinished": "has not answered",
    "unknown": "gave it up or answered",
}


def _ending(story: Story, one: Negotiation) -> str:
    end = "" if one.ended is None else f" {at(story, one.ended)}"
    who = one.end
    match one.outcome:
        case "completed":
            return _completed(story, one, who, end)
        case "rolled back" if one.by == ROLLBACK:
            return f"{who} rolled it back{end}."
        case "rolled back":
            return f"{who} gave it up{end} for {_displacing(story, one)}."
        case "superseded":
            return f"{one.by.capitalize()} took its place{end}, before it was answered."
        case "refused":
            return f"Setting it failed{end} with {error_in_words(one.error)}."
        case "closed":
            return f"{who}'s connection was closed{end}, before the offer was answered."
        case "unknown":
            return f"It was no longer pending{end}; what ended it was not recorded."
    return _unfinished(story, one, who)


def _displacing(story: Story, one: Negotiation) -> str:
    """The offer for which another was given up."""
    for each in story.negotiations:
        taken = each.taken if each.taken is not None else each.ended
        if each.other == one.peer and taken is not None and taken == one.ended:
            return f"{_who(each.peer)}'s offer, number {each.number}"
    return "an offer of the other end"


def _completed(story: Story, one: Negotiation, who: str, end: str) -> str:
    if one.took is None:
        return f"It was answered{end}."
    took = lasting(story, one.took)
    if one.end != one.peer:
        return f"It answered and was stable{end}: {took} from the offer to stable."
    since = "the offer" if one.began is None else _cause(one.began.what)
    answered = "" if one.answered is not None else "took the answer and "
    return f"{who} {answered}was stable{end}: {took} from {since} to stable."


def _unfinished(story: Story, one: Negotiation, who: str) -> str:
    if one.offered is None and one.taken is None:
        return "The call that set it never settled."
    if one.answered is not None:
        return f"{who} never set the answer."
    by = "the end of the recording" if story.line is None else f"line {story.line}"
    return f"It was not answered by {by}, at {time(story, story.ends)}."
