"""What an offer has to say where the library's programs, which the model runs, cannot ask."""

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
    SignalingState,
    Specification,
)
from negotiation.model.binding import differences, is_taken
from negotiation.model.description import is_fresh
from negotiation.model.state import Transceiver

AUDIO = Section(Kind.AUDIO, "0")
NEW = Transceiver("t2", Kind.VIDEO, Direction.SENDRECV)


def negotiated(*remote: Section, transceivers: tuple[Transceiver, ...] = ()) -> Connection:
    """A connection that offered audio, with what the answer said of it."""
    return replace(
        Specification().initial(),
        transceivers=transceivers,
        current_local_description=Description(SdpType.OFFER, "s1", (AUDIO,), frozenset({"old"})),
        current_remote_description=Description(SdpType.ANSWER, "s2", remote, frozenset({"far"})),
    )


def offered(connection: Connection, readings: Readings | None = None) -> Description:
    return Specification(readings).generate_offer(connection, ice_restart=False)


@pytest.mark.parametrize("name", ["old", "new"])
def test_credentials_of_a_recycled_section_are_free(name: str) -> None:
    """JSEP 5.2.2: it is generated as if it were added; no m-section is left that must keep them."""
    rejected = replace(AUDIO, rejected=True)
    connection = negotiated(rejected, transceivers=(NEW,))
    offer = offered(connection)
    observed = replace(offer, ice=frozenset({name}))
    assert [one.kind for one in offer.sections] == [Kind.VIDEO]
    assert not {"old", "far"} & offer.ice
    assert not is_taken(connection, offer, observed)


def test_credentials_of_a_section_that_goes_on_are_kept() -> None:
    going_on = Transceiver("t1", Kind.AUDIO, Direction.SENDRECV, mid="0", jsep_mid="0")
    offer = offered(negotiated(AUDIO, transceivers=(going_on, NEW)))
    assert "old" in offer.ice


@pytest.mark.parametrize(
    ("choice", "is_needed", "sections"),
    [("default", False, [(True, "1"), (False, None)]), ("other", True, [(False, "1")])],
)
def test_a_rejected_section_for_data(
    choice: str, is_needed: bool, sections: list[tuple[bool, str | None]]
) -> None:
    """The text is silent on both: whether it counts, and whether its slot is used again."""
    readings = Readings().changed({"rejected-data-section": choice})
    data = Section(Kind.APPLICATION, "1", rejected=True)
    answer = Description(SdpType.ANSWER, "s1", (data,), frozenset({"old"}))
    connection = replace(Specification().initial(), channels=1, current_local_description=answer)
    specification = Specification(readings)
    offer = offered(connection, readings)
    assert specification.check_if_negotiation_is_needed(connection) is is_needed
    assert [(one.rejected, one.mid) for one in offer.sections[:1]] == sections[:1]
    assert len(offer.sections) == len(sections)


GOING_ON = Transceiver("t1", Kind.AUDIO, Direction.SENDRECV, mid="0", jsep_mid="0")


@pytest.mark.parametrize(
    ("created", "to_replace", "still"),
    [
        ({"old"}, set(), True),
        ({"new"}, set(), True),  # made with iceRestart: nothing has changed since
        ({"old"}, {"old"}, False),  # restartIce() was called since
        ({"new"}, {"old"}, True),
    ],
)
def test_a_created_offer_with_a_restart_represents_the_state(
    created: set[str], to_replace: set[str], still: bool
) -> None:
    """setLocalDescription 4.4.2: no option is a part of the state that an offer represents."""
    connection = negotiated(AUDIO, transceivers=(GOING_ON,))
    offer = replace(offered(connection), sdp="s3", ice=frozenset(created))
    changed = replace(connection, local_ice_credentials_to_replace=frozenset(to_replace))
    represents = Specification().represents_the_state
    assert represents(changed, SdpType.OFFER, offer) is still
    more = replace(changed, transceivers=(GOING_ON, NEW))
    assert not represents(more, SdpType.OFFER, offer)


@pytest.mark.parametrize(
    ("pending", "to_replace", "still"),
    [
        ("new", {"old"}, True),  # the pending offer has replaced them already
        ("new", {"old", "new"}, False),  # restartIce() was called once more
        ("new", set(), True),
    ],
)
def test_a_pending_offer_that_replaces_the_credentials_represents_the_state(
    pending: str, to_replace: set[str], still: bool
) -> None:
    """#dom-rtcofferoptions-icerestart: they have to differ from the current ones, once."""
    offer = replace(
        offered(negotiated(AUDIO, transceivers=(GOING_ON,))), sdp="s3", ice=frozenset({pending})
    )
    connection = replace(
        negotiated(AUDIO, transceivers=(GOING_ON,)),
        signaling_state=SignalingState.HAVE_LOCAL_OFFER,
        pending_local_description=offer,
        local_ice_credentials_to_replace=frozenset(to_replace),
    )
    represents = Specification().represents_the_state
    assert represents(connection, SdpType.OFFER, offer) is still


@pytest.mark.parametrize(
    ("streams", "still"), [(("s1", "s2"), True), (("s2", "s1"), True), (("s1",), False)]
)
def test_streams_in_another_order_are_the_same(streams: tuple[str, ...], still: bool) -> None:
    """[[AssociatedMediaStreamIds]] is a set: nothing else is told in the state, or negotiated."""
    sending = replace(GOING_ON, streams=("s1", "s2"))
    connection = negotiated(AUDIO, transceivers=(sending,))
    offer = replace(offered(connection), sdp="s3", ice=frozenset({"old"}))
    changed = replace(connection, transceivers=(replace(sending, streams=streams),))
    assert Specification().represents_the_state(changed, SdpType.OFFER, offer) is still


@pytest.mark.parametrize(("credentials", "still"), [("old", True), ("new", False)])
def test_an_answer_restarts_only_where_its_offer_does(credentials: str, still: bool) -> None:
    offer = Description(SdpType.OFFER, "s4", (AUDIO,), frozenset({"far"}))
    connection = replace(
        negotiated(AUDIO, transceivers=(GOING_ON,)),
        signaling_state=SignalingState.HAVE_REMOTE_OFFER,
        pending_remote_description=offer,
    )
    specification = Specification()
    answer = specification.generate_answer(connection)
    created = replace(answer, sdp="s5", ice=frozenset({credentials}))
    assert specification.represents_the_state(connection, SdpType.ANSWER, created) is still


def test_an_answer_whose_going_on_section_was_rejected_may_keep_the_credentials() -> None:
    """The transport may go on with what is bundled, although nothing says that it must."""
    rejected = replace(AUDIO, rejected=True)
    offer = Description(SdpType.OFFER, "s4", (rejected, Section(Kind.VIDEO, "1")))
    connection = replace(
        negotiated(AUDIO, transceivers=(replace(NEW, mid="1", jsep_mid="1"),)),
        signaling_state=SignalingState.HAVE_REMOTE_OFFER,
        pending_remote_description=offer,
    )
    specification = Specification()
    answer = specification.generate_answer(connection)
    created = replace(answer, sdp="s5", ice=frozenset({"old"}))
    assert specification.represents_the_state(connection, SdpType.ANSWER, created)


def test_an_answer_that_was_set_provisionally_has_restarted_already() -> None:
    offer = Description(SdpType.OFFER, "s4", (AUDIO,), frozenset({"far again"}))
    connection = replace(
        negotiated(AUDIO, transceivers=(GOING_ON,)),
        signaling_state=SignalingState.HAVE_LOCAL_PRANSWER,
        pending_remote_description=offer,
    )
    specification = Specification()
    answer = specification.generate_answer(connection)
    created = replace(answer, sdp="s5", ice=frozenset({"new"}))
    provisional = replace(created, type=SdpType.PRANSWER)
    connection = replace(connection, pending_local_description=provisional)
    assert specification.represents_the_state(connection, SdpType.ANSWER, created)


@pytest.mark.parametrize(
    ("choice", "kept", "msids"),
    [
        ("default", ("first",), ("second",)),
        ("other", ("first",), ("first",)),
        ("other", (), ("second",)),  # none is told yet: as for an initial description
    ],
)
def test_streams_that_were_told_stay_in_offers_and_in_answers(
    choice: str, kept: tuple[str, ...], msids: tuple[str, ...]
) -> None:
    """JSEP 5.2.2 and 5.3.2, read literally: what setStreams changes later is never told."""
    readings = Readings().changed({"streams-after-negotiation": choice})
    told = Description(SdpType.OFFER, "s1", (replace(AUDIO, msids=kept),), frozenset({"old"}))
    connection = replace(
        negotiated(AUDIO, transceivers=(replace(GOING_ON, streams=("second",)),)),
        current_local_description=told,
        pending_remote_description=Description(SdpType.OFFER, "s4", (AUDIO,), frozenset({"far"})),
    )
    answer = Specification(readings).generate_answer(connection)
    for created in (offered(connection, readings), answer):
        assert [one.msids for one in created.sections] == [msids]


@pytest.mark.parametrize(
    ("first", "choice", "sections"),
    [
        # 5.2.2, item 3: the port is zero, and whose section it was has been stopped (for an offer).
        (replace(GOING_ON, stopping=True), "default", [("t2", None)]),
        (replace(GOING_ON, stopping=True), "other", [("t2", None)]),
        # Only JSEP has it that its transceiver is stopped as well; webrtc-pc leaves it alone.
        (GOING_ON, "default", [("t1", "0"), ("t2", None)]),
        (GOING_ON, "other", [("t2", None), ("t1", "0")]),
    ],
)
def test_a_section_that_a_local_answer_rejected_in_the_next_offer(
    first: Transceiver, choice: str, sections: list[tuple[str, str | None]]
) -> None:
    readings = Readings().changed({"rejected-section-of-a-live-transceiver": choice})
    rejected = replace(AUDIO, direction=Direction.INACTIVE, rejected=True)
    answered = replace(
        negotiated(AUDIO, transceivers=(first, NEW)),
        current_local_description=Description(SdpType.ANSWER, "s1", (rejected,)),
    )
    offer = offered(answered, readings)
    assert not any(one.rejected for one in offer.sections)
    told = [(one.transceiver, None if is_fresh(one.mid) else one.mid) for one in offer.sections]
    assert told == sections


@pytest.mark.parametrize("choice", ["default", "other"])
def test_a_section_that_a_local_answer_rejected_is_offered_again_where_nothing_was_added(
    choice: str,
) -> None:
    """5.2.2: only an added transceiver recycles; that of the m-section "re-enables" it."""
    readings = Readings().changed({"rejected-section-of-a-live-transceiver": choice})
    rejected = replace(AUDIO, direction=Direction.INACTIVE, rejected=True)
    answered = replace(
        negotiated(AUDIO, transceivers=(GOING_ON,)),
        current_local_description=Description(SdpType.ANSWER, "s1", (rejected,)),
    )
    sections = offered(answered, readings).sections
    assert [(one.mid, one.rejected) for one in sections] == [("0", False)]


def test_a_stopping_transceiver_keeps_its_section_until_an_answer_rejected_it() -> None:
    """5.2.2, item 5: it is told with a zero port first; item 3 is of a current description."""
    stopping = replace(GOING_ON, stopping=True)
    sections = offered(negotiated(AUDIO, transceivers=(stopping, NEW))).sections
    assert [(one.transceiver, one.rejected) for one in sections] == [("t1", True), ("t2", False)]


@pytest.mark.parametrize(("name", "taken"), [("old", True), ("pending", False), ("new", False)])
@pytest.mark.parametrize("to_replace", [set(), {"old"}, {"old", "pending"}])
def test_a_restart_has_other_credentials_than_the_current_ones(
    name: str, taken: bool, to_replace: set[str]
) -> None:
    """iceRestart: other than those "visible in the currentLocalDescription attribute's SDP"."""
    before = replace(
        negotiated(AUDIO, transceivers=(GOING_ON,)),
        signaling_state=SignalingState.HAVE_LOCAL_OFFER,
        pending_local_description=Description(
            SdpType.OFFER, "s3", (AUDIO,), frozenset({"pending"})
        ),
        local_ice_credentials_to_replace=frozenset(to_replace),
    )
    offer = Specification().generate_offer(before, ice_restart=True)
    assert is_taken(before, offer, replace(offer, ice=frozenset({name}))) is taken


def test_sdp_has_no_word_for_stopped() -> None:
    """addTransceiver takes the direction "stopped" (no step refuses it); JSEP 5.2.1 tells it."""
    spec = Specification()
    odd = replace(GOING_ON, direction=Direction.STOPPED)
    offer = spec.generate_offer(negotiated(AUDIO, transceivers=(odd,)), ice_restart=False)
    (section,) = offer.sections
    assert (section.direction, section.rejected) == (Direction.INACTIVE, False)
    for theirs in Direction:
        observed = replace(offer, sections=(replace(section, direction=theirs),))
        assert bool(differences(offer, observed)) is (theirs is not Direction.INACTIVE)
    answered = replace(
        negotiated(replace(section), transceivers=(odd,)), current_local_description=offer
    )
    assert spec.check_if_negotiation_is_needed(answered)


@pytest.mark.parametrize(
    ("replaced", "free"),
    [
        ("far again", True),  # "the previous remote description" is this one, or the current one
        ("far", False),
    ],
)
def test_an_answer_may_restart_for_an_offer_that_was_replaced(replaced: str, free: bool) -> None:
    specification = Specification()
    connection = negotiated(AUDIO, transceivers=(GOING_ON,))
    for name, credentials in (("s4", replaced), ("s5", "far")):
        offer = Description(SdpType.OFFER, name, (AUDIO,), frozenset({credentials}))
        connection = specification.set_description_slots(connection, Side.REMOTE, offer)
    answers = specification.generate_answers(connection)
    restarted = replace(answers[0], ice=frozenset({"new"}))
    kept = replace(answers[0], ice=frozenset({"old"}))
    assert [bool(differences(one, kept)) for one in answers] == [False, True][: 1 + free]
    assert any(not differences(one, restarted) for one in answers) is free
    answered = specification.set_description_slots(connection, Side.LOCAL, restarted)
    assert not answered.replaced_offer_restarts_ice
    assert not specification.forget_pending(connection, Side.REMOTE).replaced_offer_restarts_ice


@pytest.mark.parametrize("created", [0, 1])
def test_data_that_the_answer_rejected_is_not_offered_in_its_section(created: int) -> None:
    """As with media: a section that is rejected in either current description stays so."""
    data = Section(Kind.APPLICATION, "1")
    going_on = Transceiver("t1", Kind.AUDIO, Direction.SENDRECV, mid="0", jsep_mid="0")
    connection = negotiated(AUDIO, replace(data, rejected=True), transceivers=(going_on,))
    local = Description(SdpType.OFFER, "s1", (AUDIO, data), frozenset({"old"}))
    connection = replace(connection, current_local_description=local, channels=created)
    offer = offered(connection)
    assert [one.rejected for one in offer.sections] == [False, True, *[False] * created]
    other = offered(connection, Readings().changed({"rejected-data-section": "other"}))
    assert [one.rejected for one in other.sections] == [False, not created]
