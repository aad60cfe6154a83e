"""Mutations of the rules of creating descriptions, and of those that refuse them."""

from __future__ import annotations

from negotiation.model import (
    Connection,
    Description,
    Direction,
    Kind,
    SdpType,
    Section,
    Side,
    SignalingState,
    Specification,
    Transceiver,
)
from negotiation.model.offers import FreshNames
from negotiation.model.state import replace

from .mutating import instead_of


@instead_of(Specification.generate_offer)
def everything_is_sendrecv(
    spec: Specification, connection: Connection, *, ice_restart: bool
) -> Description:
    """All m-sections of an offer are "sendrecv"."""
    offer = Specification.generate_offer(spec, connection, ice_restart=ice_restart)
    both = (replace(one, direction=Direction.SENDRECV) for one in offer.sections)
    return replace(offer, sections=tuple(both))


@instead_of(Specification.generate_offer)
def without_streams(
    spec: Specification, connection: Connection, *, ice_restart: bool
) -> Description:
    """No m-section of an offer names streams."""
    offer = Specification.generate_offer(spec, connection, ice_restart=ice_restart)
    return replace(offer, sections=tuple(replace(one, msids=()) for one in offer.sections))


@instead_of(Specification.sections_so_far)
def the_current_ones_only(spec: Specification, connection: Connection) -> tuple[Section, ...]:
    """An offer in "have-local-offer" starts from the current description, not the pending one."""
    description = connection.current_local_description
    return description.sections if description else ()


@instead_of(Specification.transceivers_to_add)
def the_last_first(spec: Specification, connection: Connection) -> tuple[Transceiver, ...]:
    """New m-sections are made for the latest transceivers first."""
    return Specification.transceivers_to_add(spec, connection)[::-1]


@instead_of(Specification.transceivers_to_add)
def one_at_a_time(spec: Specification, connection: Connection) -> tuple[Transceiver, ...]:
    """An offer has at most one new m-section."""
    return Specification.transceivers_to_add(spec, connection)[:1]


@instead_of(Specification.is_stopped_for_an_offer)
def stopped_only(spec: Specification, transceiver: Transceiver) -> bool:
    """A stopping transceiver is offered as if it went on."""
    return transceiver.stopped


@instead_of(Specification.is_recyclable)
def rejected_locally(spec: Specification, connection: Connection, old: Section) -> bool:
    """Only an m-section that is rejected in the current local description is recycled."""
    description = connection.current_local_description
    section = description.section(old.mid) if description else None
    return section is not None and section.rejected


@instead_of(Specification.is_recyclable)
def rejected_remotely(spec: Specification, connection: Connection, old: Section) -> bool:
    """Only an m-section that is rejected in the current remote description is recycled."""
    description = connection.current_remote_description
    section = description.section(old.mid) if description else None
    return section is not None and section.rejected


@instead_of(Specification.offered_section)
def reversed(
    spec: Specification, transceiver: Transceiver, mid: str, kept: tuple[str, ...] = ()
) -> Section:
    """An offer tells the direction from the other end's point of view."""
    section = Specification.offered_section(spec, transceiver, mid, kept)
    return replace(section, direction=section.direction.reversed)


@instead_of(Specification.must_add_data_section)
def for_the_very_first_offer(
    spec: Specification, connection: Connection, sections: list[Section]
) -> bool:
    """Only an offer without other m-sections gets one for data."""
    return connection.channels > 0 and not sections


@instead_of(Specification.must_add_data_section)
def a_rejected_one_will_do(
    spec: Specification, connection: Connection, sections: list[Section]
) -> bool:
    """A rejected m-section for data is never replaced by a new one."""
    return connection.channels > 0 and all(one.kind is not Kind.APPLICATION for one in sections)


@instead_of(Specification.does_offer_restart_ice)
def by_the_option_only(spec: Specification, connection: Connection, *, ice_restart: bool) -> bool:
    """Only the iceRestart option makes new credentials, restartIce() does not."""
    return ice_restart


@instead_of(Specification.local_credentials)
def new_ones_always(
    spec: Specification,
    connection: Connection,
    sections: tuple[Section, ...],
    names: FreshNames,
    *,
    restart: bool,
) -> frozenset[str]:
    """Each description that is created has new ICE credentials."""
    return Specification.local_credentials(spec, connection, sections, names, restart=True)


@instead_of(Specification.local_credentials)
def kept_although_restarted(
    spec: Specification,
    connection: Connection,
    sections: tuple[Section, ...],
    names: FreshNames,
    *,
    restart: bool,
) -> frozenset[str]:
    """ICE credentials never change."""
    return Specification.local_credentials(spec, connection, sections, names, restart=False)


@instead_of(Specification.generate_answer)
def the_last_section_is_left_out(spec: Specification, connection: Connection) -> Description:
    """An answer has one m-section less than the offer, if that has several."""
    answer = Specification.generate_answer(spec, connection)
    return replace(answer, sections=answer.sections[:1])


@instead_of(Specification.generate_answer)
def everything_is_rejected(spec: Specification, connection: Connection) -> Description:
    """An answer rejects all m-sections."""
    answer = Specification.generate_answer(spec, connection)
    return replace(
        answer,
        sections=tuple(
            replace(one, rejected=True, direction=Direction.INACTIVE, msids=())
            for one in answer.sections
        ),
    )


@instead_of(Specification.answered_section)
def without_msids(spec: Specification, connection: Connection, offered: Section) -> Section:
    """No m-section of an answer names streams."""
    return replace(Specification.answered_section(spec, connection, offered), msids=())


@instead_of(Specification.must_answer_rejected)
def stopping_too(spec: Specification, offered: Section, transceiver: Transceiver | None) -> bool:
    """createAnswer treats a stopping transceiver as stopped, as createOffer does."""
    return offered.rejected or transceiver is None or transceiver.stopping


@instead_of(Specification.answered_direction)
def offered_is_not_reversed(
    spec: Specification, offered: Section, transceiver: Transceiver
) -> Direction:
    """The answered direction is the offered one, not reversed, intersected with the own."""
    return offered.direction & transceiver.direction


@instead_of(Specification.answered_direction)
def the_own_one(spec: Specification, offered: Section, transceiver: Transceiver) -> Direction:
    """The answered direction is the transceiver's, whatever was offered."""
    return transceiver.direction


@instead_of(Specification.answered_direction)
def the_offered_one(spec: Specification, offered: Section, transceiver: Transceiver) -> Direction:
    """The answered direction accepts all that was offered, whatever the transceiver's is."""
    return offered.direction.reversed


@instead_of(Specification.application_error)
def content_before_state(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> str | None:
    """An invalid text is told before a wrong state."""
    if description.type is not SdpType.ROLLBACK and spec.is_syntax_invalid(description):
        return "OperationError"
    return Specification.application_error(spec, connection, side, description)


@instead_of(Specification.application_error)
def everything_else_is_an_operation_error(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> str | None:
    """Invalid content is reported as OperationError."""
    error = Specification.application_error(spec, connection, side, description)
    return "OperationError" if error == "InvalidAccessError" else error


@instead_of(Specification.application_error)
def a_wrong_type_is_an_invalid_modification(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> str | None:
    """A description in the wrong state is reported as InvalidModificationError."""
    error = Specification.application_error(spec, connection, side, description)
    return "InvalidModificationError" if error == "InvalidStateError" else error


@instead_of(Specification.is_content_invalid)
def rtcp_mux_is_not_required(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> bool:
    """A remote description may come without RTCP mux."""
    if description.problem == "rtcp-mux":
        description = replace(description, problem=None)
    return Specification.is_content_invalid(spec, connection, side, description)


@instead_of(Specification.is_subsequent_offer_valid)
def the_pending_offer_is_forgotten(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> bool:
    """Back-to-back remote offers are compared with the current descriptions only."""
    settled = replace(connection, pending_remote_description=None)
    return Specification.is_subsequent_offer_valid(spec, settled, side, description)


@instead_of(Specification.is_subsequent_offer_valid)
def fewer_sections_will_do(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> bool:
    """A subsequent offer may leave m-sections out at its end."""
    known = (connection.current_remote_description, connection.pending_remote_description)
    most = max((len(one.sections) for one in known if one is not None), default=0)
    missing = next((one.sections for one in known if one and len(one.sections) == most), ())
    filled = (*description.sections, *missing[len(description.sections) :])
    longer = replace(description, sections=filled)
    return Specification.is_subsequent_offer_valid(spec, connection, side, longer)


@instead_of(Specification.does_answer_fit)
def fewer_sections_fit(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> bool:
    """An answer may have fewer m-sections than its offer."""
    local, remote = connection.pending_local_description, connection.pending_remote_description
    offer = local if side is Side.REMOTE else remote
    pairs = zip(offer.sections if offer else (), description.sections, strict=False)
    return all(spec.does_section_answer(offered, answered) for offered, answered in pairs)


@instead_of(Specification.does_section_answer)
def any_kind(spec: Specification, offered: Section, answered: Section) -> bool:
    """An answered m-section may be of another kind."""
    return Specification.does_section_answer(spec, offered, replace(answered, kind=offered.kind))


@instead_of(Specification.does_section_answer)
def any_direction(spec: Specification, offered: Section, answered: Section) -> bool:
    """An answered direction need not be allowed by the offered one."""
    inactive = replace(answered, direction=Direction.INACTIVE)
    return Specification.does_section_answer(spec, offered, inactive)


@instead_of(Specification.does_section_answer)
def rejected_ones_may_come_back(spec: Specification, offered: Section, answered: Section) -> bool:
    """An answer may accept an m-section that was offered rejected."""
    accepted = replace(offered, rejected=False, direction=answered.direction.reversed)
    return Specification.does_section_answer(
        spec, accepted if offered.rejected else offered, answered
    )


@instead_of(Specification.is_type_valid)
def remote_offers_in_have_local_offer(
    spec: Specification, connection: Connection, side: Side, type: SdpType
) -> bool:
    """A remote offer is valid in "have-local-offer": there is no implicit rollback."""
    pending = connection.signaling_state is SignalingState.HAVE_LOCAL_OFFER
    if pending and side is Side.REMOTE and type is SdpType.OFFER:
        return True
    return Specification.is_type_valid(spec, connection, side, type)
