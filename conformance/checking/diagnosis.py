"""What is wrong with an observation that no state allows, and where to go on from.

Every explanation is a single edit of the recording: the observation is too many (skipped),
something before it is missing (inserted), it says something else than it should (altered), or the
stack did break the rule (`alternatives`). The id of the finding follows from what was observed and
from which explanations there are; the checker goes on from the union of all of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import msgspec

from negotiation.model import (
    Event,
    Output,
    Reject,
    Resolve,
    Return,
    SignalingState,
    Throw,
)
from negotiation.model.binding import Difference

from . import subjects
from .alternatives import (
    SETTING,
    dispatched,
    is_settlement,
    settled_early,
)
from .coming import Coming
from .findings import Diagnosis
from .frontier import Frontier, Frontiers, Position, is_marked_so, replace
from .going_on import (
    Altered,
    Explained,
    apart_from_owed,
    besides,
    broken_so,
    created_otherwise,
    misreading,
    misreading_at_rest,
    new_objections,
    objections_in,
)
from .kinds import (
    BY_ASPECT,
    LATE,
    NN_ORDER,
    Objections,
    distance,
    missing_at_rest,
    missing_id,
    objection_id,
    refusal_of,
    too_soon_id,
)
from .matching import (
    Objection,
    described,
    is_about,
    payload_objection,
)
from .seen import Made, Quiet, Seen, Told
from .unrefused import Calling
from .words import Methods, label_in_words, seen_in_words, state_in_words

MOST_TOLD = 5

MOST_STAYING = 500
"""States from which one goes on as if nothing had happened in them, if something may well have."""


class Diagnostician:
    """Diagnoses one failed observation of one peer.

    `calling` is the call that the observation ends, if it may have ended otherwise.
    """

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
        self.calling: Calling | None = None
        self._calls = subjects.of_calls(methods, closed)
        self.coming = Coming(frontiers, closed)

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
        for frontier, labels in self.coming.after_missing():
            possible = frozenset(one for one in frontier if is_marked_so(one, made))
            if made.task == "new" and possible and not isinstance(labels[0], Return | Throw):
                listed = self._listed(labels)
                message = f"{words} in a task of its own, but {listed} must come before it"
                alternative = f"{listed}, {words}"
                diagnosis = self._diagnosis(
                    missing_id(labels[0], Told("event")),
                    message,
                    alternative=alternative,
                    about=self._missing(labels[0]),
                )
                return Explained(diagnosis, after | self._called(possible, made), labels)
        tasks = {"new": "in a task of its own", "same": "in the task of the line before it"}
        where = f"inside the {made.within} handler" if made.within else tasks[made.task or "new"]
        message = f"{words} {where}, where no script can be running so"
        about = f"{made.call.method} is called"
        return Explained(self._diagnosis("RECORDING-CONTRADICTS", message, about=about), after)

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
        coming = [*self.coming.shown(still)] or self.coming.shown(self.closed)
        shown = {label for label, _ in coming}
        labels = sorted(shown, key=lambda one: label_in_words(one, self.methods))
        missing = self._first_missing(labels)
        words = label_in_words(missing, self.methods) if missing else "something"
        message = f"nothing happens any more, but {words} is still to come"
        about = self._missing(missing)
        diagnosis = self._diagnosis(missing_at_rest(missing), message, about=about)
        reached = self._quiescent_after_missing(quiet)
        return Explained(diagnosis, still | reached, tuple(labels))

    def _contradicted(self, quiet: Quiet) -> Explained:
        consistent = msgspec.structs.replace(quiet, contradicts=False)
        message = "a promise is said to be pending that was recorded as settled"
        about = "a promise is pending"
        diagnosis = self._diagnosis("RECORDING-CONTRADICTS", message, about=about)
        return Explained(diagnosis, self.frontiers.after(self.closed, consistent) or self.closed)

    def _first_missing(self, labels: list[Output]) -> Output | None:
        settlements = [one for one in labels if isinstance(one, Resolve | Reject)]
        return (settlements or labels or [None])[0]

    def _quiescent_after_missing(self, quiet: Quiet) -> Frontier:
        reached: set[Position] = set()
        for frontier, _ in self.coming.after_missing():
            reached |= self.frontiers.after(frontier, quiet)
        return frozenset(reached)

    def _misread(self, quiet: Quiet) -> Explained:
        read = [(one, objections_in(one, one.connection, quiet.read)) for one in self.closed]
        objections = min((told for _, told in read), key=distance)
        alike = (one for one, told in read if told == objections)
        diagnosis, *others = (
            self._diagnosis(
                BY_ASPECT[one.aspect], f"at rest, {one.sentence}: not as was read", about=one.about
            )
            for one in (objections[0], *besides(objections, alike, quiet.read))
        )
        near = misreading_at_rest(read, quiet)
        unread = Quiet(quiet.settled)
        after = self.frontiers.after(self.closed.union(near), unread)
        return Explained(diagnosis, after or self.closed.union(near), besides=tuple(others))

    # Outputs.

    def _told(self, told: Told) -> Explained:
        late = self._late(told) or self._in_another_task(told)
        if late is not None:
            return late
        altered = list(self._altered(self.closed, told))
        inserted = list(self._inserted(told))
        broken = set(broken_so(self.specification, self.closed, told, self.calling))
        goes_on = set(misreading(altered, told))
        if told.event is not None:
            goes_on |= broken.union(dispatched(one, told.event) for one in self.closed)
        elif is_settlement(told):
            stays = len(self.closed) <= MOST_STAYING if altered else not inserted
            # A promise settles once: as if it were still to settle it would be told as pending.
            goes_on.update(settled_early((*(self.closed if stays else ()), *broken), told))
        else:
            goes_on |= broken if altered else self.closed  # what has returned does not again
        if not self._may_be_repeated(told):
            for _, positions in inserted:
                goes_on |= positions
        missing = tuple(label for labels, _ in inserted for label in labels)
        if altered:
            diagnosis, *others = self._saying_otherwise(told, altered)
        else:
            as_read = self._is_as_read(told, broken)
            diagnosis, others = self._classified(told, inserted, applied=as_read), []
        return Explained(diagnosis, frozenset(goes_on), missing, tuple(others))

    def _may_be_repeated(self, told: Told) -> bool:
        """Whether this is an event that a stack which fires it too early will fire so again.

        Then nothing was missing before it. To go on as if something had been would leave, after the
        second such event, only states in which it was.
        """
        half = self.frontiers.profile.is_half_seen
        return half and told.event == "negotiationneeded"

    def _is_as_read(self, told: Told, broken: set[Position]) -> bool:
        """Whether a signalingstatechange is that of a description which could only be refused."""
        if told.event != "signalingstatechange" or told.read.signaling_state is None:
            return False
        return any(
            one.read_so(one.connection, told.read, in_task=one.in_task) is not None
            for one in broken
        )

    def _late(self, told: Told) -> Explained | None:
        """Whether something was owed that has come now: then that is said, or what it is not."""
        if told.call is not None and any(
            is_about(one, told) for one, _ in self.coming.shown(self.closed)
        ):
            return None  # its turn is now, and something else is wrong
        owed = [
            (apart_from_owed(label, told), line, label)
            for label, line in self.owed
            if is_about(label, told) and payload_objection(label, told) is None
        ]
        if not owed:
            return None
        told_apart, line, label = min(owed, key=lambda one: len(one[0]))
        return Explained(self._told_late(label, line, told, told_apart), self.closed)

    def _told_late(
        self, label: Output, line: int, told: Told, told_apart: tuple[Difference, ...]
    ) -> Diagnosis:
        words = seen_in_words(told, self.methods)
        if told_apart:
            sentence = "; ".join(one.sentence for one in told_apart)
            objection = Objection("sdp", sentence, told_apart[0].about)
            about = subjects.of_objection(told, label, objection, self._calls)
            return self._diagnosis("SDP-SHAPE", f"{words}, but {sentence}", about=about)
        id = LATE.get(told.event or "", "OP-ORDER" if told.call else "EVENT-WRONG")
        message = f"{words} only now: it should have come before line {line}"
        about = subjects.of_late(told, self.methods)
        return self._diagnosis(id, message, after=line, about=about)

    def _in_another_task(self, told: Told) -> Explained | None:
        """Whether all is as it should be, but the task that the recorder says it came in."""
        if told.task != "same":
            return None
        after = self.frontiers.after(self.closed, msgspec.structs.replace(told, task="new"))
        if not after:
            return None
        words = seen_in_words(told, self.methods)
        message = f"{words} in the task of what came before it, but can only come in a later one"
        subject = told.event or subjects.of_settlement(told, "too early", self.methods)
        rule = "queue_update" if told.event == "negotiationneeded" else None
        about = f"{subject} in the task of what came before"
        diagnosis = self._diagnosis(too_soon_id(told), message, rule=rule, about=about)
        return Explained(diagnosis, after)

    def _altered(self, frontier: Frontier, told: Told) -> Iterator[Altered]:
        for label, after in self.coming.shown(frontier):
            if is_about(label, told):
                in_task = told.task is not None or after.in_task
                after = replace(after, in_task=in_task)
                yield from itertools.starmap(Altered, self._objections(label, after, told))

    def _objections(
        self, label: Output, after: Position, told: Told
    ) -> Iterator[tuple[Output, Objections, Position]]:
        """In which aspects the label is not the observation, and where to go on from."""
        connection = after.connection
        objection = payload_objection(label, told)
        if objection is not None:
            yield label, (objection, *new_objections(after, connection, told.read)), after
            return
        bound, told_apart = described(self.specification, connection, label, told)
        if bound is not None:
            there = replace(after, connection=bound)
            yield label, objections_in(after, bound, told.read), there
            return
        created = isinstance(label, Resolve) and label.description is not None
        sentence = "; ".join(one.sentence for one in told_apart)
        aspect = "sdp" if created else "descriptions"
        found = Objection(aspect, sentence, told_apart[0].about)
        for there in created_otherwise(after, label, told):
            objections = new_objections(after, there.connection, told.read)
            yield label, (found, *objections), there

    def _inserted(self, told: Told) -> Iterator[tuple[tuple[Output, ...], Frontier]]:
        """What was missing before the observation would be possible, the fewest labels first."""
        for frontier, labels in self.coming.after_missing():
            positions = self.frontiers.after(frontier, told)
            if positions:
                yield labels, positions

    def _classified(
        self,
        told: Told,
        inserted: list[tuple[tuple[Output, ...], Frontier]],
        *,
        applied: bool,
    ) -> Diagnosis:
        words = seen_in_words(told, self.methods)
        if told.event == "negotiationneeded":
            return self._negotiationneeded(told, words)
        # What is behind a refused operation begins when the refusal has been told. So it was none.
        if applied and all(self._is_refusal(labels[0]) for labels, _ in inserted):
            return self._applied(words)
        if inserted:
            return self._with_something_missing(told, words, inserted)
        return self._too_many(told, words)

    def _is_refusal(self, label: Output) -> bool:
        """Whether this is the refusal of a description that is to be set."""
        return isinstance(label, Reject) and self.methods.get(label.call) in SETTING

    def _applied(self, words: str) -> Diagnosis:
        running = {
            one.connection.operations[0].method for one in self.closed if one.connection.operations
        }
        method = ", ".join(sorted(running & set(SETTING)))
        coming = (labels[-1] for _, labels in self.coming.after_missing())
        refused = [
            subjects.outcome_of(label)
            for label in coming
            if isinstance(label, Reject) and self.methods.get(label.call) in running
        ]
        error = next(iter(refused or self._unseen()), None)
        message = f"{words}: {method} was applied, but it can only be refused"
        if error is not None:
            message += f" with {error}"
        if method == "setLocalDescription" and error == "InvalidModificationError":
            message += ", as its sdp is not what was created last"
        about = f"{method}: accepted, not {error or 'refused'}"
        return self._diagnosis("OP-ACCEPTED", message, about=about)

    def _unseen(self) -> list[str]:
        """The errors with which calls reject whose promises were seen to settle before."""
        following = (self.frontiers.successors(one.connection) for one in self.closed)
        labels = {label for each in following for label, _, _ in each}
        return sorted(label.error for label in labels if isinstance(label, Reject))

    def _saying_otherwise(self, told: Told, altered: list[Altered]) -> Iterator[Diagnosis]:
        """What is wrong in the nearest of what it could have been, each thing by itself."""
        returns = [one for one in altered if isinstance(one.label, Return)]
        if told.kind == "throw" and returns:
            altered = returns  # a call that need not throw is refused, whatever it may throw
        closest = min(altered, key=lambda one: distance(one.objections))
        label, objections = closest.label, closest.objections
        alike = (one.after for one in altered if one.objections == objections)
        words, ours = seen_in_words(told, self.methods), label_in_words(label, self.methods)
        for one in (objections[0], *besides(objections, alike, told.read)):
            yield self._diagnosis(
                objection_id(told, label, one.aspect),
                f"{words}, but {one.sentence}",
                alternative=f"{ours}: {one.sentence}",
                about=subjects.of_objection(told, label, one, self._calls),
            )

    def _negotiationneeded(self, told: Told, words: str) -> Diagnosis:
        refusals = {refusal_of(self.specification, one.connection) for one in self.closed}
        id, rule, why = min(refusals, key=lambda one: (NN_ORDER.index(one[0]), one))
        about = subjects.of_negotiationneeded(told)
        return self._diagnosis(id, f"{words} fires, but {why}", rule=rule, about=about)

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
        id = missing_id(first, told)
        early = id == "OP-ORDER"
        about = subjects.of_settlement(told, "too early", self.methods) if early else None
        return self._diagnosis(
            id,
            f"{words}, but {listed} must come before it",
            alternative=f"{listed}, {words}",
            about=self._missing(first) if about is None else about,
        )

    def _missing(self, label: Output | None) -> str:
        """What the finding is about that this did not come."""
        after = {
            one.connection.signaling_state
            for shown, one in self.coming.shown(self.closed)
            if shown == label
        }
        return subjects.of_missing(label, after, self.methods)

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
            about = f"in {read}" if repeated else subjects.of_state(told, states)
            message = f"{words} fires ({read}), but the state is {now}"
            return self._diagnosis(id, message, about=about)
        if told.kind == "event":
            message, about = f"{words} fires, but nothing fires it", f"{told.event} too many"
            return self._diagnosis("EVENT-WRONG", message, about=about)
        message, about = f"{words}, but no such call is under way", "no such call"
        return self._diagnosis("RECORDING-CONTRADICTS", message, about=about)

    def _settled_wrongly(self, told: Told, words: str, *, closed: bool) -> Diagnosis:
        if closed:
            about = subjects.of_settlement(told, "after close", self.methods)
            message = f"{words}, but the connection is closed"
            return self._diagnosis("OP-AFTER-CLOSE", message, about=about)
        early = subjects.of_settlement(told, "too early", self.methods)
        for _, labels in self.coming.after_missing():
            ours = labels[-1]
            if not isinstance(ours, Event) and is_about(ours, told):
                will = label_in_words(ours, self.methods)
                objection = payload_objection(ours, told)
                if objection is None:
                    return self._ahead(words, labels[:-1], early)
                id = objection_id(told, ours, objection.aspect)
                about = subjects.of_outcomes(told, subjects.outcome_of(ours), self._calls)
                return self._diagnosis(id, f"{words}, but {will}", alternative=will, about=about)
        return self._diagnosis("OP-ORDER", f"{words}, but its turn has not come", about=early)

    def _ahead(self, words: str, earlier: tuple[Output, ...], about: str) -> Diagnosis:
        """What settled as it should, and ahead of its turn."""
        listed = self._listed(earlier)
        message = f"{words} ahead of its turn"
        message += f": {listed} must come before it" if listed else ", or with other readings"
        return self._diagnosis("OP-ORDER", message, alternative=listed or None, about=about)

    def _diagnosis(
        self,
        id: str,
        message: str,
        *,
        rule: str | None = None,
        alternative: str | None = None,
        after: int | None = None,
        about: str = "",
    ) -> Diagnosis:
        allowed = dict.fromkeys(
            label_in_words(label, self.methods) for label, _ in self.coming.shown(self.closed)
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
            about=about,
        )
