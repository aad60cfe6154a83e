"""What must hold at every step of the model, and what must be possible at all.

    checked = check_properties(explore(Specification(), inputs))

*Always* properties must hold at each step of an exploration; *sometimes* properties at one at
least, which shows that it was not about nothing. Both come with a shortest path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from .enums import SdpType, SignalingState
from .explore import Exploration, Moment
from .flag import CHECK, UPDATE, UPDATE_TASK
from .labels import Call, Event, Label, Reject, Resolve
from .specification import CHAIN
from .state import Connection, Operation, Stage, Turn

SET = "#set-description"
SET_REMOTE = "#dom-rtcpeerconnection-setremotedescription"
CLOSE = "#dfn-close-the-connection"
STOP = "#dom-rtcrtptransceiver-stop"
OFFER, PRANSWER, ROLLBACK = SdpType.OFFER, SdpType.PRANSWER, SdpType.ROLLBACK


class Property(msgspec.Struct, frozen=True):
    """Something that must hold at every step ("always"), or at one at least ("sometimes").

    `anchor` is where the text says so: "#..." in webrtc-pc, "jsep:..." in RFC 9429.
    """

    name: str
    kind: Literal["always", "sometimes"]
    predicate: Callable[[Moment], bool]
    anchor: str
    says: str


class Example(msgspec.Struct, frozen=True):
    """A step that violates or witnesses a property: the labels up to it, itself included."""

    property: Property
    path: tuple[Label, ...]
    state: Connection


class Checked(msgspec.Struct, frozen=True):
    """What was found, by name; `unwitnessed` are the sometimes properties that never held."""

    violations: dict[str, Example]
    witnesses: dict[str, Example]
    unwitnessed: tuple[str, ...]


def check_properties(
    exploration: Exploration, properties: Iterable[Property] | None = None
) -> Checked:
    """Judge properties (all of them, if none are named) at every step, shortest paths first."""
    properties = PROPERTIES if properties is None else tuple(properties)
    found: dict[str, Example] = {}
    for here, label, there in exploration.steps:
        moment = exploration.moment(here, label, there)
        for one in properties:
            if one.name not in found and one.predicate(moment) is (one.kind == "sometimes"):
                path = (*exploration.path(here), label)
                found[one.name] = Example(one, path, moment.after)
    missing = (one.name for one in properties if one.kind == "sometimes" and one.name not in found)
    return Checked(
        {name: one for name, one in found.items() if one.property.kind == "always"},
        {name: one for name, one in found.items() if one.property.kind == "sometimes"},
        tuple(missing),
    )


Predicate = Callable[[Moment], bool]

# What must always hold: the event and its flag.

_always_holds: list[Property] = []


def _always(anchor: str) -> Callable[[Predicate], Predicate]:
    def register(predicate: Predicate) -> Predicate:
        name = predicate.__name__.strip("_").replace("_", "-")
        says = (predicate.__doc__ or "").strip()
        _always_holds.append(Property(name, "always", predicate, anchor, says))
        return predicate

    return register


@_always(UPDATE)
def _event_fires_in_stable(moment: Moment) -> bool:
    """negotiationneeded fires in "stable" only."""
    stable = moment.before.signaling_state is SignalingState.STABLE
    return stable or not moment.fires("negotiationneeded")


@_always(UPDATE)
def _event_fires_with_an_empty_chain(moment: Moment) -> bool:
    """negotiationneeded fires only while no operation is in the chain."""
    return not moment.before.operations or not moment.fires("negotiationneeded")


@_always(CHECK)
def _event_is_never_spurious(moment: Moment) -> bool:
    """When negotiationneeded fires, negotiation is needed."""
    if not moment.fires("negotiationneeded"):
        return True
    return moment.specification.check_if_negotiation_is_needed(moment.before)


@_always(UPDATE)
def _event_is_never_repeated(moment: Moment) -> bool:
    """negotiationneeded does not fire again while the flag stays true."""
    return not moment.fires("negotiationneeded") or not moment.memory.announced


@_always(UPDATE)
def _event_is_never_missed(moment: Moment) -> bool:
    """If negotiation is needed in "stable" and nothing is under way, the flag is true."""
    state, specification = moment.after, moment.specification
    if state.signaling_state is not SignalingState.STABLE or state.negotiation_needed:
        return True
    if state.operations or state.tasks or state.turn is not Turn.IDLE:
        return True
    told = moment.memory.after(moment.label, state)
    return told.unannounced or not specification.check_if_negotiation_is_needed(state)


@_always(UPDATE)
def _flag_is_announced(moment: Moment) -> bool:
    """The flag is true only after its event has fired (or in the task that fires it)."""
    firing = any(step.event == "negotiationneeded" for step in moment.after.steps)
    told = moment.memory.after(moment.label, moment.after)
    return told.announced or firing or not moment.after.negotiation_needed


@_always(SET)
def _flag_is_cleared_on_return_to_stable(moment: Moment) -> bool:
    """On the return to "stable" the flag is false: what remains will be announced again."""
    return not _arrives(moment, SignalingState.STABLE) or not moment.after.negotiation_needed


@_always(CHAIN)
def _update_is_remembered_for_operations_only(moment: Moment) -> bool:
    """An update is remembered only while an operation is in the chain, which will do it."""
    remembered = moment.after.update_negotiation_needed_flag_on_empty_chain
    return not remembered or bool(moment.after.operations)


# What must always hold: the chain and its promises.


@_always(CHAIN)
def _one_operation_runs(moment: Moment) -> bool:
    """At most one operation is executed, the first; the others have not begun."""
    return all(
        one.stage is Stage.WAITING and not one.in_parallel for one in moment.after.operations[1:]
    )


@_always(CHAIN)
def _chain_never_stalls(moment: Moment) -> bool:
    """The first operation of the chain is being executed, unless closed."""
    chain = moment.after.operations
    return not chain or moment.after.is_closed or chain[0].stage is not Stage.WAITING


@_always(CHAIN)
def _promises_settle_in_order(moment: Moment) -> bool:
    """The promise of an operation settles only after those of all that were chained before it."""
    if not isinstance(moment.label, Resolve | Reject):
        return True
    call = moment.label.call
    if call not in _chained_reactions(moment.before):
        return True
    earlier = (one.call for one in moment.before.operations if one.call < call)
    return all(one in moment.memory.settled for one in earlier)


@_always(CHAIN)
def _promises_settle_once(moment: Moment) -> bool:
    """No promise is settled twice."""
    if not isinstance(moment.label, Resolve | Reject):
        return True
    return moment.label.call not in moment.memory.settled


@_always(CHAIN)
def _promises_stay_pending_once_closed(moment: Moment) -> bool:
    """Once closed, no further promise of the chain is settled."""
    if not moment.before.is_closed:
        return True
    return _chained_reactions(moment.after) <= _chained_reactions(moment.before)


# What must always hold: the signaling state, descriptions and transceivers.


@_always("jsep:3.2")
def _states_follow_the_table(moment: Moment) -> bool:
    """The signaling state changes only along a row of the table, or to "closed"."""
    before, after = moment.before.signaling_state, moment.after.signaling_state
    rows = {(row.source, row.target) for row in moment.specification.transitions()}
    return before is after or after is SignalingState.CLOSED or (before, after) in rows


@_always(CLOSE)
def _closed_is_for_ever(moment: Moment) -> bool:
    """The state is "closed" if [[IsClosed]] is true and only then; it stays so."""
    after = moment.after
    same = after.is_closed is (after.signaling_state is SignalingState.CLOSED)
    return same and (after.is_closed or not moment.before.is_closed)


@_always(CLOSE)
def _closed_is_silent(moment: Moment) -> bool:
    """Once closed, events fire only in the rest of the task in which close() was called."""
    closed = moment.before.is_closed and isinstance(moment.label, Event)
    return not closed or moment.before.entered


@_always(SET)
def _pending_descriptions_fit_the_state(moment: Moment) -> bool:
    """The pending descriptions are those that the signaling state is named after."""
    local = moment.after.pending_local_description
    remote = moment.after.pending_remote_description
    found = (local.type if local else None, remote.type if remote else None)
    return moment.after.is_closed or found == _PENDING.get(moment.after.signaling_state)


@_always(SET)
def _state_changes_are_shown(moment: Moment) -> bool:
    """signalingstatechange fires for a change and only then, before the task has ended."""
    before, after = moment.before, moment.after
    if moment.fires("signalingstatechange"):
        return before.is_closed or before.signaling_state is not moment.memory.shown
    if after.turn is not Turn.IDLE or after.is_closed:
        return True
    return after.signaling_state is moment.memory.shown


@_always(SET)
def _created_descriptions_are_forgotten(moment: Moment) -> bool:
    """An answer empties [[LastCreatedOffer]] and [[LastCreatedAnswer]]."""
    kept = moment.after.last_created_offer or moment.after.last_created_answer
    return not _is_answered(moment) or kept is None


@_always("jsep:5.2.1")
def _mids_are_used_once(moment: Moment) -> bool:
    """No two transceivers of the set have the same mid, nor two m-sections of a description."""
    described = [[one.mid for one in each.sections] for each in moment.after.descriptions()]
    mids = [one.jsep_mid for one in moment.after.transceivers if one.jsep_mid is not None]
    return all(len(set(each)) == len(each) for each in (mids, *described))


@_always(SET)
def _rejected_transceivers_leave(moment: Moment) -> bool:
    """After an answer, no transceiver of the set is stopped and its m-section rejected."""
    if not _is_answered(moment):
        return True
    current = (moment.after.current_local_description, moment.after.current_remote_description)
    rejected = {s.mid for each in current if each is not None for s in each.sections if s.rejected}
    return not any(one.stopped and one.mid in rejected for one in moment.after.transceivers)


@_always(STOP)
def _stopping_is_for_ever(moment: Moment) -> bool:
    """A stopping transceiver stays so and is "inactive"; a stopped one is stopping as well."""
    everyone = (*moment.after.transceivers, *moment.after.removed)
    stopping = {one.id for one in everyone if one.stopping}
    before = {one.id for one in moment.before.transceivers if one.stopping}
    inactive = all(one.direction == "inactive" for one in everyone if one.stopping)
    return before <= stopping and inactive and all(one.stopping for one in everyone if one.stopped)


# What must be possible: witnesses that an exploration was not vacuous.


def _sometimes(name: str, anchor: str, says: str, predicate: Predicate) -> Property:
    return Property(name, "sometimes", predicate, anchor, says)


def _reaches(state: SignalingState) -> Property:
    anchor = CLOSE if state is SignalingState.CLOSED else SET
    says = f'The signaling state becomes "{state}".'
    return _sometimes(f"reaches-{state}", anchor, says, lambda moment: _arrives(moment, state))


def _promise_stays_pending(moment: Moment) -> bool:
    idle = moment.after.turn is Turn.IDLE and not moment.after.tasks
    return idle and moment.after.is_closed and bool(moment.after.operations)


def _applying_starts_over_for_a_track(moment: Moment) -> bool:
    again = _starts_over(moment, Stage.APPLYING)
    return again is not None and again.transceivers != moment.before.operations[0].transceivers


def _implicit_rollback(moment: Moment) -> bool:
    first = _first(moment.before)
    return first is not None and first.next_description is not None and _rolls_back(moment)


def _implicit_rollback_stays(moment: Moment) -> bool:
    # Only a local offer that was never answered leaves a created offer behind in "stable".
    first = _first(moment.before)
    offered = first is not None and first.method == "setRemoteDescription"
    failed = offered and _rejects(moment, "OperationError")
    return failed and moment.before.last_created_offer is not None


def _rollback_keeps_a_transceiver(moment: Moment) -> bool:
    made = {one.id for one in moment.before.transceivers if one.created_with_pending}
    return _rolls_back(moment) and any(one.id in made for one in moment.after.transceivers)


def _script_runs_between_two_events(moment: Moment) -> bool:
    more = any(step.event is not None for step in moment.before.steps)
    return more and isinstance(moment.label, Call) and moment.before.dispatching is not None


_sometimes_holds = (
    *map(_reaches, SignalingState),
    _sometimes(
        "event-fires-again",
        UPDATE,
        "negotiationneeded fires after a negotiation was finished.",
        lambda m: m.fires("negotiationneeded") and m.before.current_local_description is not None,
    ),
    _sometimes(
        "need-goes-away",
        UPDATE,
        "The flag becomes false without negotiation: what was changed was changed back.",
        lambda m: _runs_update(m) and m.before.negotiation_needed > m.after.negotiation_needed,
    ),
    _sometimes(
        "update-is-remembered",
        UPDATE,
        "A change during an operation is remembered at the call.",
        lambda m: isinstance(m.label, Call) and _remembers(m),
    ),
    _sometimes(
        "task-finds-the-chain-busy",
        UPDATE,
        "The task of an update finds an operation in the chain and remembers the update.",
        lambda m: _runs_update(m) and _remembers(m),
    ),
    _sometimes(
        "remembered-update-is-done",
        CHAIN,
        "When the chain becomes empty, the remembered update is queued.",
        lambda m: (
            m.before.update_negotiation_needed_flag_on_empty_chain
            and not m.after.operations
            and UPDATE_TASK in m.after.tasks
        ),
    ),
    _sometimes(
        "promise-stays-pending",
        CHAIN,
        "A closed connection has come to rest with an operation in its chain, for ever.",
        _promise_stays_pending,
    ),
    _sometimes(
        "operation-is-refused",
        CHAIN,
        "A promise is rejected because of the state in which its operation ran.",
        lambda m: _rejects(m, "InvalidStateError") and not m.before.is_closed,
    ),
    _sometimes(
        "creating-starts-over",
        "#dfn-final-steps-to-create-an-offer",
        "The final steps to create a description begin again with the inspection.",
        lambda m: _starts_over(m, Stage.CREATING) is not None,
    ),
    _sometimes(
        "applying-starts-over-for-a-track",
        SET,
        "A remote offer starts over, because addTrack made a transceiver meanwhile.",
        _applying_starts_over_for_a_track,
    ),
    _sometimes(
        "implicit-rollback",
        SET_REMOTE,
        "A remote offer rolls back the local one first.",
        _implicit_rollback,
    ),
    _sometimes(
        "implicit-rollback-stays",
        SET_REMOTE,
        "The remote offer after the implicit rollback fails, and the rollback remains.",
        _implicit_rollback_stays,
    ),
    _sometimes(
        "answer-removes-a-transceiver",
        SET,
        "A stopped transceiver leaves the set with an answer.",
        lambda m: _is_answered(m) and len(m.after.removed) > len(m.before.removed),
    ),
    _sometimes(
        "rollback-removes-a-transceiver",
        SET,
        "A transceiver that a remote offer made leaves the set with its rollback.",
        lambda m: _rolls_back(m) and len(m.after.removed) > len(m.before.removed),
    ),
    _sometimes(
        "rollback-keeps-a-transceiver",
        SET,
        "A transceiver that a remote offer made survives its rollback: addTrack used it.",
        _rollback_keeps_a_transceiver,
    ),
    _sometimes(
        "script-runs-between-two-events",
        SET,
        "The application makes a call in a handler while more events of the task are to come.",
        _script_runs_between_two_events,
    ),
    _sometimes(
        "event-is-dropped-once-closed",
        CLOSE,
        "close() in a handler keeps the remaining events of its task from firing.",
        lambda m: m.runs("no event once closed"),
    ),
)

PROPERTIES = (*_always_holds, *_sometimes_holds)
"""Every property there is, the always ones first."""

_PENDING = {
    SignalingState.STABLE: (None, None),
    SignalingState.HAVE_LOCAL_OFFER: (OFFER, None),
    SignalingState.HAVE_REMOTE_OFFER: (None, OFFER),
    SignalingState.HAVE_LOCAL_PRANSWER: (PRANSWER, OFFER),
    SignalingState.HAVE_REMOTE_PRANSWER: (OFFER, PRANSWER),
}


def _arrives(moment: Moment, state: SignalingState) -> bool:
    return moment.after.signaling_state is state is not moment.before.signaling_state


def _is_answered(moment: Moment) -> bool:
    changed = moment.after.current_local_description != moment.before.current_local_description
    return changed and _arrives(moment, SignalingState.STABLE)


def _rolls_back(moment: Moment) -> bool:
    first = _first(moment.before)
    description = first.description if first else None
    rollback = description is not None and description.type is ROLLBACK
    return rollback and _arrives(moment, SignalingState.STABLE)


def _first(state: Connection) -> Operation | None:
    return state.operations[0] if state.operations else None


def _starts_over(moment: Moment, stage: Stage) -> Operation | None:
    before, after = _first(moment.before), _first(moment.after)
    if before is None or after is None or before.in_parallel or before.call != after.call:
        return None
    return after if before.stage is stage is after.stage and after.in_parallel else None


def _runs_update(moment: Moment) -> bool:
    return moment.runs(f"task: {UPDATE_TASK.name}")


def _remembers(moment: Moment) -> bool:
    after = moment.after.update_negotiation_needed_flag_on_empty_chain
    return after and not moment.before.update_negotiation_needed_flag_on_empty_chain


def _rejects(moment: Moment, error: str) -> bool:
    return isinstance(moment.label, Reject) and moment.label.error == error


def _chained_reactions(state: Connection) -> set[int]:
    return {one.call for one in state.microtasks if one.name == "reaction" and one.chained}
