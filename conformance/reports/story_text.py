"""The story of a recording in words, to be pasted into a ticket."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from .counts import count
from .paper import Paper
from .story import Incident, Party, Story
from .story_negotiations import tell_negotiations
from .story_words import at, lasting, listed, times

FIRST_YEAR = 2010
"""Before there was WebRTC: times of a dump that do not count from 1970."""

LONGEST_NAME = 16
SHORTENED = 8
"""How many signs are left of a peer's name that is longer than the longest."""

MOST_INCIDENTS = 4
"""Things that went wrong later that are told one by one."""


def tell_story(paper: Paper, story: Story) -> None:
    """Tell it: who, when, what was negotiated, what went wrong, and what cannot be told."""
    _tell_opening(paper, story)
    story = _with_short_names(story)
    tell_negotiations(paper, story)
    _tell_glare(paper, story)
    _tell_wrong(paper, story)
    _tell_known(paper, story)
    _tell_verdict(paper, story)
    _tell_limits(paper, story)


# Who, and when.


def _tell_opening(paper: Paper, story: Story) -> None:
    up_to = f", up to line {story.line}" if story.line is not None else ""
    paper.paragraph(f"{story.trace}{up_to}", style="bold")
    of = f" of the program {story.program}" if story.program else ""
    paper.paragraph(
        f"{_stacks(story.peers)}. Recorded {_date(story.date)}: {lasting(story, story.lasted)}, "
        f"{count(story.observations, 'observation')}{of}. Times count from its beginning."
    )
    late = [one.name for one in story.peers if one.begins == "unknown"]
    if late:
        paper.paragraph(
            f"The recording of {listed(late)} began after the connection was made: what came "
            "before is not known."
        )


def _with_short_names(story: Story) -> Story:
    """The story with names that can be read: of long ones only their beginnings, if they differ."""
    short = {
        one.name: f"{one.name[:SHORTENED]}..." if len(one.name) > LONGEST_NAME else one.name
        for one in story.peers
    }
    if len(set(short.values())) < len(short) or all(short[one] == one for one in short):
        return story
    replace = msgspec.structs.replace

    def named(name: str | None) -> str | None:
        return None if name is None else short[name]

    def incidents(told: Sequence[Incident]) -> tuple[Incident, ...]:
        return tuple(replace(one, peer=short[one.peer]) for one in told)

    return replace(
        story,
        peers=tuple(replace(one, name=short[one.name]) for one in story.peers),
        negotiations=tuple(
            replace(one, peer=named(one.peer), other=named(one.other), end=short[one.end])
            for one in story.negotiations
        ),
        glare=incidents(story.glare),
        first=None if story.first is None else incidents([story.first])[0],
        followed=incidents(story.followed),
        besides=incidents(story.besides),
        known=tuple(replace(one, incidents=incidents(one.incidents)) for one in story.known),
        undecided=tuple(_shortened(one, short) for one in story.undecided),
        limits=tuple(_shortened(one, short) for one in story.limits),
    )


def _shortened(text: str, short: Mapping[str, str]) -> str:
    for name, told in short.items():
        text = text.replace(name, told)
    return text


def _stacks(parties: Sequence[Party]) -> str:
    told = [_stack(one) for one in parties]
    if len(set(told)) == 1 and len(told) > 1:
        every = "both" if len(told) == 2 else "all"
        return f"{listed([one.name for one in parties])} are {every} {told[0]}"
    return listed([f"{one.name} is {stack}" for one, stack in zip(parties, told, strict=True)])


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
    if moment.year < FIRST_YEAR:
        return "at a time that it does not tell"
    zone = "" if moment.tzinfo is None else " UTC"
    moment = moment if moment.tzinfo is None else moment.astimezone(datetime.UTC)
    return f"on {moment:%Y-%m-%d} at {moment:%H:%M:%S}{zone}"


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
        end = "the other end" if len(story.peers) == 2 else "other ends"
        paper.paragraph(f"Later, at {end}:")
        _tell_incidents(paper, story, story.besides)


def _tell_nothing_wrong(paper: Paper, story: Story) -> None:
    if story.verdict == "conforms" or story.known:
        besides = " besides what is known" if story.known else ""
        paper.paragraph(f"Nothing went wrong{besides}, as far as the recording shows.")
    else:
        paper.paragraph("Whether something went wrong is undecided.")


def _tell_known(paper: Paper, story: Story) -> None:
    if not story.known:
        return
    paper.blank()
    paper.paragraph("What is known, and counts for nothing here:")
    for one in story.known[:MOST_INCIDENTS]:
        first = one.incidents[0]
        often = f", {times(len(one.incidents))}" if len(one.incidents) > 1 else ""
        where = f"{one.id}{often} (first {at(story, first)}, line {first.line}, {first.peer})"
        paper.item(f"{where}: {one.reason}" + (f" See {one.link}." if one.link else ""))
    if len(story.known) > MOST_INCIDENTS:
        rest = ", ".join(f"{len(one.incidents)} x {one.id}" for one in story.known[MOST_INCIDENTS:])
        paper.item(f"and more: {rest}.")


def _tell_verdict(paper: Paper, story: Story) -> None:
    found = ", ".join(f"{number} x {id}" for id, number in story.found.items())
    so_far = "" if story.line is None else " so far"
    paper.blank()
    only = ", by what is known alone" if story.known and story.first is None else ""
    paper.paragraph(
        f"The verdict{so_far}: {story.verdict}{only}" + (f" ({found})." if found else ".")
    )


def _tell_incidents(paper: Paper, story: Story, incidents: Sequence[Incident]) -> None:
    for one in incidents[:MOST_INCIDENTS]:
        paper.item(_incident(story, one))
    if len(incidents) > MOST_INCIDENTS:
        counted = Counter(one.id for one in incidents[MOST_INCIDENTS:])
        found = ", ".join(f"{number} x {id}" for id, number in counted.items())
        paper.item(f"and {len(incidents) - MOST_INCIDENTS} more: {found}.")


def _incident(story: Story, one: Incident) -> str:
    blame = "" if one.class_ == "note" else f", blame: {one.blame}"
    when = at(story, one).capitalize()
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
