"""How two stacks differ: what they show is aligned, and what differs is named without its program.

Observations are aligned by what they are (the longest common subsequence of their keys); what is
left over on both sides was shown in another order. One thing that differs makes others differ: so
all differences of a peer up to the next observation that is alike, with all that is read, are told
as one, by the most telling of them. Where the application's own calls begin to differ, comparing
ends: what comes after follows from that.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from ..traces.reading import Trace
from .showing import INPUTS, Seeing, Shown, seeing_of, shown

_NUMBERED = re.compile(r"\b(transceiver|m-section) \d+$")
_RELATIONAL = re.compile(r" ?#\d+$")


class Side(msgspec.Struct, frozen=True):
    """One stack's side of a difference: the observation, None where it is missing.

    `lines` are the lines at which a departure would be about this difference. Where the observation
    is missing `since` is the first line at which that can be noticed.
    """

    line: int
    words: str | None
    lines: tuple[int, ...] = ()
    since: int | None = None


Phrase = Callable[[str, str], str]
"""A sentence, given the names of the two stacks. What recordings say stays as it is in it."""


class Contrast(msgspec.Struct, frozen=True):
    """One difference: `told` is what differs, given the names of the two stacks.

    `rank` is smaller for what is more telling, `at` where it is in the first one's observations;
    `more` is how many others come with it.
    """

    told: Phrase
    rank: int
    at: float
    first: Side
    second: Side
    peer: str = ""
    more: int = 0


OUTCOME, MISSING, ORDER, STATE, READ, CONTENT, ANOTHER_WAY = range(7)
"""The ranks."""


def contrasts(first: Trace, second: Trace) -> list[Contrast]:
    """What differs between two recordings of one program, in the order of the first one's lines."""
    peers = [name for name in first.header.peers if name in second.header.peers]
    together = [each for peer in peers for each in _together(peer, first, second)]
    apart = [one for each in together for one in each if one.rank == ANOTHER_WAY]
    if apart:
        ends = min(one.first.line for one in apart), min(one.second.line for one in apart)
        together = [[one for one in each if _is_before(one, ends)] for each in together]
    found = [_most_telling(each) for each in together if each] or apart[:1]
    return sorted(found, key=lambda one: one.first.line)


def _is_before(one: Contrast, ends: tuple[int, int]) -> bool:
    return one.first.line < ends[0] and one.second.line < ends[1]


def _together(peer: str, first: Trace, second: Trace) -> list[list[Contrast]]:
    """The differences of a peer, in groups between which all is alike."""
    seeing = seeing_of(peer, first, second)
    aligned = _Aligned(shown(first, peer, seeing), shown(second, peer, seeing))
    alike = sorted(a for a, b in aligned.kept if _is_alike(aligned.ours[a], aligned.theirs[b]))
    groups: dict[int, list[Contrast]] = {}
    for one in (*_alone(aligned), *_reordered(aligned, seeing), *_otherwise(aligned)):
        named = msgspec.structs.replace(one, peer=peer)
        groups.setdefault(bisect.bisect(alike, one.at), []).append(named)
    return list(groups.values())


def _most_telling(each: Sequence[Contrast]) -> Contrast:
    telling = min(each, key=lambda one: (one.rank, one.at))
    return msgspec.structs.replace(telling, more=len(each) - 1)


def _is_alike(ours: Shown, theirs: Shown) -> bool:
    """Whether both show the same, and enough of it to say that nothing differs any more."""
    return bool(ours.says) and not any(_unlike(ours, theirs))


def _unlike(ours: Shown, theirs: Shown) -> Iterator[str]:
    for name, value in ours.says.items():
        if theirs.says.get(name, value) != value:
            yield name


class _Aligned:
    """Two sequences with the pairs that correspond: `kept` in the same order, `moved` in another.

    All are pairs of places.
    """

    def __init__(self, ours: Sequence[Shown], theirs: Sequence[Shown]) -> None:
        self.ours, self.theirs = ours, theirs
        self.kept = _common([one.key for one in ours], [one.key for one in theirs])
        left, right = {a for a, _ in self.kept}, {b for _, b in self.kept}
        spare: dict[str, list[int]] = {}
        for place, one in enumerate(theirs):
            if place not in right:
                spare.setdefault(one.key, []).append(place)
        self.moved: list[tuple[int, int]] = []
        self.only_ours: list[int] = []
        for place, one in enumerate(ours):
            if place not in left:
                if spare.get(one.key):
                    self.moved.append((place, spare[one.key].pop(0)))
                else:
                    self.only_ours.append(place)
        self.only_theirs = sorted(place for places in spare.values() for place in places)

    def beside(self, place: int, *, ours: bool) -> int:
        """The place in the other sequence before which what is missing there would have come."""
        mine, other = (0, 1) if ours else (1, 0)
        return max((pair[other] + 1 for pair in self.kept if pair[mine] < place), default=0)


def _common(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The places of a longest common subsequence."""
    lengths = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for a in reversed(range(len(ours))):
        for b in reversed(range(len(theirs))):
            same = ours[a] == theirs[b]
            longest = lengths[a + 1][b + 1] + 1 if same else 0
            lengths[a][b] = max(longest, lengths[a + 1][b], lengths[a][b + 1])
    found: list[tuple[int, int]] = []
    a = b = 0
    while a < len(ours) and b < len(theirs):
        if ours[a] == theirs[b] and lengths[a][b] == lengths[a + 1][b + 1] + 1:
            found.append((a, b))
            a, b = a + 1, b + 1
        elif lengths[a + 1][b] >= lengths[a][b + 1]:
            a += 1
        else:
            b += 1
    return found


# What one side shows and the other does not.


def _alone(aligned: _Aligned) -> Iterator[Contrast]:
    for place in aligned.only_ours:
        one = aligned.ours[place]
        missing = _missing(aligned.theirs, aligned.beside(place, ours=True))
        yield Contrast(_only(one), _rank(one), place, _present(one), missing)
    for place in aligned.only_theirs:
        one = aligned.theirs[place]
        at = aligned.beside(place, ours=False)
        missing = _missing(aligned.ours, at)
        told = _swapped(_only(one))
        yield Contrast(told, _rank(one), at - 0.5, missing, _present(one))


def _rank(one: Shown) -> int:
    return ANOTHER_WAY if one.kind in INPUTS else MISSING


def _present(one: Shown) -> Side:
    return Side(one.line, one.words, (one.line,))


def _missing(others: Sequence[Shown], place: int) -> Side:
    if not others:
        return Side(0, None, since=0)
    line = others[min(place, len(others) - 1)].line
    return Side(line, None, since=line)


def _only(one: Shown) -> Phrase:
    if one.kind in INPUTS:
        what = f"{one.kind} of {one.about}" if one.kind == "call" else f"a {one.kind}"
        what = f"the application goes on in another way: {what}"
    else:
        what = _does(one)
    return lambda there, elsewhere: f"{what} in {there}, not in {elsewhere}"


def _swapped(phrase: Phrase) -> Phrase:
    return lambda first, second: phrase(second, first)


def _does(one: Shown) -> str:
    verbs = {"event": "fires", "return": "returns or throws", "settlement": "settles"}
    return f"{one.about} {verbs[one.kind]}" if one.kind in verbs else one.key


# What both show, in another order.


def _reordered(aligned: _Aligned, seeing: Seeing) -> Iterator[Contrast]:
    for a, b in aligned.moved:
        one = aligned.ours[a]
        crossed = _crossed(aligned, a, b)
        if crossed is None or _may_be_late(one, seeing) or one.kind in INPUTS:
            continue
        mine, other = aligned.ours[crossed[0]], aligned.theirs[crossed[1]]
        if _may_be_late(mine, seeing):
            continue
        early, late = (one, mine) if a < crossed[0] else (mine, one)
        theirs = aligned.theirs[b]
        yield Contrast(
            _before(_does(early), _in_short(late)),
            ORDER,
            a,
            Side(one.line, one.words, (one.line, mine.line)),
            Side(theirs.line, theirs.words, (theirs.line, other.line)),
        )


def _before(early: str, late: str) -> Phrase:
    return lambda first, second: f"{early} before {late} in {first}, after it in {second}"


def _in_short(one: Shown) -> str:
    if one.kind == "settlement":
        return f"{one.about} settles"
    return one.about if one.kind == "event" else one.key


def _crossed(aligned: _Aligned, a: int, b: int) -> tuple[int, int] | None:
    """The nearest pair in order that is before it on one side, and after it on the other."""
    crossing = [
        pair
        for pair in aligned.kept
        if (pair[0] < a) != (pair[1] < b) and aligned.ours[pair[0]].kind != "idle"
    ]
    telling = [pair for pair in crossing if aligned.ours[pair[0]].kind in ("event", "settlement")]
    return min(telling or crossing, key=lambda pair: abs(pair[0] - a), default=None)


def _may_be_late(one: Shown, seeing: Seeing) -> bool:
    return one.kind == "settlement" and bool(seeing.late)


# What both show, with other values.


def _otherwise(aligned: _Aligned) -> Iterator[Contrast]:
    for a, b in aligned.kept:
        ours, theirs = aligned.ours[a], aligned.theirs[b]
        for name in _unlike(ours, theirs):
            values = ours.says[name], theirs.says[name]
            told = _valued(ours, name, *values)
            yield Contrast(told, _rank_of(name), a, _present(ours), _present(theirs))
    for a, b in aligned.moved:
        # What was read at another moment is another thing; how a call ended is not.
        ours, theirs = aligned.ours[a], aligned.theirs[b]
        if ours.says.get("outcome") != theirs.says.get("outcome"):
            told = _valued(ours, "outcome", ours.says["outcome"], theirs.says["outcome"])
            yield Contrast(told, OUTCOME, a, _present(ours), _present(theirs))


def _rank_of(name: str) -> int:
    if " of m-section " in name or name in _OF_DESCRIPTIONS:
        return CONTENT
    return {"outcome": OUTCOME, "signalingState": STATE}.get(name, READ)


_OF_DESCRIPTIONS = ("type of the description", "number of m-sections", "size of the BUNDLE group")


def _valued(one: Shown, name: str, ours: str, theirs: str) -> Phrase:
    if name == "outcome":
        return lambda first, second: f"{one.about} {ours} in {first}, {theirs} in {second}"
    named = _NUMBERED.sub(lambda found: f"a {found[1]}".replace("a m-", "an m-"), name)
    mine, other, when = _value(ours), _value(theirs), _when(one)
    if mine == other:
        those = "of those that were there before"
        return lambda first, second: (
            f"{named}: in {first} another than in {second}, {those} ({when})"
        )
    return lambda first, second: f"{named}: {mine} in {first}, {other} in {second} ({when})"


def _value(value: str) -> str:
    """A value; of names that the stack invents only that there is one."""
    return _RELATIONAL.sub("", value) or "one"


def _when(one: Shown) -> str:
    if one.kind == "event":
        return f"at {one.about}"
    ends = {"settlement": f"when {one.about} settles", "return": f"when {one.about} returns"}
    return ends.get(one.kind, "in the end")
