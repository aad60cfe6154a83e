"""Whether a description may be applied, and which error says that it may not."""

from __future__ import annotations

from collections.abc import Iterable

from .description import Description, Section
from .enums import SdpType, Side
from .offers import Offers
from .source import guard, value
from .state import Connection

FAILURES = "#set-description"
SEMANTICS = "jsep:5.8.3"


class Validity(Offers):
    """The rules by which "the process to apply description" fails, in the text's order."""

    @value(FAILURES, "4.5")
    def application_error(
        self, connection: Connection, side: Side, description: Description
    ) -> str | None:
        """The name of the error that applying this description ends with, or None."""
        if not self.is_type_valid(connection, side, description.type):
            return "InvalidStateError"
        if description.type is SdpType.ROLLBACK:
            return None
        if self.is_syntax_invalid(description):
            return "OperationError"
        if self.is_content_invalid(connection, side, description):
            return "InvalidAccessError"
        return None

    @guard(FAILURES, "4.5.2")
    def is_type_valid(self, connection: Connection, side: Side, type: SdpType) -> bool:
        """The description's type is valid in the current signaling state."""
        return self.next_signaling_state(connection.signaling_state, side, type) is not None

    @guard(FAILURES, "4.5.3")
    def is_syntax_invalid(self, description: Description) -> bool:
        """The content is not valid SDP syntax (an RTCError, whose name is OperationError)."""
        return description.problem in ("empty", "syntax")

    @guard(FAILURES, "4.5.4, 4.5.5, 4.5.6")
    def is_content_invalid(
        self, connection: Connection, side: Side, description: Description
    ) -> bool:
        """RTCP mux is missing, RIDs changed, or the content is invalid (here or for its offer)."""
        if description.problem not in (None, "odd"):
            return True
        if description.type is SdpType.OFFER:
            return not self.is_subsequent_offer_valid(connection, side, description)
        return not self.does_answer_fit(connection, side, description)

    @guard("#set-description", "4.4")
    def is_subsequent_offer_valid(
        self, connection: Connection, side: Side, description: Description
    ) -> bool:
        """An offer keeps the m-sections there are; only a rejected one may become another.

        Back-to-back remote offers are compared as if an answer had been applied in between: with
        the pending one alone, which may use again what a current description rejects.
        """
        known = [connection.current_local_description, connection.current_remote_description]
        if side is Side.REMOTE and connection.pending_remote_description is not None:
            known = [connection.pending_remote_description]
        return all(
            is_subsequent(before.sections, description.sections, rejected_in(known))
            for before in known
            if before is not None
        )

    @guard(SEMANTICS, "6")
    def does_answer_fit(self, connection: Connection, side: Side, description: Description) -> bool:
        """An answer has the offer's m-sections, with directions that the offered ones allow."""
        local = connection.pending_local_description
        remote = connection.pending_remote_description
        offer = local if side is Side.REMOTE else remote
        if offer is None or len(offer.sections) != len(description.sections):
            return False
        pairs = zip(offer.sections, description.sections, strict=True)
        return all(self.does_section_answer(offered, answered) for offered, answered in pairs)

    @guard(SEMANTICS, "6, 7")
    def does_section_answer(self, offered: Section, answered: Section) -> bool:
        """An answered m-section is of the offered kind, and accepts no more than was offered."""
        if answered.kind is not offered.kind or answered.mid != offered.mid:
            return False
        if answered.rejected or offered.kind.value == "application":
            return answered.rejected or not offered.rejected
        allowed = offered.direction.reversed & answered.direction
        return not offered.rejected and allowed is answered.direction


def rejected_in(descriptions: Iterable[Description | None]) -> frozenset[str]:
    """The mids of the m-sections that any of the descriptions rejects."""
    present = (one for one in descriptions if one is not None)
    return frozenset(one.mid for each in present for one in each.sections if one.rejected)


def is_subsequent(
    before: tuple[Section, ...], after: tuple[Section, ...], free: frozenset[str]
) -> bool:
    """Whether `after` keeps the m-sections of `before`, but for those whose mid is free."""
    if len(after) < len(before):
        return False
    return all(
        old.mid in free or (new.mid == old.mid and new.kind is old.kind)
        for old, new in zip(before, after[: len(before)], strict=True)
    )
