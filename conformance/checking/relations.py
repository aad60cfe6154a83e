"""The relational names of one peer of one trace, and the vocabulary that all traces share.

What an observation says is the same in many lines and many traces. So it is understood once
(`Vocabulary`), as a meaning; the peer's `Relations` then only put in the names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.interpreting import (
    NotUnderstood,
    description_of,
    model_arguments,
)
from negotiation.conformance.traces.profiles import Profile
from negotiation.conformance.traces.said import RETURNED, SETTLED, Said, is_settled
from negotiation.model import PROMISED, Arguments, Call, Description, SdpType

from .grown import Grown
from .half_seen import untold
from .seen import Made, Mark, Quiet, Read, Seen, Stutter, Told, read_of

replace = msgspec.structs.replace

Outcome = Literal["return", "throw", "resolve", "reject"]

_KINDS: dict[type, Outcome] = {
    format.Return: "return",
    format.Throw: "throw",
    format.Resolve: "resolve",
    format.Reject: "reject",
}

MOST_UNDERSTOOD = 1 << 17
"""Contents that a vocabulary remembers; then it begins anew."""

Meaning = Callable[["Relations"], Seen]
"""Gives what an observation says to the model, under a peer's names. Raises NotUnderstood."""


Simplified = Callable[[AnyObservation], AnyObservation | None]
"""What is left of an observation of which only a part is judged."""


class Vocabulary:
    """What contents of lines mean, whichever trace they are from.

    The `profile` tells which events say something to the model, and what was read. `simplified`
    gives what is left of an observation where much says nothing (None: nothing is).
    """

    def __init__(self, profile: Profile, simplified: Simplified | None = None) -> None:
        self._events = profile.events
        self._reads = profile.reads
        self._returns = {"return", "throw"} <= profile.labels
        self._simplified = simplified
        self._is_half = profile.is_half_seen
        self._meanings: dict[Said, Meaning] = {}
        self._known: dict[Seen, dict[object, Seen]] = {}

    def meaning(self, said: Said) -> Meaning:
        """What the content means."""
        found = self._meanings.get(said)
        if found is None:
            if len(self._meanings) >= MOST_UNDERSTOOD:
                self._meanings.clear()
            found = self._meanings[said] = self._understood(said)
        return found

    def _understood(self, said: Said) -> Meaning:
        one: AnyObservation | None = said.observation
        if self._simplified is not None:
            one = self._simplified(said.observation)
        match one:
            case format.Call():
                return _Begins(one, returns=self._returns, is_half=self._is_half)
            case format.Return() | format.Throw() | format.Resolve() | format.Reject():
                ends = said.ends if self._returns else SETTLED
                meaning = _Ends(one, ends, read_of(one.state, self._reads), self._forms)
                return meaning if self._simplified is None else _OfFollowed(meaning, one.call)
            case format.Event() if one.name in self._events:
                return _Happens(one, read_of(one.state, self._reads), self._forms)
            case format.Event():
                reason = f"{one.name} is no event of negotiation, or not of this profile"
                return _always(Stutter(reason))
            case format.Idle():
                return _Waits(one, read_of(one.state, self._reads))
            case None:
                return _always(Stutter("nothing follows from it where calls may be missing"))
        return _always(Stutter("signaling messages and remarks are judged in a second pass"))

    def _forms(self, told: Told) -> dict[object, Seen]:
        """The forms that something told was seen in, by task and names: shared by equal ones."""
        if len(self._known) >= MOST_UNDERSTOOD:
            self._known.clear()
        return self._known.setdefault(told, {})


def _always(seen: Seen) -> Meaning:
    return lambda _: seen


class Text:
    """What an SDP text says, with the descriptions that were made of it under different names."""

    def __init__(self, summary: format.Summary) -> None:
        self.summary = summary
        self.ice = tuple(sorted({one.ice for one in summary.sections if one.ice is not None}))
        self._made: dict[tuple[SdpType, str, tuple[str, ...]], Description] = {}

    def description(self, type: SdpType, name: str, ice: tuple[str, ...]) -> Description:
        """The description with this text; `ice` are the names for those in `self.ice`.

        Raises:
            NotUnderstood: an m-section that negotiation has no meaning for.
        """
        key = (type, name, ice)
        if key not in self._made:
            made = description_of(self.summary, type, name)
            names = dict(zip(self.ice, ice, strict=True))
            sections = tuple(
                replace(one, ice=names.get(one.ice) if one.ice else None) for one in made.sections
            )
            live = frozenset(names[one] for one in made.ice)
            self._made[key] = replace(made, sections=sections, ice=live)
        return self._made[key]


class Texts:
    """The texts of all traces: one object for equal summaries."""

    def __init__(self) -> None:
        self._known: dict[format.Summary, Text] = {}

    def text(self, summary: format.Summary) -> Text:
        """What an SDP text with this summary says."""
        found = self._known.get(summary)
        if found is None:
            if len(self._known) >= MOST_UNDERSTOOD:
                self._known.clear()
            found = self._known[summary] = Text(summary)
        return found


_Names = Grown[str, tuple[Text, str, tuple[str, ...]]]
_Credentials = Grown[str, str]


class Named(NamedTuple):
    """The relational names at one moment, as a value: equal ones name the same things alike.

    `calls` are the numbers of those of which more can come, with what; `task` is the last task that
    is known.
    """

    calls: tuple[tuple[int, tuple[int, int]], ...]
    names: _Names
    credentials: _Credentials
    task: int | None


def nothing_named() -> Named:
    """Before the first observation. What begins with one value can be compared, and is shared."""
    return Named((), Grown(), Grown(), None)


class Relations:
    """The relational names of one peer of one trace; `texts` are the trace's SDP texts, by id."""

    def __init__(self, texts: Mapping[str, Text], named: Named) -> None:
        self._texts = texts
        self._numbers: dict[int, tuple[int, int]] = dict(named.calls)
        self._names = named.names
        self._credentials = named.credentials
        self._task = named.task

    @property
    def named(self) -> Named:
        """The names, as a value."""
        calls = tuple(self._numbers.items())
        return Named(calls, self._names, self._credentials, self._task)

    def begin(self, id: int, method: str, *, returns: bool = True) -> int:
        """The number for a call that begins: the first that no call has of which more can come.

        `returns`: its return can come, too.
        """
        self._numbers = {one: told for one, told in self._numbers.items() if told[1]}
        taken = {number for number, _ in self._numbers.values()}
        number = next(n for n in range(1, len(taken) + 2) if n not in taken)
        returned = RETURNED if returns else 0
        self._numbers[id] = number, returned | SETTLED if method in PROMISED else returned
        return number

    def end(self, id: int, ends: int) -> int:
        """The number of a call of which this is an end, or the last that can be told of it."""
        if id not in self._numbers:
            raise NotUnderstood(f"a second end of call {id}")
        number, open = self._numbers[id]
        self._numbers[id] = number, open & ~ends
        return number

    def knows(self, id: int) -> bool:
        """Whether more can come of a call."""
        return id in self._numbers

    def is_settled(self, id: int) -> bool:
        """Whether a call's promise was seen to settle."""
        return id not in self._numbers or not self._numbers[id][1] & SETTLED

    def mark(self, task: int | None) -> Mark:
        """Whether a line's task is the one of the last line whose task is known."""
        if task is None:
            return None
        if task == self._task:
            return "same"
        self._task = task
        return "new"

    def description(self, id: str, type: SdpType) -> Description | None:
        """The description with the text of that id; None: it was not recorded."""
        known = self._names.get(id)
        if known is None:
            text = self._texts.get(id)
            if text is None:
                return None
            name = f"text{len(self._names) + 1}"
            ice = tuple(self.credential(one) for one in text.ice)
            known = (text, name, ice)
            self._names = self._names.with_(id, known)
        text, name, ice = known
        return text.description(type, name, ice)

    def credential(self, name: str) -> str:
        """What this peer calls the ICE credentials of that name."""
        known = self._credentials.get(name)
        if known is None:
            known = f"ice{len(self._credentials) + 1}"
            self._credentials = self._credentials.with_(name, known)
        return known


class _Begins:
    """A call is made; of a recording that is half seen, what a description says is not told."""

    def __init__(self, one: format.Call, *, returns: bool, is_half: bool) -> None:
        self._one = one
        self._returns = returns
        self._is_half = is_half
        named = one.args.candidate is not None and one.args.candidate.usernameFragment is not None
        self._fixed = one.args.description is None and not named
        self._made: dict[object, Made] = {}
        self._arguments: Arguments | None = None

    def __call__(self, relations: Relations) -> Made:
        one = self._one
        number = relations.begin(one.id, one.method, returns=self._returns)
        mark = relations.mark(one.task)
        arguments = self._arguments or self._understood(relations)
        key = (number, mark) if self._fixed else (number, mark, arguments)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = Made(Call(number, one.method, arguments), mark, one.within)
        return made

    def _understood(self, relations: Relations) -> Arguments:
        one = self._one
        arguments = model_arguments(one.method, one.args, relations.description)
        if self._is_half and arguments.description is None:
            description = untold(one.method, arguments.type)
            arguments = replace(arguments, description=description)
        fragment = arguments.candidate.username_fragment
        if fragment is not None:
            named = replace(arguments.candidate, username_fragment=relations.credential(fragment))
            arguments = replace(arguments, candidate=named)
        if self._fixed:
            self._arguments = arguments
        return arguments


class _Ends:
    """A call returns or throws, or its promise settles."""

    def __init__(
        self,
        one: format.Return | format.Throw | format.Resolve | format.Reject,
        ends: int,
        read: Read,
        forms: Callable[[Told], dict[object, Seen]],
    ) -> None:
        self._call = one.call
        self._task = one.task
        # A throw leaves a promise open: the caller of such a method got none, and none settles.
        self._ends = SETTLED if ends == SETTLED else RETURNED
        self._told = Told(
            kind=_KINDS[type(one)],
            value=getattr(one, "value", None),
            error=getattr(one, "error", None) or None,
            read=read,
        )
        self._forms = forms(self._told)
        resolved = one.description if isinstance(one, format.Resolve) else None
        self._text = resolved.sdp if resolved is not None else None
        self._type = (resolved and resolved.type) or "offer"

    def __call__(self, relations: Relations) -> Seen:
        number = relations.end(self._call, self._ends)
        description = None if self._text is None else self._description(relations)
        mark = relations.mark(self._task)
        key = (number, mark) if description is None else (number, mark, description)
        seen = self._forms.get(key)
        if seen is None:
            seen = replace(self._told, task=mark, call=number, description=description)
            self._forms[key] = seen
        return seen

    def _description(self, relations: Relations) -> Description | None:
        assert self._text is not None
        try:
            type = SdpType(self._type)
        except ValueError:
            raise NotUnderstood(f"a description of type {self._type!r}") from None
        return relations.description(self._text, type)


class _OfFollowed:
    """The end of a call, if it is one that is followed in a recording that is half seen."""

    def __init__(self, meaning: Meaning, call: int) -> None:
        self._meaning = meaning
        self._call = call

    def __call__(self, relations: Relations) -> Seen:
        if relations.knows(self._call):
            return self._meaning(relations)
        return Stutter("the end of a call that is not followed where calls may be missing")


def _true_of(one: format.Event) -> tuple[str, ...]:
    told = {"bubbles": one.bubbles, "cancelable": one.cancelable}
    return tuple(name for name, value in told.items() if value)


class _Happens:
    """An event is dispatched."""

    def __init__(
        self, one: format.Event, read: Read, forms: Callable[[Told], dict[object, Seen]]
    ) -> None:
        self._task = one.task
        self._told = Told(
            kind="event",
            event=one.name,
            transceiver=one.transceiver,
            streams=one.streams,
            attributes=_true_of(one),
            read=read,
        )
        self._forms = forms(self._told)

    def __call__(self, relations: Relations) -> Seen:
        mark = relations.mark(self._task)
        seen = self._forms.get(mark)
        if seen is None:
            seen = self._forms[mark] = replace(self._told, task=mark)
        return seen


class _Waits:
    """Nothing happens for a while."""

    def __init__(self, one: format.Idle, read: Read) -> None:
        self._pending = one.pending
        self._quiet = Quiet(is_settled(one), read)
        self._contradicting = replace(self._quiet, contradicts=True)

    def __call__(self, relations: Relations) -> Quiet:
        if any(map(relations.is_settled, self._pending)):
            return self._contradicting
        return self._quiet
