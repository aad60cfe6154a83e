"""Creating offers and answers by JSEP's rules."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from .data_channels import DataChannels
from .description import Description, Section, is_fresh
from .enums import Direction, Kind, SdpType, SignalingState
from .source import guard, value
from .state import Connection, Transceiver, replace

SUBSEQUENT_OFFERS = "jsep:5.2.2"
ANSWERS = "jsep:5.3.1"
MAKE_OFFER = "#dfn-final-steps-to-create-an-offer"
MAKE_ANSWER = "#dfn-final-steps-to-create-an-answer"


class FreshNames:
    """Names that a state does not hold yet: "?mid0", "?mid1", "?sdp0", ..."""

    def __init__(self, connection: Connection) -> None:
        self._taken = set(connection.fresh_names())

    def take(self, prefix: str) -> str:
        """The first free name with this prefix."""
        name = next(name for n in count() if (name := f"?{prefix}{n}") not in self._taken)
        self._taken.add(name)
        return name


class Offers(DataChannels):
    """The rules of creating descriptions."""

    @value(MAKE_OFFER, "3")
    def generate_offer(self, connection: Connection, *, ice_restart: bool) -> Description:
        """An offer that describes the connection as it is now."""
        names = FreshNames(connection)
        sections = self.offered_sections(connection, names)
        restart = self.does_offer_restart_ice(connection, ice_restart=ice_restart)
        ice = self.offered_credentials(connection, sections, names, restart=restart)
        return Description(
            type=SdpType.OFFER,
            sdp=names.take("sdp"),
            sections=sections,
            ice=ice,
            bundle=self.offered_bundle(connection, sections),
            replaced=replaced_credentials(connection, sections) - ice if restart else frozenset(),
        )

    def offered_bundle(
        self, connection: Connection, sections: tuple[Section, ...]
    ) -> tuple[str, ...]:
        """The BUNDLE group: what the most recent answer bundled, and all that is new since."""
        local, remote = connection.current_local_description, connection.current_remote_description
        answer = local if local is not None and local.type is SdpType.ANSWER else remote
        known = answer.sections if answer else ()
        apart = {one.mid for one in known if not one.rejected} - set(
            answer.bundle if answer else ()
        )
        return tuple(one.mid for one in sections if not one.rejected and one.mid not in apart)

    def offered_sections(self, connection: Connection, names: FreshNames) -> tuple[Section, ...]:
        """The sections so far, then those of new transceivers, then a new one for data."""
        new = iter(self.transceivers_to_add(connection))
        so_far = self.sections_so_far(connection)
        sections = [self.offered_again(connection, old, new, names) for old in so_far]
        sections += self.displaced_sections(connection, so_far, sections)
        sections += [self.offered_section(one, names.take("mid")) for one in new]
        if self.must_add_data_section(connection, sections):
            sections.append(Section(Kind.APPLICATION, names.take("mid")))
        return tuple(sections)

    @value(SUBSEQUENT_OFFERS, "8")
    def sections_so_far(self, connection: Connection) -> tuple[Section, ...]:
        """The m-sections whose order an offer has to keep."""
        if connection.signaling_state is SignalingState.HAVE_LOCAL_OFFER:
            description = connection.pending_local_description
        else:
            description = connection.current_local_description
        return description.sections if description else ()

    @value(SUBSEQUENT_OFFERS, "4")
    def transceivers_to_add(self, connection: Connection) -> tuple[Transceiver, ...]:
        """Those without an m-section, in order; one that stops before it had any never gets one."""
        return tuple(
            one
            for one in connection.transceivers
            if one.jsep_mid is None and not self.is_stopped_for_an_offer(one)
        )

    @guard("#dom-rtcpeerconnection-createoffer")
    def is_stopped_for_an_offer(self, transceiver: Transceiver) -> bool:
        """A stopping transceiver is treated as stopped in createOffer (and only there)."""
        return transceiver.stopped or transceiver.stopping

    def offered_again(
        self,
        connection: Connection,
        old: Section,
        new: Iterator[Transceiver],
        names: FreshNames,
    ) -> Section:
        """What becomes of an m-section in the next offer: kept, rejected or recycled."""
        if old.kind is Kind.APPLICATION and self._goes_on_for_data(connection, old):
            return Section(old.kind, old.mid)
        transceiver = connection.with_mid(old.mid)
        live = transceiver is not None and not self.is_stopped_for_an_offer(transceiver)
        if self.may_be_recycled(live=live) and self.is_recyclable(connection, old):
            added = next(new, None)
            if added is not None:
                return self.offered_section(added, names.take("mid"))
        if transceiver is not None and live:
            return self.offered_section(transceiver, old.mid, self._kept_msids(connection, old.mid))
        return _rejected(old, transceiver)

    @guard(SUBSEQUENT_OFFERS, "3, 5")
    def may_be_recycled(self, *, live: bool) -> bool:
        """A transceiver that is not stopped keeps its m-section (an interpretation)."""
        return not live or self.insists_on_other("rejected-section-of-a-live-transceiver")

    def displaced_sections(
        self, connection: Connection, so_far: tuple[Section, ...], sections: list[Section]
    ) -> list[Section]:
        """The m-sections of live transceivers, with their mids, whose own ones were recycled."""
        gone = {one.mid for one in so_far} - {one.mid for one in sections}
        return [
            self.offered_section(one, mid, self._kept_msids(connection, mid))
            for one in connection.transceivers
            if (mid := one.jsep_mid) in gone and mid and not self.is_stopped_for_an_offer(one)
        ]

    @guard(SUBSEQUENT_OFFERS, "3")
    def is_recyclable(self, connection: Connection, old: Section) -> bool:
        """An m-section with a zero port in a current description is used for a new transceiver."""
        current = (connection.current_local_description, connection.current_remote_description)
        found = [one.section(old.mid) for one in current if one is not None]
        return any(section is not None and section.rejected for section in found)

    @value("jsep:5.2.1", "13, 14, 22, 22.1")
    def offered_section(
        self, transceiver: Transceiver, mid: str, kept: tuple[str, ...] = ()
    ) -> Section:
        """The m-section of a transceiver: its direction, and its streams where it sends."""
        msids = kept or transceiver.streams
        return Section(
            kind=transceiver.kind,
            mid=mid,
            direction=self.written_direction(transceiver.direction),
            msids=msids if transceiver.direction.sends else (),
            transceiver=transceiver.id,
        )

    @value("jsep:5.2.1", "14")
    def written_direction(self, direction: Direction) -> Direction:
        """The direction as SDP can say it: "stopped", which addTransceiver takes, is none of these.

        No m-section ever matches such a transceiver, which needs negotiation for ever.
        """
        return Direction.INACTIVE if direction is Direction.STOPPED else direction

    def _goes_on_for_data(self, connection: Connection, old: Section) -> bool:
        """The data section is in use; or, in the other reading, a data channel needs its slot."""
        if self.insists_on_other("rejected-data-section") and connection.channels > 0:
            return True
        return not old.rejected and not self.is_recyclable(connection, old)

    def _kept_msids(self, connection: Connection, mid: str) -> tuple[str, ...]:
        """The msids that stay in offers and answers, in the other reading."""
        if not self.insists_on_other("streams-after-negotiation"):
            return ()
        description = connection.current_local_description
        section = description.section(mid) if description else None
        return section.msids if section else ()

    @guard("jsep:5.2.1")
    def must_add_data_section(self, connection: Connection, sections: list[Section]) -> bool:
        """A data channel was created and no section is for data."""
        return connection.channels > 0 and not any(
            section.kind is Kind.APPLICATION and not section.rejected for section in sections
        )

    @guard("#dom-rtcofferoptions-icerestart")
    def does_offer_restart_ice(self, connection: Connection, *, ice_restart: bool) -> bool:
        """The iceRestart option, or credentials to replace, ask for new credentials."""
        return ice_restart or bool(connection.local_ice_credentials_to_replace)

    def offered_credentials(
        self,
        connection: Connection,
        sections: tuple[Section, ...],
        names: FreshNames,
        *,
        restart: bool,
    ) -> frozenset[str]:
        """Those of a local description; none are named where the ICE configuration has changed.

        They may be either then: JSEP (3.5.1) asks for new ones, the option iceRestart for the same.
        """
        if connection.ice_configuration_changed and not restart:
            return frozenset()
        return self.local_credentials(connection, sections, names, restart=restart)

    @value("jsep:5.2.2", "9")
    def local_credentials(
        self,
        connection: Connection,
        sections: tuple[Section, ...],
        names: FreshNames,
        *,
        restart: bool,
    ) -> frozenset[str]:
        """The credentials so far, and new ones for new sections; a restart keeps none of them.

        Sections that were rejected or recycled do not keep theirs. None are named where they may be
        either: only sections go on that had none of their own.
        """
        if all(section.rejected for section in sections):
            return frozenset()
        local = (connection.current_local_description, connection.pending_local_description)
        going_on = [one for one in local if one is not None and one.goes_on_in(sections)]
        kept = [] if restart else [one.credentials_going_on(sections) for one in going_on]
        if any(one.ice for one in going_on) and kept and not any(kept):
            return frozenset()
        return frozenset().union(*kept, {names.take("ice")})

    @value(MAKE_ANSWER, "3")
    def generate_answer(self, connection: Connection) -> Description:
        """An answer to the pending remote offer that describes the connection as it is now."""
        offer = connection.pending_remote_description
        names = FreshNames(connection)
        offered = offer.sections if offer else ()
        sections = tuple(self.answered_section(connection, section) for section in offered)
        restart = self.does_remote_offer_restart_ice(connection)
        ice = self.answered_credentials(connection, sections, names)
        return Description(
            type=SdpType.ANSWER,
            sdp=names.take("sdp"),
            sections=sections,
            ice=ice,
            bundle=tuple(
                section.mid
                for section in sections
                if offer and section.mid in offer.bundle and not section.rejected
            ),
            replaced=replaced_credentials(connection, sections) - ice if restart else frozenset(),
        )

    def generate_answers(self, connection: Connection) -> tuple[Description, ...]:
        """The answers that may be generated: they differ in their ICE credentials alone."""
        answer = self.generate_answer(connection)
        if self.may_answer_restart_ice(connection):
            new = frozenset(name for name in answer.ice if is_fresh(name))
            replaced = replaced_credentials(connection, answer.sections)
            return answer, replace(answer, ice=new, replaced=replaced)
        provisional = self.provisional_credentials(connection)
        if provisional:
            others = frozenset(name for name in provisional if not is_fresh(name))
            new_again = replace(answer, replaced=answer.replaced | others)
            return new_again, replace(answer, ice=provisional)
        return (answer,)

    @guard("jsep:5.10", "4, 4.1")
    def may_answer_restart_ice(self, connection: Connection) -> bool:
        """The offer restarts ICE if "the previous remote description" is the one it replaced."""
        restarts = self.does_remote_offer_restart_ice(connection)
        return connection.replaced_offer_restarts_ice and not restarts

    @value("jsep:5.3.2", "4")
    def provisional_credentials(self, connection: Connection) -> frozenset[str]:
        """Those that a provisional answer restarted ICE with: they stay, or are new once more."""
        provisional = connection.pending_local_description
        if provisional is None or not self.does_remote_offer_restart_ice(connection):
            return frozenset()
        return provisional.ice

    @value(ANSWERS, "11, 20, 20.1")
    def answered_section(self, connection: Connection, offered: Section) -> Section:
        """The m-section that answers an offered one."""
        transceiver = connection.with_mid(offered.mid)
        if offered.kind is Kind.APPLICATION and not offered.rejected:
            return Section(offered.kind, offered.mid)
        if self.must_answer_rejected(offered, transceiver) or transceiver is None:
            return _rejected(offered, transceiver)
        direction = self.answered_direction(offered, transceiver)
        msids = self._kept_msids(connection, offered.mid) or transceiver.streams
        return Section(
            kind=offered.kind,
            mid=offered.mid,
            direction=direction,
            msids=msids if direction.sends else (),
            transceiver=transceiver.id,
        )

    @guard(ANSWERS, "1")
    def must_answer_rejected(self, offered: Section, transceiver: Transceiver | None) -> bool:
        """The section was offered rejected, or its transceiver has been stopped."""
        return offered.rejected or transceiver is None or transceiver.stopped

    @value(ANSWERS, "12")
    def answered_direction(self, offered: Section, transceiver: Transceiver) -> Direction:
        """The offered direction, reversed, intersected with the transceiver's."""
        return offered.direction.reversed & transceiver.direction

    @value("jsep:5.3.2", "4")
    def answered_credentials(
        self, connection: Connection, sections: tuple[Section, ...], names: FreshNames
    ) -> frozenset[str]:
        """The credentials so far, unless the remote offer restarts ICE."""
        restart = self.does_remote_offer_restart_ice(connection)
        return self.local_credentials(connection, sections, names, restart=restart)

    @guard("jsep:5.10", "4, 4.1")
    def does_remote_offer_restart_ice(self, connection: Connection) -> bool:
        """None of the remote side's credentials are those of the current remote description."""
        current, pending = connection.current_remote_description, connection.remote_description
        if current is None or pending is None or not current.ice or not pending.ice:
            return False
        return not current.ice & pending.ice

    def do_credentials_fit(
        self, connection: Connection, new: Description, created: Description
    ) -> bool:
        """What was created keeps the ICE credentials that a new description would have to keep.

        Unless they are to be replaced: then it has none of them. The iceRestart option of
        createOffer() is no part of the connection's state, which an offer with new credentials
        represents as well as before. What is pending may have replaced them already, as an offer,
        or as a provisional answer: nothing asks it to do so again.
        """
        current = connection.current_local_description
        pending = connection.pending_local_description
        used = [one.ice for one in (current, pending) if one is not None]
        kept = created.ice & frozenset[str]().union(*used)
        if new.type is SdpType.OFFER:
            if connection.local_ice_credentials_to_replace:
                return not created.ice & connection.local_ice_credentials_to_replace
            return not kept or any(new.ice & ice <= created.ice for ice in used)
        if pending is not None and pending.ice == created.ice:
            return True
        if self.does_remote_offer_restart_ice(connection):
            return not kept
        return new.ice & frozenset[str]().union(*used) <= created.ice


def replaced_credentials(connection: Connection, sections: tuple[Section, ...]) -> frozenset[str]:
    """The known ones "visible in currentLocalDescription", where it goes on in these m-sections."""
    current = connection.current_local_description
    if current is None or not current.goes_on_in(sections):
        return frozenset()
    return frozenset(name for name in current.ice if not is_fresh(name))


def _rejected(old: Section, transceiver: Transceiver | None) -> Section:
    return Section(
        kind=old.kind,
        mid=old.mid,
        direction=Direction.INACTIVE,
        rejected=True,
        transceiver=transceiver.id if transceiver else None,
    )
