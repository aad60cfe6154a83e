"""What each operation does: at once, in parallel, and in its task.

An operation's promise is either settled at once, or its work goes on "in parallel" and ends in a
queued task.
"""

from __future__ import annotations

import re

from .binding import bind, with_answered_mids, with_offered_mids
from .chain import FULFILLED, STATES, Chain, with_first
from .description import Description, is_fresh
from .enums import SdpType, Side, SignalingState
from .labels import Candidate
from .source import effect, guard, value
from .state import Connection, Microtask, Operation, Outcome, Stage, Task, Transceiver, replace
from .validity import rejected_in

SET_LOCAL = "#dom-rtcpeerconnection-setlocaldescription"
SET_REMOTE = "#dom-rtcpeerconnection-setremotedescription"
ADD_CANDIDATE = "#dom-rtcpeerconnection-addicecandidate"
REPLACE_TRACK = "#dom-rtcrtpsender-replacetrack"

OTHER_FAILURES = {
    Stage.CREATING: "OperationError",
    Stage.APPLYING: "OperationError",
    Stage.ADDING_CANDIDATE: "OperationError",
    Stage.REPLACING_TRACK: "InvalidModificationError",
}
"""With which error work may fail for reasons that the model does not know (a freedom)."""

_CANDIDATE = re.compile(
    r"(?:a=)?candidate:[A-Za-z0-9+/]{1,32} \d{1,5} \S+ \d{1,10} \S+ \d{1,5} typ \S+(?: .*)?"
)


class Operations(Chain):
    """The rules of the chained operations."""

    def execute(self, connection: Connection) -> STATES:
        """Execute the first operation of the chain."""
        return {
            "createOffer": self.execute_create_offer,
            "createAnswer": self.execute_create_answer,
            "setLocalDescription": self.execute_set_local,
            "setRemoteDescription": self.execute_set_remote,
            "addIceCandidate": self.execute_add_candidate,
            "replaceTrack": self.execute_replace_track,
        }[connection.operations[0].method](connection)

    def execute_create_offer(self, connection: Connection) -> STATES:
        """Create an offer: the steps before its work in parallel."""
        if not self.may_create_offer(connection):
            return self.reject(connection, "InvalidStateError")
        return (in_parallel(connection, Stage.CREATING),)

    @guard("#dfn-create-an-offer", "1")
    def may_create_offer(self, connection: Connection) -> bool:
        """Offers are created in "stable" and "have-local-offer" only."""
        allowed = (SignalingState.STABLE, SignalingState.HAVE_LOCAL_OFFER)
        return connection.signaling_state in allowed

    def execute_create_answer(self, connection: Connection) -> STATES:
        """Create an answer: the steps before its work in parallel."""
        if not self.may_create_answer(connection):
            return self.reject(connection, "InvalidStateError")
        return (in_parallel(connection, Stage.CREATING),)

    @guard("#dfn-create-an-answer", "1")
    def may_create_answer(self, connection: Connection) -> bool:
        """Answers are created in "have-remote-offer" and "have-local-pranswer" only."""
        allowed = (SignalingState.HAVE_REMOTE_OFFER, SignalingState.HAVE_LOCAL_PRANSWER)
        return connection.signaling_state in allowed

    def execute_set_local(self, connection: Connection) -> STATES:
        """setLocalDescription's chained steps."""
        arguments = connection.operations[0].arguments
        type = arguments.type or self.inferred_type(connection)
        if type is SdpType.ROLLBACK:
            return self.begin_applying(connection, Description(SdpType.ROLLBACK))
        given = arguments.description
        if given is None or self.is_sdp_empty(given):
            return self.set_implicit(connection, type)
        return self.set_given(connection, type, given)

    @guard(SET_LOCAL, "4.2, 4.3, 4.4, 4.5")
    def is_sdp_empty(self, given: Description) -> bool:
        """The sdp is the empty string, as that of an RTCSessionDescription made without one."""
        return given.problem == "empty"

    @value(SET_LOCAL, "4.1")
    def inferred_type(self, connection: Connection) -> SdpType:
        """The type that was left out, by the state in which the operation runs."""
        offering = (
            SignalingState.STABLE,
            SignalingState.HAVE_LOCAL_OFFER,
            SignalingState.HAVE_REMOTE_PRANSWER,
        )
        return SdpType.OFFER if connection.signaling_state in offering else SdpType.ANSWER

    def set_given(self, connection: Connection, type: SdpType, description: Description) -> STATES:
        """Set an sdp that the caller gave: it must be the one that was created last."""
        created = self.last_created(connection, type)
        if created is not None and is_unknown_text(created, description):
            refused = self.reject(connection, "InvalidModificationError")
            seen = bind(connection, created, replace(description, type=created.type))
            return refused if seen is None else (*refused, *self.set_given(seen, type, description))
        if self.is_modified(created, description):
            return self.reject(connection, self.modification_error(connection, type, created))
        return self._set_created(connection, type, created)

    def _set_created(
        self, connection: Connection, type: SdpType, created: Description | None
    ) -> STATES:
        if created is None:
            return ()
        return self.begin_applying(connection, replace(created, type=type))

    @value(SET_LOCAL, "4.2, 4.3, 4.4.1, 4.5.1")
    def last_created(self, connection: Connection, type: SdpType) -> Description | None:
        """[[LastCreatedOffer]] for offers, [[LastCreatedAnswer]] for both kinds of answers."""
        if type is SdpType.OFFER:
            return connection.last_created_offer
        return connection.last_created_answer

    @guard(SET_LOCAL, "4.2, 4.3")
    def is_modified(self, created: Description | None, given: Description) -> bool:
        """The sdp is not equal to the one that was created last."""
        return created is None or created.sdp != given.sdp

    @value(SET_LOCAL, "4.2, 4.3")
    def modification_error(
        self, connection: Connection, type: SdpType, created: Description | None
    ) -> str:
        """InvalidModificationError, whatever the state is (an interpretation)."""
        wrong = not self.is_type_valid(connection, Side.LOCAL, type)
        if self.insists_on_other("answer-in-the-wrong-state") and wrong and created is None:
            return "InvalidStateError"
        return "InvalidModificationError"

    def set_implicit(self, connection: Connection, type: SdpType) -> STATES:
        """Set the description that was created last, or create one first."""
        created = self.last_created(connection, type)
        states: STATES = ()
        if created is not None and self.represents_the_state(connection, type, created):
            states = self._set_created(connection, type, created)
            if not self.has_freedom("starting-over"):
                return states
        if type is SdpType.OFFER:
            return states + self.execute_create_offer(connection)
        return states + self.execute_create_answer(connection)

    @guard(SET_LOCAL, "4.4.2, 4.5.2")
    def represents_the_state(
        self, connection: Connection, type: SdpType, created: Description
    ) -> bool:
        """A new description would say the same; credentials that are to be replaced are."""
        news: tuple[Description, ...]
        if type is SdpType.OFFER:
            news = (self.generate_offer(connection, ice_restart=False),)
        else:
            news = self.generate_answers(connection)
        return any(
            new.says_the_same(created) and self.do_credentials_fit(connection, new, created)
            for new in news
        )

    def execute_set_remote(self, connection: Connection) -> STATES:
        """setRemoteDescription's chained steps."""
        arguments = connection.operations[0].arguments
        type = arguments.type or SdpType.OFFER
        given = arguments.description or Description(type, problem="empty")
        description = replace(given, type=type)
        if self.must_roll_back_first(connection, type):
            operation = replace(connection.operations[0], next_description=description)
            waiting = with_first(connection, operation)
            return self.begin_applying(waiting, Description(SdpType.ROLLBACK))
        return self.begin_applying(connection, description)

    @guard(SET_REMOTE, "3.1")
    def must_roll_back_first(self, connection: Connection, type: SdpType) -> bool:
        """A remote offer that is invalid for the state first rolls back the local one."""
        return type is SdpType.OFFER and not self.is_type_valid(connection, Side.REMOTE, type)

    def begin_applying(self, connection: Connection, description: Description) -> STATES:
        """Set a session description, up to its work in parallel."""
        if description.type is SdpType.ROLLBACK and self.is_rollback_refused(connection):
            return self.reject(connection, "InvalidStateError")
        operation = replace(
            connection.operations[0],
            description=description,
            transceivers=tuple(one.id for one in connection.transceivers),
        )
        return (in_parallel(with_first(connection, operation), Stage.APPLYING),)

    @guard("#set-description", "2")
    def is_rollback_refused(self, connection: Connection) -> bool:
        """There is nothing to roll back in "stable", nor (to the letter) a provisional answer."""
        state = connection.signaling_state
        if state is SignalingState.STABLE:
            return True
        provisional = (SignalingState.HAVE_LOCAL_PRANSWER, SignalingState.HAVE_REMOTE_PRANSWER)
        return state in provisional and not self.insists_on_other(
            "rollback-of-a-provisional-answer"
        )

    def execute_add_candidate(self, connection: Connection) -> STATES:
        """addIceCandidate's chained steps, before its work in parallel."""
        candidate = connection.operations[0].arguments.candidate
        if self.has_no_remote_description(connection):
            return self.reject(connection, "InvalidStateError")
        if self.names_no_section(connection, candidate):
            return self.reject(connection, "OperationError")
        if self.is_for_a_stopped_transceiver(connection, candidate):
            return (self.settle(connection, FULFILLED),)
        if self.is_of_another_generation(connection, candidate):
            return self.reject(connection, "OperationError")
        return (in_parallel(connection, Stage.ADDING_CANDIDATE),)

    @guard(ADD_CANDIDATE, "4.1")
    def has_no_remote_description(self, connection: Connection) -> bool:
        """remoteDescription is null."""
        return connection.remote_description is None

    @guard(ADD_CANDIDATE, "4.2, 4.2.1, 4.3, 4.3.1")
    def names_no_section(self, connection: Connection, candidate: Candidate) -> bool:
        """The mid, or else the index, is not that of an m-section in remoteDescription."""
        remote = connection.remote_description
        sections = remote.sections if remote else ()
        if candidate.sdp_mid is not None:
            generated = self.insists_on_other("candidate-of-a-generated-mid")
            named = {one.mid for one in sections if not (generated and is_fresh(one.mid))}
            return candidate.sdp_mid not in named and len(named) == len(sections)
        index = candidate.sdp_m_line_index
        return index is not None and index >= len(sections)

    @guard(ADD_CANDIDATE, "4.4")
    def is_for_a_stopped_transceiver(self, connection: Connection, candidate: Candidate) -> bool:
        """Either the mid or the index is of a stopped transceiver's m-section: nothing is left."""
        remote, mid = connection.remote_description, candidate.sdp_mid
        index = candidate.sdp_m_line_index
        if mid is not None and self.insists_on_other("candidate-of-two-sections"):
            index = None
        named = {mid}
        if remote is not None and index is not None and index < len(remote.sections):
            named.add(remote.sections[index].mid)
        associated = (connection.ever_with_mid(one) for one in named if one is not None)
        return any(one is not None and one.stopped for one in associated)

    @guard(ADD_CANDIDATE, "4.5")
    def is_of_another_generation(self, connection: Connection, candidate: Candidate) -> bool:
        """The username fragment is in the m-section of no applied remote description."""
        fragment = candidate.username_fragment
        if fragment is None:
            return False
        applied = (connection.current_remote_description, connection.pending_remote_description)
        mid, index = candidate.sdp_mid, candidate.sdp_m_line_index
        sections = (one.credentials_at(mid, index) for one in applied if one is not None)
        if any(fragment in credentials for credentials in sections):
            return False
        remote = connection.remote_description
        if mid is None and index is not None and remote is not None:
            mid = remote.sections[index].mid if index < len(remote.sections) else None
        ever = connection.applied_remote_credentials
        return not any(name == fragment and mid in (None, of) for of, name in ever)

    @guard(ADD_CANDIDATE, "4.7.1")
    def can_candidate_be_added(self, candidate: Candidate) -> bool:
        """The candidate is well formed, or the empty string (the end of candidates)."""
        text = candidate.candidate
        return text == "" or _CANDIDATE.fullmatch(text) is not None

    def execute_replace_track(self, connection: Connection) -> STATES:
        """replaceTrack's chained steps, before its work in parallel."""
        transceiver = connection.transceiver(connection.operations[0].arguments.transceiver)
        if transceiver is not None and self.is_replacing_too_late(transceiver.stopping):
            return self.reject(connection, "InvalidStateError")
        return (in_parallel(connection, Stage.REPLACING_TRACK),)

    @guard(REPLACE_TRACK, "6.1")
    def is_replacing_too_late(self, stopping: bool) -> bool:
        """[[Stopping]] is true."""
        return stopping

    # The tasks that operations queue.

    def run_operation_task(self, connection: Connection) -> STATES:
        """The task that the work of the running operation has queued."""
        if self.does_task_end_once_closed(connection):
            return (connection,)
        stage = connection.operations[0].stage
        states = {
            Stage.CREATING: self.finish_creating,
            Stage.APPLYING: self.finish_applying,
            Stage.ADDING_CANDIDATE: self.finish_adding_candidate,
            Stage.REPLACING_TRACK: self.finish_replacing_track,
            Stage.TRACK_REPLACED: self.resolve_replaced_track,
        }[stage](connection)
        if self.has_freedom("failing-for-other-reasons") and stage in OTHER_FAILURES:
            return (*states, *self.reject(connection, OTHER_FAILURES[stage]))
        return states

    @guard("#set-description", "4.5.1, 4.6.1")
    def does_task_end_once_closed(self, connection: Connection) -> bool:
        """Every task of an operation aborts if [[IsClosed]] is true."""
        return connection.is_closed

    def finish_creating(self, connection: Connection) -> STATES:
        """The final steps to create an offer or an answer, which may start over."""
        operation = connection.operations[0]
        is_offer = connection.signaling_state in (
            SignalingState.STABLE,
            SignalingState.HAVE_LOCAL_OFFER,
        )
        states: STATES
        if is_offer:
            states = (self.create_offer(connection),)
        else:
            answers = self.generate_answers(connection)
            states = tuple(self.create_answer(connection, answer) for answer in answers)
        if self.has_freedom("starting-over"):
            states = (*states, in_parallel(connection, operation.stage))
        return states

    @effect("#dfn-final-steps-to-create-an-offer", "4, 5, 6")
    def create_offer(self, connection: Connection) -> Connection:
        """Generate an offer, set [[LastCreatedOffer]], resolve with the offer."""
        restart = connection.operations[0].arguments.ice_restart
        offer = self.generate_offer(connection, ice_restart=restart)
        return self.created(replace(connection, last_created_offer=offer), offer)

    @effect("#dfn-final-steps-to-create-an-answer", "4, 5, 6")
    def create_answer(self, connection: Connection, answer: Description) -> Connection:
        """Set [[LastCreatedAnswer]] to the answer that was generated, resolve with it."""
        return self.created(replace(connection, last_created_answer=answer), answer)

    def created(self, connection: Connection, description: Description) -> Connection:
        """Resolve with what was created; setLocalDescription goes on to set it instead."""
        operation = connection.operations[0]
        if operation.method != "setLocalDescription":
            return self.settle(connection, Outcome(description=description))
        type = operation.arguments.type or description.type
        waiting = with_first(
            connection, replace(operation, next_description=replace(description, type=type))
        )
        return continue_later(waiting)

    def finish_applying(self, connection: Connection) -> STATES:
        """The task of a description: failed, started over, or applied."""
        operation = connection.operations[0]
        description = operation.description or Description(SdpType.ROLLBACK)
        side = self.side_of(operation)
        if side is Side.REMOTE and description.type is not SdpType.OFFER:
            connection = with_answered_mids(connection, description)
            description = with_offered_mids(connection, description)
        error = self.application_error(connection, side, description)
        if error is not None:
            return self.reject(connection, error)
        if self.must_start_over_for_tracks(connection, operation):
            return self.begin_applying(connection, description)
        if self.must_start_over_for_parameters(connection):
            return (in_parallel(connection, operation.stage),)
        states: STATES = (self.apply(connection, side, description),)
        if self.may_be_refused(connection, side, description):
            for refusal in ("InvalidAccessError", "OperationError"):
                states = (*states, *self.reject(connection, refusal))
        return states

    def may_be_refused(self, connection: Connection, side: Side, description: Description) -> bool:
        """Where it is left open whether a description is valid (freedoms)."""
        is_odd = description.problem == "odd" and self.has_freedom("odd-texts")
        return is_odd or self.may_credentials_not_fit(connection, side, description)

    def may_credentials_not_fit(
        self, connection: Connection, side: Side, description: Description
    ) -> bool:
        """A remote answer restarts ICE although the offer did not, or the other way (a freedom)."""
        answers = (SdpType.ANSWER, SdpType.PRANSWER)
        if side is Side.LOCAL or description.type not in answers:
            return False
        offer, local = connection.pending_local_description, connection.current_local_description
        restarted = do_credentials_change(local, offer)
        answered = do_credentials_change(connection.current_remote_description, description)
        differ = restarted is not None and answered is not None and restarted is not answered
        return differ and self.has_freedom("credentials-of-answers")

    @value(SET_REMOTE, "3.1.1")
    def side_of(self, operation: Operation) -> Side:
        """The side that is set: an implicit rollback sets a local description."""
        if operation.method == "setLocalDescription" or operation.next_description is not None:
            return Side.LOCAL
        return Side.REMOTE

    @effect(SET_REMOTE, "3.1.2")
    def continue_operation(self, connection: Connection) -> STATES:
        """The fulfillment steps: apply the description that had to wait."""
        operation = connection.operations[0]
        description = operation.next_description
        if connection.is_closed or description is None:
            return (connection,)
        going_on = with_first(connection, replace(operation, next_description=None))
        return self.begin_applying(going_on, description)

    def finish_step(self, connection: Connection, outcome: Outcome) -> Connection:
        """The last step of an operation's task: resolve, or go on after an implicit rollback."""
        operation = connection.operations[0]
        if operation.next_description is not None and outcome.error is None:
            return continue_later(connection)
        return self.settle(connection, outcome)

    def finish_adding_candidate(self, connection: Connection) -> STATES:
        """The candidate was added, or could not be."""
        candidate = connection.operations[0].arguments.candidate
        if not self.can_candidate_be_added(candidate):
            return self.reject(connection, "OperationError")
        states: STATES = (self.settle(connection, FULFILLED),)
        if self.may_have_no_component(connection, candidate):
            states = (*states, *self.reject(connection, "OperationError"))
        return states

    @guard(ADD_CANDIDATE, "4.7.1")
    def may_have_no_component(self, connection: Connection, candidate: Candidate) -> bool:
        """Either side rejected the m-section: there is nothing to add it to (a freedom, JSEP)."""
        if not self.has_freedom("candidates-of-rejected-sections"):
            return False
        mid, remote = candidate.sdp_mid, connection.remote_description
        index = candidate.sdp_m_line_index
        if mid is None and remote is not None and index is not None:
            mid = remote.sections[index].mid if index < len(remote.sections) else None
        return mid in rejected_in(connection.described())

    @effect(REPLACE_TRACK, "6.4.2.1, 6.4.4, 6.4.4.2, 6.4.4.3")
    def finish_replacing_track(self, connection: Connection) -> STATES:
        """Set the sender's track, and queue another task to resolve."""
        before, operation = connection, connection.operations[0]
        transceiver = connection.transceiver(operation.arguments.transceiver)
        if transceiver is not None:
            replaced = replace(transceiver, track=operation.arguments.track)
            connection = connection.updated(replaced)
        done = with_first(connection, replace(operation, stage=Stage.TRACK_REPLACED))
        task = Task("operation", operation.call)
        states: STATES = (replace(done, tasks=(*done.tasks, task)),)
        if transceiver is not None and self.may_track_not_fit(transceiver, operation):
            states = (*states, *self.reject(before, "InvalidModificationError"))
        return states

    def may_track_not_fit(self, transceiver: Transceiver, operation: Operation) -> bool:
        """While sending, another track may not fit the negotiated envelope (a freedom)."""
        current = transceiver.current_direction
        sending = current is not None and current.sends and operation.arguments.track is not None
        return sending and self.has_freedom("track-envelope")

    def resolve_replaced_track(self, connection: Connection) -> STATES:
        """The second task of replaceTrack."""
        return (self.settle(connection, FULFILLED),)


def do_credentials_change(before: Description | None, after: Description | None) -> bool | None:
    """Whether ICE restarts from one description to the next; None where that is not known."""
    if before is None or after is None or not before.ice or not after.ice:
        return None
    return not before.ice & after.ice


def in_parallel(connection: Connection, stage: Stage) -> Connection:
    """The first operation's work goes on in parallel."""
    operation = replace(connection.operations[0], stage=stage, in_parallel=True)
    return with_first(connection, operation)


def continue_later(connection: Connection) -> Connection:
    """Queue the microtask in which the first operation goes on."""
    microtask = Microtask("continue", connection.operations[0].call)
    return replace(connection, microtasks=(*connection.microtasks, microtask))


def is_unknown_text(created: Description, given: Description) -> bool:
    """Whether it cannot be known if a given text is the one created: nobody saw that one."""
    return is_fresh(created.sdp) and not is_fresh(given.sdp)
