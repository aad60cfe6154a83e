"""Which ICE credentials a description has, and what becomes of those that are to be replaced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from negotiation.model import (
    Arguments,
    Call,
    Configuration,
    Connection,
    Description,
    Direction,
    IceServer,
    Kind,
    SdpType,
    Section,
    Side,
    SignalingState,
    Specification,
)
from negotiation.model.binding import bind
from negotiation.model.state import Transceiver

AUDIO = Section(Kind.AUDIO, "0")
VIDEO = Section(Kind.VIDEO, "1")
LIVE = Transceiver("t1", Kind.AUDIO, Direction.SENDRECV, mid="0", jsep_mid="0")
OTHER = Transceiver("t2", Kind.VIDEO, Direction.SENDRECV, mid="1", jsep_mid="1")
OTHER_SERVERS = Configuration(ice_servers=(IceServer(urls=("stun:example.org",)),))


def described(type: SdpType, ice: str, *sections: Section) -> Description:
    return Description(type, f"text with {ice}", sections or (AUDIO,), frozenset({ice}))


def negotiated() -> Connection:
    return replace(
        Specification().initial(),
        transceivers=(LIVE,),
        current_local_description=described(SdpType.OFFER, "ours"),
        current_remote_description=described(SdpType.ANSWER, "theirs"),
    )


def offered(ice: str) -> Connection:
    """In have-remote-offer, with these credentials."""
    return Specification().set_description_slots(
        negotiated(), Side.REMOTE, described(SdpType.OFFER, ice)
    )


def called(connection: Connection, method: str, **arguments: object) -> Connection:
    call = Call(9, method, Arguments(**arguments))  # type: ignore[arg-type]
    (after,) = Specification().perform(connection, call)
    return replace(after, outcome=None)


def seen(connection: Connection, ice: str) -> Iterator[tuple[Description, frozenset[str]]]:
    """The answers that are allowed to have these credentials, and what is to be replaced after
    each: it is seen only once it was applied.
    """
    for answer in Specification().generate_answers(connection):
        applied = Specification().set_description_slots(connection, Side.LOCAL, answer)
        observed = replace(answer, sdp="seen", ice=frozenset({ice}))
        bound = bind(applied, answer, observed)
        if bound is not None:
            yield answer, bound.local_ice_credentials_to_replace


@pytest.mark.parametrize(("ice", "left"), [("new", {"ours", "new"}), ("newer", set())])
def test_an_answer_may_keep_what_its_provisional_answer_restarted_with(
    ice: str, left: set[str]
) -> None:
    """JSEP 5.3.2: they stay, and they are new as ICE restarts: the text has both.

    What restartIce() asks to replace is what counts then (#set-description 4.6.5.2).
    """
    provisional = described(SdpType.PRANSWER, "new")
    connection = Specification().set_description_slots(
        offered("theirs again"), Side.LOCAL, provisional
    )
    restarted = called(connection, "restartIce")
    assert restarted.local_ice_credentials_to_replace == {"ours", "new"}
    assert [to_replace for _, to_replace in seen(restarted, ice)] == [left]
    assert [*seen(restarted, "ours")] == []


@pytest.mark.parametrize(("ice", "left"), [("ours", {"ours"}), ("new", set())])
def test_an_answer_to_an_offer_that_replaced_a_restart(ice: str, left: set[str]) -> None:
    again = described(SdpType.OFFER, "theirs")
    connection = Specification().set_description_slots(offered("theirs again"), Side.REMOTE, again)
    restarted = called(connection, "restartIce")
    assert [to_replace for _, to_replace in seen(restarted, ice)] == [left]


def test_answers_keep_the_credentials_whatever_the_servers_are() -> None:
    """JSEP 3.5.1: it is createOffer that makes new ones when the ICE configuration changed."""
    connection = called(offered("theirs"), "setConfiguration", configuration=OTHER_SERVERS)
    restarted = called(connection, "restartIce")
    assert [to_replace for _, to_replace in seen(restarted, "ours")] == [{"ours"}]
    assert [*seen(restarted, "new")] == []


@pytest.mark.parametrize(("ice", "free"), [("ours", True), ("new", False)])
def test_other_servers_are_remembered_until_new_credentials_are_set(ice: str, free: bool) -> None:
    """JSEP 3.5.1: needs-ice-restart is cleared by a local description with new credentials."""
    connection = called(negotiated(), "setConfiguration", configuration=OTHER_SERVERS)
    assert not Specification().generate_offer(connection, ice_restart=False).ice
    answer = described(SdpType.ANSWER, ice)
    for side, description in (
        (Side.REMOTE, described(SdpType.OFFER, "theirs")),
        (Side.LOCAL, answer),
    ):
        connection = Specification().set_description_slots(connection, side, description)
    assert connection.signaling_state is SignalingState.STABLE
    assert (not Specification().generate_offer(connection, ice_restart=False).ice) is free


def pending(*sections: Section) -> Connection:
    """In have-local-offer, with an initial offer that was seen."""
    offer = Description(SdpType.OFFER, "s1", sections, frozenset({"ours"}))
    stopped = replace(LIVE, stopping=True)
    return replace(
        Specification().initial(),
        signaling_state=SignalingState.HAVE_LOCAL_OFFER,
        transceivers=(stopped, OTHER),
        pending_local_description=offer,
    )


@pytest.mark.parametrize("ice", ["ours", "new"])
def test_what_is_for_bundle_only_no_longer_has_any_credentials(ice: str) -> None:
    """JSEP 5.2.1: it must contain none, so that there are none that must stay the same (5.2.2)."""
    connection = pending(replace(AUDIO, ice="ours"), VIDEO)
    offer = Specification().generate_offer(connection, ice_restart=False)
    assert [one.rejected for one in offer.sections] == [True, False]
    assert bind(connection, offer, replace(offer, sdp="s2", ice=frozenset({ice})))


def test_an_m_section_with_credentials_of_its_own_keeps_them() -> None:
    sections = replace(AUDIO, ice="ours"), replace(VIDEO, ice="ours too")
    connection = pending(*sections)
    told = replace(
        Description(SdpType.OFFER, "s1", sections, frozenset({"ours", "ours too"})),
    )
    connection = replace(connection, pending_local_description=told)
    offer = Specification().generate_offer(connection, ice_restart=False)
    assert {"ours", "ours too"} & offer.ice == {"ours too"}
