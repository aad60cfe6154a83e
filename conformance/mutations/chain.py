"""Mutations of the rules of the operations chain and of the operations in it."""

from __future__ import annotations

from negotiation.model import (
    Call,
    Candidate,
    Connection,
    Description,
    Label,
    Resolve,
    SdpType,
    SignalingState,
    Specification,
)
from negotiation.model.chain import STATES
from negotiation.model.state import Microtask, Operation, Outcome, Stage, replace

from .mutating import instead_of


@instead_of(Specification.react_to_operation)
def although_closed(
    spec: Specification, connection: Connection, microtask: Microtask
) -> Connection:
    """A promise of the chain settles also when the connection was closed meanwhile."""
    reaction = Microtask("reaction", microtask.call, microtask.outcome)
    removal = Microtask("remove", microtask.call)
    return replace(connection, microtasks=(*connection.microtasks, reaction, removal))


@instead_of(Specification.react_to_operation)
def a_rejection_empties_the_chain(
    spec: Specification, connection: Connection, microtask: Microtask
) -> Connection:
    """When an operation fails, those that wait behind it are forgotten."""
    if microtask.outcome.error is not None:
        connection = replace(connection, operations=connection.operations[:1])
    return Specification.react_to_operation(spec, connection, microtask)


@instead_of(Specification.react_to_operation)
def never_removed(spec: Specification, connection: Connection, microtask: Microtask) -> Connection:
    """A finished operation stays in the chain for ever."""
    reaction = Microtask("reaction", microtask.call, microtask.outcome)
    return replace(connection, microtasks=(*connection.microtasks, reaction))


@instead_of(Specification.settle)
def removed_before_its_promise_settles(
    spec: Specification, connection: Connection, outcome: Outcome
) -> Connection:
    """An operation leaves the chain when its work ends, before the caller's promise settles."""
    call = connection.operations[0].call
    stays = replace(connection.operations[0], stage=Stage.SETTLED)
    left = replace(connection, operations=(stays, *connection.operations[1:]))
    queued = Microtask("remove", call), Microtask("reaction", call, outcome)
    return replace(left, microtasks=(*left.microtasks, *queued))


@instead_of(Specification.remove_finished)
def even_when_closed(spec: Specification, connection: Connection) -> STATES:
    """A finished operation leaves the chain also once closed, and the next one runs."""
    rest = replace(connection, operations=connection.operations[1:])
    return spec.execute(rest) if rest.operations else (spec.update_on_empty_chain(rest),)


@instead_of(Specification.update_on_empty_chain)
def not_forgotten(spec: Specification, connection: Connection) -> Connection:
    """An update that was made when the chain was empty is made again each time that it is."""
    if not connection.update_negotiation_needed_flag_on_empty_chain:
        return connection
    return spec.update_negotiation_needed_flag(connection)


@instead_of(Specification.update_on_empty_chain)
def whenever_it_is_empty(spec: Specification, connection: Connection) -> Connection:
    """The flag is updated whenever the chain gets empty, also if nobody asked for it."""
    return spec.update_negotiation_needed_flag(connection)


@instead_of(Specification.may_create_offer)
def in_stable_only(spec: Specification, connection: Connection) -> bool:
    """Offers are created in "stable" only."""
    return connection.signaling_state is SignalingState.STABLE


@instead_of(Specification.may_create_answer)
def in_have_remote_offer_only(spec: Specification, connection: Connection) -> bool:
    """Answers are created in "have-remote-offer" only."""
    return connection.signaling_state is SignalingState.HAVE_REMOTE_OFFER


@instead_of(Specification.inferred_type)
def answers_in_have_local_offer(spec: Specification, connection: Connection) -> SdpType:
    """In "have-local-offer" an answer is inferred."""
    offering = (SignalingState.STABLE, SignalingState.HAVE_REMOTE_PRANSWER)
    return SdpType.OFFER if connection.signaling_state in offering else SdpType.ANSWER


@instead_of(Specification.inferred_type, Specification.chained)
def at_the_call(spec: Specification, connection: Connection, call: Call) -> STATES:
    """The type is inferred by the state at the call, not when the operation runs."""
    if call.method == "setLocalDescription" and call.arguments.type is None:
        told = replace(call.arguments, type=spec.inferred_type(connection))
        call = replace(call, arguments=told)
    return Specification.chained(spec, connection, call)


@instead_of(Specification.last_created)
def an_answer_is_never_remembered(
    spec: Specification, connection: Connection, type: SdpType
) -> Description | None:
    """setLocalDescription knows of no [[LastCreatedAnswer]]."""
    return connection.last_created_offer if type is SdpType.OFFER else None


@instead_of(Specification.last_created)
def the_pending_offer_counts(
    spec: Specification, connection: Connection, type: SdpType
) -> Description | None:
    """The pending local offer may be set again although a newer one was created."""
    if type is SdpType.OFFER and connection.pending_local_description is not None:
        return connection.pending_local_description
    return Specification.last_created(spec, connection, type)


@instead_of(Specification.modification_error)
def by_the_state(
    spec: Specification, connection: Connection, type: SdpType, created: Description | None
) -> str:
    """An sdp that was never created is refused as being in the wrong state."""
    return "InvalidStateError"


@instead_of(Specification.must_roll_back_first)
def for_every_remote_offer(spec: Specification, connection: Connection, type: SdpType) -> bool:
    """Each remote offer that does not come in "stable" first rolls back."""
    return type is SdpType.OFFER and connection.signaling_state is not SignalingState.STABLE


@instead_of(Specification.is_rollback_refused)
def in_stable_alone(spec: Specification, connection: Connection) -> bool:
    """A provisional answer is not what makes a rollback fail at once."""
    return connection.signaling_state is SignalingState.STABLE


@instead_of(Specification.has_no_remote_description)
def the_pending_one_does_not_count(spec: Specification, connection: Connection) -> bool:
    """Candidates need a current remote description."""
    return connection.current_remote_description is None


@instead_of(Specification.names_no_section)
def by_the_index_first(spec: Specification, connection: Connection, candidate: Candidate) -> bool:
    """A candidate's index is looked at also when there is a mid."""
    remote = connection.remote_description
    index = candidate.sdp_m_line_index
    if index is not None and remote is not None:
        return index >= len(remote.sections)
    return Specification.names_no_section(spec, connection, candidate)


@instead_of(Specification.is_for_a_stopped_transceiver)
def stopping_is_enough(spec: Specification, connection: Connection, candidate: Candidate) -> bool:
    """A candidate is dropped as soon as its transceiver is stopping."""
    mid = candidate.sdp_mid
    return any(one.mid == mid and one.stopping for one in connection.transceivers)


@instead_of(Specification.can_candidate_be_added)
def not_the_end(spec: Specification, candidate: Candidate) -> bool:
    """The empty string is not taken as the end of candidates."""
    return candidate.candidate != "" and Specification.can_candidate_be_added(spec, candidate)


@instead_of(Specification.create_offer)
def not_remembered(spec: Specification, connection: Connection) -> Connection:
    """createOffer does not set [[LastCreatedOffer]]."""
    before = connection.last_created_offer
    return replace(Specification.create_offer(spec, connection), last_created_offer=before)


@instead_of(Specification.create_answer)
def answer_not_remembered(
    spec: Specification, connection: Connection, answer: Description
) -> Connection:
    """createAnswer does not set [[LastCreatedAnswer]]."""
    before = connection.last_created_answer
    created = Specification.create_answer(spec, connection, answer)
    return replace(created, last_created_answer=before)


@instead_of(Specification.continue_operation)
def closed_or_not(spec: Specification, connection: Connection) -> STATES:
    """After an implicit rollback the offer is applied without looking at [[IsClosed]]."""
    operation = connection.operations[0]
    if operation.next_description is None:
        return (connection,)
    going_on = replace(operation, next_description=None)
    rest = replace(connection, operations=(going_on, *connection.operations[1:]))
    return spec.begin_applying(rest, operation.next_description)


@instead_of(Specification.continue_operation)
def the_rollback_is_all(spec: Specification, connection: Connection) -> STATES:
    """After an implicit rollback the operation is done, and the description is not applied."""
    operation = replace(connection.operations[0], next_description=None)
    rest = replace(connection, operations=(operation, *connection.operations[1:]))
    return (spec.settle(rest, Outcome()),)


@instead_of(Specification.finish_replacing_track)
def the_track_stays(spec: Specification, connection: Connection) -> STATES:
    """replaceTrack resolves, and the sender keeps its track."""
    operation = connection.operations[0]
    kept = connection.transceiver(operation.arguments.transceiver)
    states = Specification.finish_replacing_track(spec, connection)
    return tuple(one.updated(kept) if kept is not None else one for one in states)


@instead_of(Specification._reaction)
def rejections_look_fulfilled(
    spec: Specification, connection: Connection, microtask: Microtask
) -> tuple[Label, Connection]:
    """A promise that was rejected is fulfilled."""
    fulfilled = Resolve(microtask.call, microtask.outcome.description)
    return fulfilled, replace(connection, entered=True)


@instead_of(Specification._reaction)
def results_are_lost(
    spec: Specification, connection: Connection, microtask: Microtask
) -> tuple[Label, Connection]:
    """createOffer and createAnswer resolve with nothing."""
    bare = replace(microtask, outcome=Outcome(microtask.outcome.error))
    return Specification._reaction(spec, connection, bare)


@instead_of(Specification.chain)
def behind_nobody(spec: Specification, connection: Connection, operation: Operation) -> STATES:
    """While another operation runs, nothing is chained: the call is rejected."""
    if connection.operations:
        return (spec.reject_at_once(connection, operation.call, "InvalidStateError"),)
    return Specification.chain(spec, connection, operation)
