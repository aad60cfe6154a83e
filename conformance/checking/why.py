"""Why: which rules of the model decided what was observed, read off the model's own steps.

Nothing here knows a rule. A `Witness` is the specification with every rule writing down that it was
consulted, and what came of it; a `History` goes back from an observation, along the steps by which
the model can have shown it, to the one in which it was decided.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from negotiation.conformance.traces.format import Peer
from negotiation.conformance.traces.profiles import Profile, profile_named
from negotiation.conformance.traces.reading import Trace
from negotiation.conformance.traces.said import Said
from negotiation.model import (
    Connection,
    Event,
    Output,
    Readings,
    Reject,
    Return,
    Rule,
    Section,
    Specification,
    Throw,
    Transceiver,
    admit,
    rules_of,
)
from negotiation.model.flag import UPDATE_TASK

from .following import Places
from .frontier import Frontiers, Position, Successor, is_marked_so
from .half_seen import half_of, half_told, readings_for
from .matching import is_about, payload_objection
from .peers import Moment, PeerChecker
from .relations import Simplified, Texts
from .seen import Made, Told
from .seen_whole import whole_of, whole_told
from .words import label_in_words, state_in_words


class Ruling(NamedTuple):
    """A rule that was consulted, what it was asked about, and its answer.

    `depth` counts the rules that were waiting for this one's answer.
    """

    rule: Rule
    arguments: tuple[Any, ...]
    outcome: Any
    depth: int


class Witness(Specification):
    """A specification that writes down the rules that it consults."""

    def __init__(self, readings: Readings | None = None) -> None:
        super().__init__(readings)
        self.consulted: list[Ruling] = []
        self.depth = 0


def _witnessed(rule: Rule, consult: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(consult)
    def witnessed(self: Witness, *arguments: Any, **named: Any) -> Any:
        # The place is taken before: a rule comes before those that it asks.
        place = len(self.consulted)
        self.consulted.append(Ruling(rule, arguments, None, self.depth))
        self.depth += 1
        try:
            outcome = consult(self, *arguments, **named)
        finally:
            self.depth -= 1
        self.consulted[place] = self.consulted[place]._replace(outcome=outcome)
        return outcome

    return witnessed


# What Specification itself adds schedules: it decides when something happens, not what.
_DECIDING = {
    name: rule
    for name, rule in rules_of(Specification).items()
    if name not in vars(Specification) and rule.kind != "effect"
}
for _name, _rule in _DECIDING.items():
    setattr(Witness, _name, _witnessed(_rule, getattr(Specification, _name)))


class Edge(NamedTuple):
    """A step of the model, or a call, with the rules that it consulted."""

    before: Position
    after: Position
    rulings: tuple[Ruling, ...]


class Account(NamedTuple):
    """What decided an observation in `states` of the states that the model could be in.

    `shows` is what the model shows then, in words, and `refuses` whether that is an error;
    `rulings` are the rules in their order.
    """

    shows: str
    refuses: bool
    states: tuple[str, ...]
    rulings: tuple[Ruling, ...]


class FlagAccount(NamedTuple):
    """What "update the negotiation-needed flag" says in `states`.

    `asked`: "firing" (the event is about to fire), "queued", "remembered" (until the chain is
    empty) or "no" (no update is under way). `update` are the rules of the task, as far as it comes;
    `check` those of the check, for the connection and for every transceiver.
    """

    asked: str
    states: tuple[str, ...]
    connection: Connection
    update: tuple[Ruling, ...]
    check: tuple[Ruling, ...]


class Answer(NamedTuple):
    """Why a line says what it says: what decided it, and what keeps negotiationneeded."""

    moment: Moment
    accounts: tuple[Account, ...]
    flag: tuple[FlagAccount, ...]


_Told = TypeVar("_Told", Account, FlagAccount)


class Asking(Frontiers):
    """Remembers no steps: what was consulted for one is heard only when it is worked out."""

    def successors(self, connection: Connection) -> tuple[Successor, ...]:
        """As in Frontiers, worked out each time."""
        return tuple(self._worked_out(connection))


class NotFollowedError(Exception):
    """The checker gave up before the line; str() tells why."""


def why(trace: Trace, line: int, readings: Readings | None = None) -> Answer:
    """Why the observation in that line is, or is not, what it should be.

    Of a recording that misses calls it is told as if it missed none.

    Raises:
        LookupError: there is no observation in that line.
        NotFollowedError: the peer was undecided before it.
    """
    peer = dict(trace.observations)[line].peer
    recorded = trace.header.peers[peer]
    profile, told = _judged(recorded)
    admitted = admit(readings_for(readings or Readings(), profile))
    witnesses = tuple(Witness(one.readings) for one in admitted)
    frontiers = Asking(witnesses, profile)
    known = Texts()
    texts = {id: known.text(sdp.summary) for id, sdp in trace.sdps.items()}
    checker = PeerChecker(
        peer,
        Places(frontiers, told),
        texts,
        recorded.configuration,
        begins_anywhere=recorded.begins == "unknown",
    )
    moments = [
        moment
        for number, one in trace.observations
        if number <= line and one.peer == peer
        if (moment := checker.follow(number, one.n, one.t, Said(one))) is not None
    ]
    if not moments or moments[-1].line != line:
        raise NotFollowedError(checker.undecided or "")
    return History(frontiers, witnesses, moments).answer()


def _judged(peer: Peer) -> tuple[Profile, Simplified | None]:
    """The profile that a peer is told by, and what is left of its observations."""
    profile = profile_named(peer.profile)
    if peer.begins == "unknown":
        return half_of(profile), half_told
    if profile.is_half_seen:
        return whole_of(profile), whole_told
    return profile, None


class History:
    """The steps by which the model can have come to the last of some moments of one peer."""

    def __init__(
        self, frontiers: Frontiers, witnesses: Sequence[Witness], moments: Sequence[Moment]
    ) -> None:
        self.frontiers = frontiers
        self.witnesses = witnesses
        self.moments = moments

    def answer(self) -> Answer:
        """Why the last moment is as it is."""
        last = self.moments[-1]
        return Answer(last, tuple(self._accounts(last)), tuple(self._flag_accounts(last)))

    # What decided: the step in which an outcome or an event first appears.

    def _accounts(self, last: Moment) -> Iterator[Account]:
        found: dict[object, tuple[Account, set[str]]] = {}
        for label, targets in self._targets(last).items():
            shows = label_in_words(label, last.methods)
            refuses = isinstance(label, Throw | Reject)
            for edge in self._decisions(label, targets):
                rulings = guards_of(edge.rulings)
                account = Account(shows, refuses, (), rulings)
                _, states = found.setdefault((shows, _content(rulings)), (account, set()))
                states.add(self._in_words(edge.before.connection))
        yield from _sorted(found.values())

    def _targets(self, last: Moment) -> dict[Output, set[Position]]:
        """What the model can show here about the same thing, and the states in which it does."""
        seen = last.seen
        targets: dict[Output, set[Position]] = {}
        if isinstance(seen, Made):
            for position in last.after:
                outcome = position.connection.outcome
                if outcome is not None:
                    targets.setdefault(outcome, set()).add(position)
        elif isinstance(seen, Told):
            for position in self.frontiers.closure(last.before):
                for label in self._shown(position, seen, last):
                    targets.setdefault(label, set()).add(position)
        return targets

    def _shown(self, position: Position, told: Told, last: Moment) -> Iterator[Output]:
        for label, after in self.frontiers.shown_steps(position):
            if is_about(label, told) and (
                last.diagnosis is not None or self._is_recorded(after, label, told)
            ):
                yield label

    def _is_recorded(self, after: Position, label: Output, told: Told) -> bool:
        if payload_objection(label, told) is not None:
            return False
        return next(iter(self.frontiers.recorded(after, label, told)), None) is not None

    def _decisions(self, label: Output, targets: set[Position]) -> Iterator[Edge]:
        """The steps that decided the label, the nearest on each way back."""
        for moment in reversed(self.moments):
            if moment.before is moment.after or not targets:
                continue
            layer = self._layer(moment)
            decided, reached = _backwards(layer, label, targets)
            targets = reached & moment.before
            yield from decided

    def _layer(self, moment: Moment) -> dict[Position, list[Edge]]:
        """The edges of one moment, by the position that they lead to."""
        edges: dict[Position, list[Edge]] = {}
        closed = self.frontiers.closure(moment.before)
        for position in closed:
            for edge in self._hidden_edges(position):
                edges.setdefault(edge.after, []).append(edge)
        for edge in self._observed_edges(closed, moment):
            edges.setdefault(edge.after, []).append(edge)
        return edges

    def _hidden_edges(self, position: Position) -> Iterator[Edge]:
        steps = self.frontiers.hidden_steps(position)
        for (_, after), rulings in self._watched(steps):
            yield Edge(position, after, rulings)

    def _observed_edges(self, closed: Iterable[Position], moment: Moment) -> Iterator[Edge]:
        seen = moment.seen
        for position in closed:
            if isinstance(seen, Made) and is_marked_so(position, seen):
                for after, rulings in self._watched(self.frontiers.called(position, seen)):
                    yield Edge(position, after, rulings)
            elif isinstance(seen, Told):
                for label, shown in self.frontiers.shown_steps(position):
                    if is_about(label, seen) and payload_objection(label, seen) is None:
                        for after in self.frontiers.recorded(shown, label, seen):
                            yield Edge(position, after, ())
            elif position in moment.after:
                yield Edge(position, position, ())

    def _watched(self, steps: Iterator[Any]) -> Iterator[tuple[Any, tuple[Ruling, ...]]]:
        # The steps are computed one by one as they are asked for, and their rules with them.
        while True:
            for witness in self.witnesses:
                witness.consulted.clear()
            try:
                step = next(steps)
            except StopIteration:
                return
            yield step, tuple(one for each in self.witnesses for one in each.consulted)

    # What keeps negotiationneeded, or makes it fire.

    def _flag_accounts(self, last: Moment) -> Iterator[FlagAccount]:
        found: dict[object, tuple[FlagAccount, set[str]]] = {}
        for position in self._flag_states(last):
            account = self._flag_account(position.connection)
            key = (account.asked, _content(account.update + account.check))
            _, states = found.setdefault(key, (account, set()))
            states.add(self._in_words(position.connection))
        yield from _sorted(found.values())

    def _flag_states(self, last: Moment) -> Iterable[Position]:
        """The states in which the update ran, or would run; as they were observed otherwise."""
        seen = last.seen
        if not isinstance(seen, Told) or seen.event != "negotiationneeded":
            return last.after
        if last.diagnosis is not None:
            return self.frontiers.closure(last.before)
        return [
            edge.before
            for label, targets in self._targets(last).items()
            for edge in self._decisions(label, targets)
        ]

    def _flag_account(self, connection: Connection) -> FlagAccount:
        witness = self.witnesses[0]
        witness.consulted.clear()
        witness.run_update(connection)
        update = tuple(one for one in witness.consulted if one.depth == 0)
        witness.consulted.clear()
        witness.must_replace_ice_credentials(connection)
        witness.must_negotiate_data(connection)
        for transceiver in connection.transceivers:
            witness.must_negotiate(connection, transceiver)
        check = guards_of(witness.consulted)
        return FlagAccount(_asked(connection), (), connection, update, check)

    def _in_words(self, connection: Connection) -> str:
        return state_in_words(connection, Specification(self.witnesses[0].readings))


def _backwards(
    edges: dict[Position, list[Edge]], label: Output, targets: set[Position]
) -> tuple[list[Edge], set[Position]]:
    """The deciding edges that lead to the targets, and the positions on ways without one."""
    decided: dict[tuple[Position, Position], Edge] = {}
    seen, todo = set(targets), list(targets)
    while todo:
        for edge in edges.get(todo.pop(), ()):
            if _decides(edge, label):
                decided[edge.before, edge.after] = edge
            elif edge.before not in seen:
                seen.add(edge.before)
                todo.append(edge.before)
    return list(decided.values()), seen


def _decides(edge: Edge, label: Output) -> bool:
    before, after = edge.before.connection, edge.after.connection
    if isinstance(label, Return | Throw):
        return after.outcome == label and before.outcome is None
    if isinstance(label, Event):
        return _count(after, label) > _count(before, label)
    return _is_settling(after, label.call) and not _is_settling(before, label.call)


def _count(connection: Connection, event: Event) -> int:
    return sum(
        one.event == event.name and one.transceiver == event.transceiver for one in connection.steps
    )


def _is_settling(connection: Connection, call: int) -> bool:
    """Whether the outcome of the call is known, and its promise on the way to its reaction."""
    if any(
        one.call == call and one.name in ("settled", "reaction") for one in connection.microtasks
    ):
        return True
    running = connection.operations[:1]
    resolving = any(one.event is None for one in connection.steps)
    return resolving and any(one.call == call and one.next_description is None for one in running)


def _asked(connection: Connection) -> str:
    if any(one.event == "negotiationneeded" for one in connection.steps):
        return "firing"
    if UPDATE_TASK in connection.tasks:
        return "queued"
    if connection.update_negotiation_needed_flag_on_empty_chain:
        return "remembered"
    return "no"


def guards_of(rulings: Iterable[Ruling]) -> tuple[Ruling, ...]:
    """The rulings that a reader follows: all guards, and the errors and types that were found."""
    return tuple(one for one in rulings if isinstance(one.outcome, bool | str))


def decisive(rulings: Sequence[Ruling]) -> Ruling | None:
    """The ruling that refused a call, of those of the step in which it was refused.

    Rules are consulted until one refuses. Where a value then names the error, it is the guard just
    before that value if that one said yes, or else the last one that the value itself asked.
    """
    first = [place for place, one in enumerate(rulings) if one.depth == 0]
    if not first:
        return None
    last = rulings[first[-1]]
    if isinstance(last.outcome, bool):
        return last
    before = rulings[first[-2]] if len(first) > 1 else None
    if before is not None and before.outcome is True:
        return before
    asked = [one for one in rulings[first[-1] :] if isinstance(one.outcome, bool)]
    return asked[-1] if asked else last


def about(ruling: Ruling) -> str | None:
    """The transceiver, or else the m-section, that the rule was asked about."""
    for one in ruling.arguments:
        if isinstance(one, Transceiver):
            return one.id
    sections = (one for one in ruling.arguments if isinstance(one, Section))
    return next((f"the m-section {one.mid}" for one in sections), None)


def _sorted(found: Iterable[tuple[_Told, set[str]]]) -> list[_Told]:
    """The accounts with their states, in an order that no hash decides."""
    whole = [account._replace(states=tuple(sorted(states))) for account, states in found]
    return sorted(whole, key=lambda one: (one.states, repr(_content(one[-1]))))


def _content(rulings: Iterable[Ruling]) -> tuple[object, ...]:
    return tuple((one.rule.name, about(one), one.outcome) for one in rulings)
