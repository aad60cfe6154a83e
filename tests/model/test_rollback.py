"""What a rollback takes back of what JSEP did to mids, where no program of the library gets to."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from negotiation.model import (
    Connection,
    Description,
    Direction,
    Kind,
    Readings,
    SdpType,
    Section,
    Side,
    Specification,
)
from negotiation.model.state import Transceiver

REJECTED = Section(Kind.AUDIO, "0", Direction.INACTIVE, rejected=True)
LIVE = Transceiver("t1", Kind.AUDIO, Direction.RECVONLY, mid="0", jsep_mid="0")
ROLLBACK = Description(SdpType.ROLLBACK)


def answered_rejecting() -> Connection:
    """A connection whose answer rejected the m-section of a transceiver, which it does not stop."""
    offered = replace(REJECTED, direction=Direction.SENDRECV, rejected=False)
    return replace(
        Specification().initial(),
        transceivers=(LIVE,),
        transceiver_count=1,
        current_local_description=Description(SdpType.ANSWER, "s2", (REJECTED,)),
        current_remote_description=Description(SdpType.OFFER, "s1", (offered,)),
    )


def recycling(mid: str = "1") -> Description:
    """An offer with another m-section where the rejected one was."""
    return Description(SdpType.OFFER, "s3", (Section(Kind.VIDEO, mid),))


def mids(connection: Connection) -> dict[str, tuple[str | None, str | None]]:
    """[[JsepMid]] and [[Mid]] of each transceiver."""
    return {one.id: (one.jsep_mid, one.mid) for one in connection.transceivers}


def after(
    spec: Specification, connection: Connection, *steps: tuple[Side, Description]
) -> Connection:
    for side, description in steps:
        connection = replace(spec.apply(connection, side, description), steps=(), tasks=())
    return connection


def test_a_recycled_section_takes_the_jsep_mid_and_no_other() -> None:
    """JSEP 5.10, item 9.1: the mid property of webrtc-pc's [[JsepMid]]; [[Mid]] still shows it."""
    recycled = after(Specification(), answered_rejecting(), (Side.REMOTE, recycling()))
    assert mids(recycled) == {"t1": (None, "0"), "t2": ("1", "1")}


@pytest.mark.parametrize(("choice", "jsep_mid"), [("default", None), ("other", "0")])
def test_the_rollback_of_an_offer_that_recycled(choice: str, jsep_mid: str | None) -> None:
    """4.6.12.3.1 speaks of transceivers that had no m-section; this one had, and has lost it."""
    spec = Specification(Readings().changed({"rollback-of-a-recycled-section": choice}))
    steps = (Side.REMOTE, recycling()), (Side.REMOTE, ROLLBACK)
    assert mids(after(spec, answered_rejecting(), *steps)) == {"t1": (jsep_mid, "0")}


NEGOTIATED = replace(
    answered_rejecting(),
    current_local_description=Description(
        SdpType.ANSWER, "s2", (replace(REJECTED, rejected=False),)
    ),
)


def test_a_section_that_the_replaced_offer_rejected_is_recycled_too() -> None:
    """JSEP 5.10, item 9.1: rejected "as if answers were applied in between" (4.4)."""
    spec = Specification()
    rejecting = Description(SdpType.OFFER, "s4", (REJECTED,))
    offered = after(spec, NEGOTIATED, (Side.REMOTE, rejecting))
    assert spec.application_error(offered, Side.REMOTE, recycling()) is None
    recycled = after(spec, offered, (Side.REMOTE, recycling()))
    assert mids(recycled) == {"t1": (None, "0"), "t2": ("1", "1")}
    # So its m-section, which is live again, has no stopped transceiver that must reject it (5.4).
    rolled_back = after(spec, recycled, (Side.REMOTE, ROLLBACK))
    assert not spec.check_if_negotiation_is_needed(rolled_back)


def test_a_replaced_offer_that_is_said_again_takes_nobody_a_mid() -> None:
    spec = Specification()
    rejecting = Description(SdpType.OFFER, "s4", (REJECTED,))
    again = after(spec, NEGOTIATED, (Side.REMOTE, rejecting), (Side.REMOTE, rejecting))
    assert mids(again) == {"t1": ("0", "0")}


def test_what_a_pending_offer_associated_again_is_disassociated_by_its_rollback() -> None:
    """4.6.12.3.1: "associated" is a matter of the mid property, [[JsepMid]], not of [[Mid]]."""
    spec = Specification()
    recycled = after(
        spec,
        answered_rejecting(),
        (Side.REMOTE, recycling()),
        (Side.LOCAL, replace(recycling(), type=SdpType.ANSWER)),
    )
    assert mids(recycled)["t1"] == (None, "0")
    offer = spec.generate_offer(recycled, ice_restart=False)
    offered = after(spec, recycled, (Side.LOCAL, offer))
    assert mids(offered)["t1"] == (offer.sections[1].mid,) * 2
    assert mids(after(spec, offered, (Side.LOCAL, ROLLBACK)))["t1"] == (None, None)


def test_what_was_associated_in_the_last_stable_state_stays_so() -> None:
    spec = Specification()
    offered = replace(REJECTED, direction=Direction.SENDRECV, rejected=False)
    answer = Description(SdpType.ANSWER, "s2", (offered,))
    before = replace(answered_rejecting(), current_local_description=answer)
    offer = spec.generate_offer(before, ice_restart=False)
    rolled_back = after(spec, before, (Side.LOCAL, offer), (Side.LOCAL, ROLLBACK))
    assert mids(rolled_back) == {"t1": ("0", "0")}


def test_the_check_asks_for_the_jsep_mid() -> None:
    """Check 5.2: associated is who has the mid property; this one has lost it, and is inactive."""
    spec = Specification()
    before = answered_rejecting()
    quiet = before.updated(replace(LIVE, direction=Direction.INACTIVE))
    assert not spec.check_if_negotiation_is_needed(quiet)
    rolled_back = after(spec, quiet, (Side.REMOTE, recycling()), (Side.REMOTE, ROLLBACK))
    assert mids(rolled_back) == {"t1": (None, "0")}
    assert spec.check_if_negotiation_is_needed(rolled_back)


def test_a_live_transceiver_whose_section_was_recycled_keeps_it_at_the_end() -> None:
    """The other reading of JSEP 5.2.2: the answer to such an offer takes no mid away."""
    readings = Readings().changed({"rejected-section-of-a-live-transceiver": "other"})
    spec = Specification(readings)
    new = Transceiver("t2", Kind.VIDEO, Direction.SENDRECV)
    before = replace(answered_rejecting(), transceivers=(LIVE, new), transceiver_count=2)
    offer = spec.generate_offer(before, ice_restart=False)
    answer = replace(offer, type=SdpType.ANSWER)
    answered = after(spec, before, (Side.LOCAL, offer), (Side.REMOTE, answer))
    assert mids(answered) == {"t1": ("0", "0"), "t2": (offer.sections[0].mid,) * 2}
