"""The story of a recording in words, to be pasted into a ticket."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .negotiations import Negotiation
from .offers import NEEDED, ROLLBACK, Beginning, Outcome, Point
from .paper import Paper
from .story import Incident, Party, Story

OFFERING = ("createOffer", "setLocalDescription")
"""What a negotiation begins with that no change and no event came before."""

FIRST = 6
"""Negotiations that are told one by one."""

MOST_INCIDENTS = 4
"""Things that went wrong later that are told one by one."""

_ENDED: dict[Outcome, str] = {
    "completed": "completed",
    "rolled back": "rolled back",
    "superseded": "superseded by another offer",
    "refused": "refused",
    "closed": "cut off by close()",
    "unfinished": "unfinished",
}


def tell_story(paper: Paper, story: Story) -> None:
    """Tell it: who, when, what was negotiated, what went wrong, and what cannot be told."""
    _tell_opening(paper, story)
    _tell_negotiations(paper, story)
    _tell_glare(paper, story)
    _tell_wrong(paper, story)
    _tell_verdict(paper, story)
    _tell_limits(paper, story)


# Times.


def duration(milliseconds: float, resolution: float = 0.0) -> str:
    """A time as one says it: 120 ms, 3.2 s, 2 min 5 s, 1 h 3 min."""
    if resolution >= 1000 and milliseconds < 1000:
        return "less than 1 s"
    if milliseconds < 999.5:
        return f"{_short(milliseconds)} ms"
    seconds = milliseconds / 1000
    if seconds < 59.95:
        return f"{seconds:.0f} s" if resolution >= 1000 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 10 else f"{milliseconds:.1f}".removesuffix(".0")


def _at(story: Story, point: Point | Incident) -> str:
    return f"at {_time(story, point.t)}"


def _time(story: Story, t: float) -> str:
    if t == 0:
        return "0 s"
    return "0 s" if story.resolution >= 1000 > t else duration(t, story.resolution)


def _took(story: Story, milliseconds: float) -> str:
    return duration(milliseconds, story.resolution)


def _later(story: Story, milliseconds: float) -> str:
    is_at_once = milliseconds < 0.05 and story.resolution < 1000
    return "at once" if is_at_once else f"{_took(story, milliseconds)} later"


# Who, and when.


def _tell_opening(paper: Paper, story: Story) -> None:
    up_to = f", up to line {story.line}" if story.line is not None else ""
    paper.paragraph(f"{story.trace}{up_to}", style="bold")
    of = f" of the program {story.program}" if story.program else ""
    paper.paragraph(
        f"{_stacks(story.peers)}. Recorded {_date(story.date)}: {_took(story, story.lasted)}, "
        f"{_counted(story.observations, 'observation')}{of}. Times count from its beginning."
    )
    late = [one.name for one in story.peers if one.begins == "unknown"]
    if late:
        paper.paragraph(
            f"The recording of {_listed(late)} began after the connection was made: what came "
            "before is not known."
        )


def _stacks(parties: Sequence[Party]) -> str:
    told = [_stack(one) for one in parties]
    if len(set(told)) == 1 and len(told) > 1:
        return f"{_listed([one.name for one in parties])} are both {told[0]}"
    return _listed([f"{one.name} is {stack}" for one, stack in zip(parties, told, strict=True)])


def _stack(party: Party) -> str:
    on = f" on {party.platform}" if party.platform else ""
    source = f" ({party.source})" if party.source != "live" else ""
    return f"{party.stack}{on}{source}"


def _date(date: str) -> str:
    try:
        moment = datetime.datetime.fromisoformat(date)
    except ValueError:
        return date
    if "T" not in date:
        return f"on {date}"
    zone = "" if moment.tzinfo is None else " UTC"
    moment = moment if moment.tzinfo is None else moment.astimezone(datetime.UTC)
    return f"on {moment:%Y-%m-%d} at {moment:%H:%M:%S}{zone}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# What was negotiated.


def _tell_negotiations(paper: Paper, story: Story) -> None:
    paper.blank()
    every = story.negotiations
    if not every:
        paper.paragraph(
            f"Nothing was negotiated: no offer was set in this recording.{_closing(story)}"
        )
        return
    counted = f"{_counted(len(every), 'negotiation')}: {_outcomes(one.outcome for one in every)}."
    paper.paragraph(f"{_roles(story)}{counted}{_closing(story)}")
    shown = every if len(every) <= FIRST + 1 else every[:FIRST]
    for one in shown:
        paper.item(_negotiation(story, one), mark=f"{one.number}.")
    if len(shown) < len(every):
        _tell_rest(paper, story, every[len(shown) :])
    elif story.slowest is not None and len(every) > 2:
        paper.paragraph(f"The slowest was number {story.slowest}.")


def _tell_rest(paper: Paper, story: Story, rest: Sequence[Negotiation]) -> None:
    counted = _outcomes(one.outcome for one in rest)
    paper.item(f"and {len(rest)} more: {counted}.", mark="...")
    wanted = {story.slowest: "The slowest"}
    if story.first is not None and story.first.negotiation is not None:
        wanted.setdefault(story.first.negotiation, "The one in which it went wrong first")
    for one in rest:
        if one.number in wanted:
            told = _negotiation(story, one)
            paper.item(f"{wanted[one.number]}, number {one.number}: {told}", mark="...")
    if story.slowest is not None and all(one.number != story.slowest for one in rest):
        paper.item(f"The slowest was number {story.slowest}.", mark="...")


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
        ", ".join(f"{one.name} offered {_times(one.offers)}" for one in offered),
        ", ".join(f"{one.name} answered {_times(one.answered)}" for one in answered),
    ]
    told = [one for one in told if one]
    return f"{'; '.join(told)}. " if told else ""


def _closing(story: Story) -> str:
    told = [
        f"{one.name} closed the connection {_at(story, one.closed)} (line {one.closed.line})"
        for one in story.peers
        if one.closed is not None
    ]
    return f" {'; '.join(told)}." if told else ""


def _negotiation(story: Story, one: Negotiation) -> str:
    first, last = one.lines
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    told = [_offering(story, one), *_at_the_other(story, one), _ending(story, one)]
    return f"{' '.join(told).removesuffix('.')} ({lines})."


def _who(name: str | None) -> str:
    return "the other end" if name is None else name


def _offering(story: Story, one: Negotiation) -> str:
    if one.called is None and one.received is None:
        return "An offer was pending when the recording began."
    if one.called is None:
        return _received(story, one)
    start = Point(one.began.line, one.began.t) if one.began is not None else one.called
    began = "" if one.began is None else f" {_begun(one.began)}"
    was_set = ""
    if one.offered is not None and one.offered != one.called:
        was_set = f"; the offer was set {_later(story, one.offered.t - start.t)}"
    return f"{one.peer} offered{began} {_at(story, start)}{was_set}."


def _begun(began: Beginning) -> str:
    if began.what in OFFERING:
        return f"with {began.what}()"
    return f"after {_cause(began.what)}"


def _received(story: Story, one: Negotiation) -> str:
    of = "an offer" if one.peer is None else f"an offer that {one.peer} had created and not set"
    if one.taken is not None:
        return f"{one.other} took {of} {_at(story, one.taken)}."
    at = "" if one.received is None else f" {_at(story, one.received)}"
    return f"{one.other} was given {of}{at}."


def _cause(what: str) -> str:
    return NEEDED if what == NEEDED else f"{what}()"


def _at_the_other(story: Story, one: Negotiation) -> Iterator[str]:
    """What the other end did with it, where both were recorded."""
    other = _who(one.other)
    if one.called is None or one.there is None:
        if one.called is not None and one.other is not None and one.offered is not None:
            yield f"{other} never set it."
    elif one.there == "refused":
        yield f"{other} refused it with {one.there_error}."
    elif one.answered is not None and one.taken is not None:
        answered = f"answered {_later(story, one.answered.t - one.taken.t)}"
        yield f"{other} took it {_at(story, one.taken)} and {answered}."
    elif one.taken is not None:
        yield f"{other} took it {_at(story, one.taken)}, and {_NOT_ANSWERED[one.there]}."


_NOT_ANSWERED: dict[Outcome, str] = {
    "completed": "answered",
    "rolled back": "gave it up again",
    "superseded": "then took another",
    "refused": "refused it",
    "closed": "was closed before it had answered",
    "unfinished": "has not answered",
}


def _ending(story: Story, one: Negotiation) -> str:
    end = "" if one.ended is None else f" {_at(story, one.ended)}"
    who = _who(one.peer if one.called is not None else one.other)
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
            return f"Setting it failed{end} with {one.error}."
        case "closed":
            return f"{who}'s connection was closed{end}, before the offer was answered."
    return _unfinished(story, one, who, end)


def _displacing(story: Story, one: Negotiation) -> str:
    """The offer for which another was given up."""
    for each in story.negotiations:
        taken = each.taken if each.taken is not None else each.ended
        if each.other == one.peer and taken is not None and taken == one.ended:
            whose = "the other end" if each.peer is None else each.peer
            return f"{whose}'s offer, number {each.number}"
    return "an offer of the other end"


def _completed(story: Story, one: Negotiation, who: str, end: str) -> str:
    if one.took is None:
        return f"It was answered{end}."
    took = _took(story, one.took)
    if one.called is None:
        return f"{who} answered{end}, and was stable: {took} from the offer to stable."
    since = "the offer" if one.began is None else _cause(one.began.what)
    answered = "" if one.answered is not None else "took the answer and "
    return f"{who} {answered}was stable{end}: {took} from {since} to stable."


def _unfinished(story: Story, one: Negotiation, who: str, end: str) -> str:
    if one.by:
        return f"It was no longer pending{end}; {one.by}."
    if one.offered is None and one.taken is None:
        return "The call that set it never settled."
    if one.answered is not None:
        return f"{who} never set the answer."
    return f"It was not answered by the end of the recording ({_time(story, story.ends)})."


# What went wrong.


def _tell_glare(paper: Paper, story: Story) -> None:
    wrong = {story.first, *story.followed, *story.besides}
    told = [one for one in story.glare if one not in wrong]
    if told:
        paper.blank()
        paper.paragraph("Two offers met (glare):")
        _tell_incidents(paper, story, told)


def _tell_wrong(paper: Paper, story: Story) -> None:
    paper.blank()
    if story.first is None:
        _tell_nothing_wrong(paper, story)
        return
    during = story.first.negotiation
    where = "" if during is None else f", during negotiation {during}"
    paper.paragraph(f"What went wrong first{where}:", style="bold")
    _tell_incidents(paper, story, [story.first])
    if story.followed:
        paper.paragraph("What followed from it, or came later at the same end:")
        _tell_incidents(paper, story, story.followed)
    if story.besides:
        paper.paragraph("Later, at the other end:")
        _tell_incidents(paper, story, story.besides)


def _tell_nothing_wrong(paper: Paper, story: Story) -> None:
    if story.verdict == "conforms":
        paper.paragraph("Nothing went wrong, as far as the recording shows.")
    else:
        paper.paragraph("Whether something went wrong is undecided.")


def _tell_verdict(paper: Paper, story: Story) -> None:
    found = ", ".join(f"{number} x {id}" for id, number in story.found.items())
    so_far = "" if story.line is None else " so far"
    paper.blank()
    paper.paragraph(f"The verdict{so_far}: {story.verdict}" + (f" ({found})." if found else "."))


def _tell_incidents(paper: Paper, story: Story, incidents: Sequence[Incident]) -> None:
    for one in incidents[:MOST_INCIDENTS]:
        paper.item(_incident(story, one))
    if len(incidents) > MOST_INCIDENTS:
        counted = Counter(one.id for one in incidents[MOST_INCIDENTS:])
        found = ", ".join(f"{number} x {id}" for id, number in counted.items())
        paper.item(f"and {len(incidents) - MOST_INCIDENTS} more: {found}.")


def _incident(story: Story, one: Incident) -> str:
    blame = "" if one.class_ == "note" else f", blame: {one.blame}"
    when = _at(story, one).capitalize()
    return f"{when} (line {one.line}), {one.peer}: {one.message} ({one.id}{blame})."


def _tell_limits(paper: Paper, story: Story) -> None:
    told = [f"{one}." for one in (*story.undecided, *story.limits)]
    if story.error is not None:
        told.append(f"The rest could not be read: {story.error}")
    elif story.truncated:
        told.append("The end of the recording is torn off.")
    if not told:
        return
    paper.blank()
    paper.paragraph("What cannot be told:")
    for one in told:
        paper.item(one)
