"""What is wrong with an observation that no state allows, and where to go on from.

Every explanation is a single edit of the recording: the observation is too many (skipped),
something before it is missing (inserted), it says something else than it should (altered), or the
stack did break the rule (`alternatives`). The id of the finding follows from what was observed and
from which explanations there are; the checker goes on from the union of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

import msgspec

from negotiation.model import (
    Connection,
    Event,
    Output,
    Reject,
    Resolve,
    Return,
    SignalingState,
    Specification,
    Throw,
)

from .alternatives import SETTING, alternatives
from .findings import Diagnosis
from .frontier import Frontier, Frontiers, Position, is_marked_so, replace
from .half_seen import OTHER_ERROR
from .matching import attributes, described, is_about, payload_objection, read_objections, readable
from .seen import Made, Quiet, Seen, Told
from .words import Methods, label_in_words, seen_in_words, state_in_words

MOST_MISSING = 4
MOST_HISTORIES = 48
"""How many things may be missing before an observation, and how many orders of them are tried."""

MISSING_OF_HALF = 1
HISTORIES_OF_HALF = 8
"""The same of a recording that is half seen: there is more that could be, and less to tell."""

MOST_TOLD = 5

_ordinal = lru_cache(maxsize=1 << 12)(repr)
"""What positions are ordered by. One finding's are often the next one's, too."""


class Explained(msgspec.Struct, frozen=True):
    """A diagnosis, and the positions to go on from; `missing` are labels that may yet come."""

    diagnosis: Diagnosis
    frontier: Frontier
    missing: tuple[Output, ...] = ()


Objections = tuple[tuple[str, str], ...]
"""In which aspects something differs, and a sentence on each."""


class Altered(msgspec.Struct, frozen=True):
    """A label that is about the same thing as the observation, and in which aspects it differs."""

    label: Output
    objections: Objections
    after: Position


class Diagnostician:
    """Diagnoses one failed observation of one peer."""

    def __init__(
        self,
        frontiers: Frontiers,
        closed: Frontier,
        methods: Methods,
        owed: Iterable[tuple[Output, int]] = (),
    ) -> None:
        self.frontiers = frontiers
        self.specification = frontiers.specifications[0]
        self.closed = closed
        self.methods = methods
        self.owed = tuple(owed)
        self._steps: dict[Frontier, list[tuple[Output, Position]]] = {}

    def explain(self, seen: Seen) -> Explained:
        """Why the observation is impossible, and how to go on."""
        match seen:
            case Made():
                return self._call(seen)
            case Told():
                return self._told(seen)
            case Quiet():
                return self._quiet(seen)
        raise AssertionError("a stutter is always possible")

    # Calls: an input is impossible only by what the recorder says of its task.

    def _call(self, made: Made) -> Explained:
        after = self._called(self.closed, made) or self.closed
        words = seen_in_words(made, self.methods)
        for frontier, labels in self._after_missing():
            possible = frozenset(one for one in frontier if is_marked_so(one, made))
            if made.task == "new" and possible and not isinstance(labels[0], Return | Throw):
                listed = self._listed(labels)
                message = f"{words} in a task of its own, but {listed} must come before it"
                alternative = f"{listed}, {words}"
                diagnosis = self._diagnosis(
                    _missing_id(labels[0], Told("event")), message, alternative=alternative
                )
                return Explained(diagnosis, after | self._called(possible, made), labels)
        tasks = {"new": "in a task of its own", "same": "in the task of the line before it"}
        where = f"inside the {made.within} handler" if made.within else tasks[made.task or "new"]
        message = f"{words} {where}, where no script can be running so"
        return Explained(self._diagnosis("RECORDING-CONTRADICTS", message), after)

    def _called(self, frontier: Frontier, made: Made) -> Frontier:
        return frozenset(
            position for one in frontier for position in self.frontiers.called(one, made)
        )

    # Nothing more happens, but something should.

    def _quiet(self, quiet: Quiet) -> Explained:
        if quiet.contradicts:
            return self._contradicted(quiet)
        waiting = msgspec.structs.replace(quiet, settled=False)
        still = self.frontiers.after(self.closed, waiting)
        if not quiet.settled or not still:
            return self._misread(quiet)
        shown = {label for label, _ in self._shown(self.closed)}
        labels = sorted(shown, key=lambda one: label_in_words(one, self.methods))
        missing = self._first_missing(labels)
        words = label_in_words(missing, self.methods) if missing else "something"
        message = f"nothing happens any more, but {words} is still to come"
        diagnosis = self._diagnosis(_missing_at_rest(missing), message)
        reached = self._quiescent_after_missing(quiet)
        return Explained(diagnosis, still | reached, tuple(labels))

    def _contradicted(self, quiet: Quiet) -> Explained:
        consistent = msgspec.structs.replace(quiet, contradicts=False)
        message = "a promise is said to be pending that was recorded as settled"
        diagnosis = self._diagnosis("RECORDING-CONTRADICTS", message)
        return Explained(diagnosis, self.frontiers.after(self.closed, consistent) or self.closed)

    def _first_missing(self, labels: list[Output]) -> Output | None:
        settlements = [one for one in labels if isinstance(one, Resolve | Reject)]
        return (settlements or labels or [None])[0]

    def _quiescent_after_missing(self, quiet: Quiet) -> Frontier:
        reached: set[Position] = set()
        for frontier, _ in self._after_missing():
            reached |= self.frontiers.after(frontier, quiet)
        return frozenset(reached)

    def _misread(self, quiet: Quiet) -> Explained:
        objections = [
            tuple(read_objections(attributes(position.connection), quiet.read)) or _MIDS
            for position in self.closed
        ]
        aspect, sentence = min(objections, key=_distance)[0]
        diagnosis = self._diagnosis(_BY_ASPECT[aspect], f"at rest, {sentence}: not as was read")
        unread = Quiet(quiet.settled)
        return Explained(diagnosis, self.frontiers.after(self.closed, unread) or self.closed)

    # Outputs.

    def _told(self, told: Told) -> Explained:
        late = self._late(told)
        if late is not None:
            return late
        altered = list(self._altered(self.closed, told))
        inserted = list(self._inserted(told))
        broken = self._broken(told)
        goes_on = set(self.closed) | {one.after for one in altered} | broken
        if not self._may_be_repeated(told):
            for _, positions in inserted:
                goes_on |= positions
        diagnosis = self._classified(
            told, altered, inserted, applied=self._is_as_read(told, broken)
        )
        missing = tuple(label for labels, _ in inserted for label in labels)
        return Explained(diagnosis, frozenset(goes_on), missing)

    def _may_be_repeated(self, told: Told) -> bool:
        """Whether this is an event that a stack which fires it too early will fire so again.

        Then nothing was missing before it. To go on as if something had been would leave, after the
        second such event, only states in which it was.
        """
        half = self.frontiers.profile.is_half_seen
        return half and told.event == "negotiationneeded"

    def _broken(self, told: Told) -> set[Position]:
        """Where the stack is if it broke just the rule that the observation breaks."""
        return {
            replace(one, connection=readable(connection, told.read) or connection)
            for one in self.closed
            for connection in alternatives(self.specification, one.connection, told)
        }

    def _is_as_read(self, told: Told, broken: set[Position]) -> bool:
        """Whether a signalingstatechange is that of a description which could only be refused."""
        if told.event != "signalingstatechange" or told.read.signaling_state is None:
            return False
        return any(readable(one.connection, told.read) is not None for one in broken)

    def _late(self, told: Told) -> Explained | None:
        for label, line in self.owed:
            if is_about(label, told) and payload_objection(label, told) is None:
                id = _LATE.get(told.event or "", "OP-ORDER" if told.call else "EVENT-WRONG")
                words = seen_in_words(told, self.methods)
                message = f"{words} only now: it should have come before line {line}"
                diagnosis = self._diagnosis(id, message, after=line)
                return Explained(diagnosis, self.closed)
        return None

    def _altered(self, frontier: Frontier, told: Told) -> Iterator[Altered]:
        for label, after in self._shown(frontier):
            if is_about(label, told):
                objections, state = self._objections(label, after.connection, told)
                yield Altered(label, objections, replace(after, connection=state))

    def _objections(
        self, label: Output, connection: Connection, told: Told
    ) -> tuple[Objections, Connection]:
        """In which aspects the label is not the observation, and the state to go on from."""
        found: list[tuple[str, str]] = []
        state = connection
        objection = payload_objection(label, told)
        if objection is not None:
            found.append(objection)
        else:
            bound, told_apart = described(self.specification, connection, label, told)
            state = connection if bound is None else bound
            if bound is None:
                created = isinstance(label, Resolve) and label.description is not None
                found.append(("sdp" if created else "descriptions", "; ".join(told_apart)))
        found += read_objections(attributes(state), told.read)
        return tuple(found) or _MIDS, state

    def _inserted(self, told: Told) -> Iterator[tuple[tuple[Output, ...], Frontier]]:
        """What was missing before the observation would be possible, the fewest labels first."""
        for frontier, labels in self._after_missing():
            positions = self.frontiers.after(frontier, told)
            if positions:
                yield labels, positions

    def _after_missing(self) -> Iterator[tuple[Frontier, tuple[Output, ...]]]:
        layer: dict[tuple[Output, ...], Frontier] = {(): self.closed}
        half = self.frontiers.profile.is_half_seen
        histories = HISTORIES_OF_HALF if half else MOST_HISTORIES
        for _ in range(MISSING_OF_HALF if half else MOST_MISSING):
            following: dict[tuple[Output, ...], set[Position]] = {}
            for labels, frontier in layer.items():
                for label, after in self._shown(frontier):
                    following.setdefault((*labels, label), set()).add(after)
            layer = {
                labels: self.frontiers.closure(frozenset(positions))
                for labels, positions in islice(following.items(), histories)
            }
            for labels, frontier in layer.items():
                yield frontier, labels

    def _shown(self, frontier: Frontier) -> Iterable[tuple[Output, Position]]:
        """The steps that leave a line, in an order that is the same in every run.

        Several explanations ask for those of one frontier: they are worked out once.
        """
        steps = self._steps.get(frontier)
        if steps is None:
            ordered = sorted(frontier, key=_ordinal)
            steps = [
                one
                for position in ordered
                for one in self.frontiers.shown_steps(position)
                if not self._is_excuse(one[0])
            ]
            self._steps[frontier] = steps
        return steps

    def _is_excuse(self, label: Output) -> bool:
        """Whether it stands for a refusal for what a description says, which nobody has seen.

        That it may come is no explanation of what came instead.
        """
        half = self.frontiers.profile.is_half_seen
        return half and isinstance(label, Reject) and label.error == OTHER_ERROR

    def _classified(
        self,
        told: Told,
        altered: list[Altered],
        inserted: list[tuple[tuple[Output, ...], Frontier]],
        *,
        applied: bool,
    ) -> Diagnosis:
        words = seen_in_words(told, self.methods)
        if altered:
            return self._saying_otherwise(told, words, altered)
        if told.event == "negotiationneeded":
            return self._negotiationneeded(words)
        if inserted:
            return self._with_something_missing(told, words, inserted)
        if applied:
            return self._applied(words)
        return self._too_many(told, words)

    def _applied(self, words: str) -> Diagnosis:
        running = {
            one.connection.operations[0].method for one in self.closed if one.connection.operations
        }
        method = ", ".join(sorted(running & set(SETTING)))
        return self._diagnosis(
            "OP-ACCEPTED", f"{words}: {method} was applied, but it can only be refused"
        )

    def _saying_otherwise(self, told: Told, words: str, altered: list[Altered]) -> Diagnosis:
        closest = min(altered, key=lambda one: _distance(one.objections))
        aspect, sentence = closest.objections[0]
        id = _kind_id(told, closest.label) if aspect == "kind" else None
        if aspect == "error":
            id = "CALL-ERROR" if told.kind == "throw" else "OP-ERROR"
        message = f"{words}, but {sentence}"
        ours = label_in_words(closest.label, self.methods)
        return self._diagnosis(id or _BY_ASPECT[aspect], message, alternative=f"{ours}: {sentence}")

    def _negotiationneeded(self, words: str) -> Diagnosis:
        refusals = {refusal_of(self.specification, one.connection) for one in self.closed}
        id, rule, why = min(refusals, key=lambda one: (_NN_ORDER.index(one[0]), one))
        return self._diagnosis(id, f"{words} fires, but {why}", rule=rule)

    def _with_something_missing(
        self,
        told: Told,
        words: str,
        inserted: list[tuple[tuple[Output, ...], Frontier]],
    ) -> Diagnosis:
        labels, listed = min(
            ((labels, self._listed(labels)) for labels, _ in inserted),
            key=lambda one: (len(one[0]), one[1]),
        )
        first = labels[0]
        message = f"{words}, but {listed} must come before it"
        return self._diagnosis(_missing_id(first, told), message, alternative=f"{listed}, {words}")

    def _listed(self, labels: tuple[Output, ...]) -> str:
        return ", then ".join(label_in_words(one, self.methods) for one in labels)

    def _too_many(self, told: Told, words: str) -> Diagnosis:
        states = {one.connection.signaling_state for one in self.closed}
        closed = states == {SignalingState.CLOSED}
        if told.kind in ("resolve", "reject"):
            return self._settled_wrongly(told, words, closed=closed)
        if told.event == "signalingstatechange":
            read = told.read.signaling_state
            repeated = read is not None and read in states
            id = "STATE-REPEATED" if repeated else "STATE-WRONG"
            now = ", ".join(sorted(states))
            return self._diagnosis(id, f"{words} fires ({read}), but the state is {now}")
        if told.kind == "event":
            return self._diagnosis("EVENT-WRONG", f"{words} fires, but nothing fires it")
        return self._diagnosis("RECORDING-CONTRADICTS", f"{words}, but no such call is under way")

    def _settled_wrongly(self, told: Told, words: str, *, closed: bool) -> Diagnosis:
        if closed:
            return self._diagnosis("OP-AFTER-CLOSE", f"{words}, but the connection is closed")
        for _, labels in self._after_missing():
            ours = labels[-1]
            if not isinstance(ours, Event) and is_about(ours, told):
                will = label_in_words(ours, self.methods)
                objection = payload_objection(ours, told)
                if objection is None:
                    return self._ahead(words, labels[:-1])
                id = _kind_id(told, ours) if objection[0] == "kind" else "OP-ERROR"
                return self._diagnosis(id, f"{words}, but {will}", alternative=will)
        return self._diagnosis("OP-ORDER", f"{words}, but its turn has not come")

    def _ahead(self, words: str, earlier: tuple[Output, ...]) -> Diagnosis:
        """What settled as it should, and ahead of its turn."""
        listed = self._listed(earlier)
        message = f"{words} ahead of its turn"
        message += f": {listed} must come before it" if listed else ", or with other readings"
        return self._diagnosis("OP-ORDER", message, alternative=listed or None)

    def _diagnosis(
        self,
        id: str,
        message: str,
        *,
        rule: str | None = None,
        alternative: str | None = None,
        after: int | None = None,
    ) -> Diagnosis:
        allowed = dict.fromkeys(
            label_in_words(label, self.methods) for label, _ in self._shown(self.closed)
        )
        states = dict.fromkeys(
            state_in_words(one.connection, self.specification) for one in self.closed
        )
        anchor = getattr(type(self.specification), rule).__rule__.anchor if rule else None
        return Diagnosis(
            id=id,
            message=message,
            expected=tuple(sorted(allowed)) or ("nothing, until a call is made",),
            states=tuple(sorted(states))[:MOST_TOLD],
            refused_by=rule,
            anchor=anchor,
            alternative=alternative,
            after=after,
        )


_MIDS = (("reads", "the mids cannot be so"),)


def _distance(objections: Objections) -> tuple[int, int, str]:
    """How far something is from what was observed: first, in how many aspects it differs."""
    aspect, sentence = objections[0]
    return len(objections), _CLOSENESS.index(aspect), sentence


def refusal_of(specification: Specification, connection: Connection) -> tuple[str, str, str]:
    """Why negotiationneeded cannot fire in a state: (finding, rule that refuses, sentence)."""
    if connection.is_closed:
        return "NN-EARLY", "is_update_pointless_once_closed", "the connection is closed"
    if not specification.is_stable_for_the_flag(connection):
        state = connection.signaling_state
        return "NN-EARLY", "is_stable_for_the_flag", f"the signaling state is {state}"
    if not specification.is_chain_empty_in_the_task(connection):
        method = connection.operations[0].method
        return "NN-EARLY", "is_chain_empty_in_the_task", f"{method} is still in the chain"
    if specification.has_freedom("implementation-specific-negotiation"):
        # Then nothing is ever spurious, nor repeated: it can only be the wrong moment.
        return "NN-EARLY", "queue_update", "its task cannot have run yet"
    if not specification.check_if_negotiation_is_needed(connection):
        sentence = "nothing is to be negotiated"
        return "NN-SPURIOUS", "check_if_negotiation_is_needed", sentence
    if specification.is_flag_already_true(connection):
        sentence = "the flag has been true since it fired last"
        return "NN-DUPLICATE", "is_flag_already_true", sentence
    return "NN-EARLY", "queue_update", "its task cannot have run yet"


def _kind_id(told: Told, label: Output) -> str:
    ids: dict[tuple[str, type], str] = {
        ("resolve", Reject): "OP-ACCEPTED",
        ("reject", Resolve): "OP-REJECTED",
        ("return", Throw): "CALL-ACCEPTED",
        ("throw", Return): "CALL-REJECTED",
    }
    return ids[told.kind, type(label)]


def _missing_id(first: Output, told: Told) -> str:
    if isinstance(first, Event):
        if first.name == "negotiationneeded":
            return "NN-MISSED"
        return "STATE-MISSING" if first.name == "signalingstatechange" else "EVENT-WRONG"
    if isinstance(first, Return | Throw):
        return "RECORDING-CONTRADICTS"
    return "OP-ORDER" if told.kind in ("resolve", "reject") else "OP-PENDING"


def _missing_at_rest(missing: Output | None) -> str:
    return _missing_id(missing, Told("event")) if missing is not None else "OP-PENDING"


_NN_ORDER = ("NN-DUPLICATE", "NN-SPURIOUS", "NN-EARLY")

_LATE = {
    "negotiationneeded": "NN-LATE",
    "signalingstatechange": "STATE-ORDER",
}

_BY_ASPECT = {
    "signaling": "STATE-WRONG",
    "transceivers": "TRANSCEIVER-STATE",
    "descriptions": "DESCRIPTION-STATE",
    "sdp": "SDP-SHAPE",
    "event": "EVENT-WRONG",
    "value": "TRANSCEIVER-STATE",
    "reads": "TRANSCEIVER-STATE",
}

_CLOSENESS = (
    "reads",
    "transceivers",
    "descriptions",
    "sdp",
    "value",
    "event",
    "error",
    "signaling",
    "kind",
)
"""Aspects in which an observation can differ, the smallest difference first."""
