"""Mutations that no committed program tells from the original, since none gets to what they alter.

Programs are played by the model and by stacks: they cannot ask for an answer that lacks a codec,
and the model as a stack uses no freedom. The tests of the model tell each.
"""

from __future__ import annotations

from collections.abc import Mapping

from negotiation.model import (
    Arguments,
    Candidate,
    Configuration,
    Connection,
    Description,
    Direction,
    SdpType,
    Section,
    SignalingState,
    Specification,
    Transceiver,
)
from negotiation.model.chain import FULFILLED, STATES
from negotiation.model.ice_servers import NO_ACCESS, REFUSED, TAKEN, Errors, server_errors
from negotiation.model.offers import FreshNames
from negotiation.model.state import Microtask, replace

from .mutating import instead_of


@instead_of(Specification.is_for_a_stopped_transceiver)
def by_the_mid_alone(spec: Specification, connection: Connection, candidate: Candidate) -> bool:
    """The index of a candidate that has a mid is not looked at."""
    if candidate.sdp_mid is not None:
        candidate = replace(candidate, sdp_m_line_index=None)
    return Specification.is_for_a_stopped_transceiver(spec, connection, candidate)


@instead_of(Specification.is_for_a_stopped_transceiver)
def by_the_index_alone(spec: Specification, connection: Connection, candidate: Candidate) -> bool:
    """The mid of a candidate that has an index is not looked at."""
    if candidate.sdp_m_line_index is not None:
        candidate = replace(candidate, sdp_mid=None)
    return Specification.is_for_a_stopped_transceiver(spec, connection, candidate)


@instead_of(Specification.is_for_a_stopped_transceiver)
def while_it_is_in_the_set(
    spec: Specification, connection: Connection, candidate: Candidate
) -> bool:
    """A stopped transceiver that an answer removed is forgotten."""
    return Specification.is_for_a_stopped_transceiver(
        spec, replace(connection, removed=()), candidate
    )


@instead_of(Specification.is_of_another_generation)
def in_any_section(spec: Specification, connection: Connection, candidate: Candidate) -> bool:
    """A candidate's username fragment may be that of any m-section."""
    anywhere = replace(candidate, sdp_mid=None, sdp_m_line_index=None)
    return Specification.is_of_another_generation(spec, connection, anywhere)


@instead_of(Specification.associated_section)
def by_the_mid_that_it_shows(
    spec: Specification, connection: Connection, transceiver: Transceiver
) -> Section | None:
    """A transceiver whose m-section was recycled is associated with that still."""
    shown = replace(transceiver, jsep_mid=transceiver.mid)
    return Specification.associated_section(spec, connection, shown)


@instead_of(Specification.is_of_another_generation)
def bundled_sections_have_none(
    spec: Specification, connection: Connection, candidate: Candidate
) -> bool:
    """An m-section without credentials of its own has none."""
    remote, fragment = connection.remote_description, candidate.username_fragment
    section = remote.section(candidate.sdp_mid) if remote is not None else None
    if section is not None and section.ice is None and fragment is not None:
        return True
    return Specification.is_of_another_generation(spec, connection, candidate)


@instead_of(Specification.is_of_another_generation)
def only_those_of_now(spec: Specification, connection: Connection, candidate: Candidate) -> bool:
    """Only the descriptions that are applied now count, also in the reading in which all do."""
    forgotten = replace(connection, applied_remote_credentials=frozenset())
    return Specification.is_of_another_generation(spec, forgotten, candidate)


@instead_of(Specification.note_data_channel_ids)
def with_the_offer(spec: Specification, connection: Connection) -> Connection:
    """Data channels have ids as soon as data is offered."""
    described = [one for one in connection.described() if one is not None]
    return replace(connection, has_answered_data=any(one.has_data for one in described))


@instead_of(Specification.note_data_channel_ids)
def by_any_answer(spec: Specification, connection: Connection) -> Connection:
    """Data channels have ids as soon as anything was answered."""
    described = [one for one in connection.described() if one is not None]
    answered = any(one.type is not SdpType.OFFER for one in described)
    return replace(connection, has_answered_data=answered)


@instead_of(Specification.note_data_channel_ids)
def not_by_a_provisional_answer(spec: Specification, connection: Connection) -> Connection:
    """Data channels have no ids before the final answer."""
    if connection.current_local_description is None:
        return connection
    return Specification.note_data_channel_ids(spec, connection)


@instead_of(Specification.note_data_channel_ids)
def until_data_is_rejected(spec: Specification, connection: Connection) -> Connection:
    """All ids are free again once data was rejected."""
    return Specification.note_data_channel_ids(spec, replace(connection, has_answered_data=False))


@instead_of(Specification.may_be_recycled, Specification.offered_again)
def only_without_a_transceiver(
    spec: Specification,
    connection: Connection,
    old: Section,
    new: object,
    names: FreshNames,
) -> Section:
    """The rejected m-section of a transceiver that stops later is not recycled."""
    kept = iter(()) if connection.with_mid(old.mid) is not None else new
    return Specification.offered_again(spec, connection, old, kept, names)  # type: ignore[arg-type]


@instead_of(Specification.offered_section)
def with_the_new_streams(
    spec: Specification, transceiver: Transceiver, mid: str, kept: tuple[str, ...] = ()
) -> Section:
    """Msids that were told do not stay in offers, in the reading in which they do."""
    return Specification.offered_section(spec, transceiver, mid)


@instead_of(Specification.written_direction)
def as_it_is(spec: Specification, direction: Direction) -> Direction:
    """An offer tells the direction "stopped" where a transceiver has it."""
    return direction


@instead_of(Specification.answered_section)
def with_streams_as_they_are_now(
    spec: Specification, connection: Connection, offered: Section
) -> Section:
    """Msids that were told do not stay in answers, in the reading in which they do."""
    forgotten = replace(connection, current_local_description=None)
    return Specification.answered_section(spec, forgotten, offered)


@instead_of(Specification.represents_the_state)
def not_with_a_restart(
    spec: Specification, connection: Connection, type: SdpType, created: Description
) -> bool:
    """An offer that was created with iceRestart no longer represents the state."""
    local = (connection.current_local_description, connection.pending_local_description)
    used = frozenset[str]().union(*(one.ice for one in local if one is not None))
    same = Specification.represents_the_state(spec, connection, type, created)
    return same and bool(created.ice & used)


@instead_of(Specification.represents_the_state)
def answers_may_restart(
    spec: Specification, connection: Connection, type: SdpType, created: Description
) -> bool:
    """An answer with new credentials represents the state, although its offer has the old ones."""
    if type is SdpType.OFFER:
        return Specification.represents_the_state(spec, connection, type, created)
    return spec.generate_answer(connection).says_the_same(created)


@instead_of(Specification.represents_the_state)
def whatever_the_credentials(
    spec: Specification, connection: Connection, type: SdpType, created: Description
) -> bool:
    """Credentials that are to be replaced do not make a created description stale."""
    if type is SdpType.OFFER:
        return spec.generate_offer(connection, ice_restart=False).says_the_same(created)
    return spec.generate_answer(connection).says_the_same(created)


@instead_of(Specification.remember_stable_state)
def the_mid_that_is_shown(spec: Specification, connection: Connection) -> Connection:
    """A rollback goes by [[Mid]], which a recycled m-section leaves as it was."""
    remembered = Specification.remember_stable_state(spec, connection)
    if connection.signaling_state is not SignalingState.STABLE:
        return remembered
    shown = (replace(one, last_stable_jsep_mid=one.mid) for one in remembered.transceivers)
    return replace(remembered, transceivers=tuple(shown))


@instead_of(Specification.disassociate_recycled)
def only_what_is_current(
    spec: Specification,
    connection: Connection,
    index: int,
    description: Description,
    replaced: Description | None,
) -> Connection:
    """An m-section that an offer without an answer rejected is not recycled by the next one."""
    return Specification.disassociate_recycled(spec, connection, index, description, None)


@instead_of(Specification.are_parameters_refused, Specification.finish_parameters)
def never_later(spec: Specification, connection: Connection, call: int) -> STATES:
    """setParameters never fails once its work has begun, whatever the freedoms."""
    rest = tuple(one for one in connection.parameters if one[0] != call)
    reaction = Microtask("reaction", call, FULFILLED, chained=False)
    microtasks = (*connection.microtasks, reaction)
    return (replace(connection, parameters=rest, microtasks=microtasks),)


@instead_of(Specification.reuse_for_track)
def stopped_begins_to_send(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> Transceiver:
    """addTrack makes "sendonly" of the direction "stopped", too."""
    reused = Specification.reuse_for_track(spec, transceiver, arguments)
    if transceiver.direction is not Direction.STOPPED:
        return reused
    return replace(reused, direction=Direction.SENDONLY)


@instead_of(Specification.without_track)
def stopped_becomes_inactive(spec: Specification, transceiver: Transceiver) -> Transceiver:
    """removeTrack makes "inactive" of the direction "stopped", too."""
    silent = Specification.without_track(spec, transceiver)
    if transceiver.direction is not Direction.STOPPED:
        return silent
    return replace(silent, direction=Direction.INACTIVE)


@instead_of(Specification.ice_servers_errors)
def syntax_before_credentials(spec: Specification, configuration: Configuration) -> Errors:
    """All URLs are parsed before the credentials of any server are looked at."""
    each = [server_errors(one) for one in configuration.ice_servers]
    first = (REFUSED, NO_ACCESS)
    return next((errors for errors in first if any(errors <= one for one in each)), TAKEN)


BEYOND_PROGRAMS: Mapping[str, str] = {
    "is_for_a_stopped_transceiver/by-the-mid-alone": (
        "No program tells the mid of one m-section and the index of another."
    ),
    "is_for_a_stopped_transceiver/by-the-index-alone": (
        "No program tells the mid of one m-section and the index of another."
    ),
    "is_for_a_stopped_transceiver/while-it-is-in-the-set": (
        "A well-formed candidate that goes on is added, and its promise is resolved as well."
    ),
    "is_of_another_generation/in-any-section": (
        "In programs all m-sections of a description are bundled and have the same credentials."
    ),
    "associated_section/by-the-mid-that-it-shows": (
        "[[JsepMid]] and [[Mid]] differ only after a remote offer recycled the m-section of a live "
        "transceiver, which takes an answer that lacks a common codec."
    ),
    "may_have_no_component/always-false": "The model as a stack does not use the freedom.",
    "is_of_another_generation/bundled-sections-have-none": (
        "In programs each m-section of a description tells its credentials."
    ),
    "is_of_another_generation/only-those-of-now": (
        "It is another reading that remembers the descriptions that were replaced."
    ),
    "represents_the_state/answers-may-restart": (
        "A created answer may be set, or another one be created: both resolve alike, and no "
        "program compares credentials."
    ),
    "written_direction/as-it-is": 'No program asks for the direction "stopped".',
    "may_channel_fail/always-false": "The model as a stack does not use the freedom.",
    "note_data_channel_ids/skipped": "The model as a stack does not use the freedom.",
    "note_data_channel_ids/with-the-offer": "The model as a stack does not use the freedom.",
    "note_data_channel_ids/by-any-answer": "The model as a stack does not use the freedom.",
    "note_data_channel_ids/not-by-a-provisional-answer": (
        "The model as a stack does not use the freedom."
    ),
    "note_data_channel_ids/until-data-is-rejected": (
        "The model as a stack does not use the freedom."
    ),
    "may_be_recycled/always-true": (
        "A live transceiver has a rejected m-section only where an answer lacks a common codec, "
        "which no program can ask for."
    ),
    "may_be_recycled/only-without-a-transceiver": (
        "A transceiver has a rejected m-section, and is not stopped, only where an answer lacks a "
        "common codec, which no program can ask for."
    ),
    "offered_section/with-the-new-streams": "It is another reading that keeps msids.",
    "answered_section/with-streams-as-they-are-now": "It is another reading that keeps msids.",
    "disassociate_recycled/skipped": (
        "The model as a stack rejects an m-section only where its transceiver has been stopped, "
        "and the answer that makes the rejection current removes that transceiver from the set; "
        "only an answer that lacks a common codec, which no program can ask for, leaves one, or "
        "an offer that recycles what the offer before it, unanswered, rejected: no program has it."
    ),
    "disassociate_recycled/only-what-is-current": (
        "No program has an offer that recycles what the offer before it, unanswered, rejected."
    ),
    "remember_stable_state/the-mid-that-is-shown": (
        "[[JsepMid]] and [[Mid]] differ only after a remote offer recycled the m-section of a live "
        "transceiver, which takes an answer that lacks a common codec."
    ),
    "represents_the_state/not-with-a-restart": (
        "A created offer may be set, or another one be created: both resolve alike, and no program "
        "compares credentials."
    ),
    "represents_the_state/whatever-the-credentials": (
        "A created offer may be set, or another one be created: both resolve alike, and no program "
        "compares credentials."
    ),
    "may_answer_restart_ice/always-false": "No program looks at the credentials of such an answer.",
    "provisional_credentials/empty": "No program looks at the credentials of such an answer.",
    "are_credentials_new/always-false": "No program changes the servers and looks at credentials.",
    "are_credentials_new/always-true": "No program changes the servers and looks at credentials.",
    "are_parameters_refused/never-later": "The model as a stack does not use the freedom.",
    "reuse_for_track/stopped-begins-to-send": 'No program asks for the direction "stopped".',
    "without_track/stopped-becomes-inactive": 'No program asks for the direction "stopped".',
    "ice_servers_errors/syntax-before-credentials": "No program has two wrong servers at once.",
}
"""Why no program tells these; `tests/model/test_mutations.py` names the tests that do."""
