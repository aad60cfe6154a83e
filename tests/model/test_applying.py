"""What an applied description leaves behind, where no program of the library gets to."""

from __future__ import annotations

from msgspec.structs import replace

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
)
from negotiation.model.binding import bind, differences
from negotiation.model.state import Transceiver

REJECTED = Section(Kind.AUDIO, "0", Direction.INACTIVE, rejected=True)
OFFER = Description(SdpType.OFFER, "s3", (REJECTED,))
ANSWER = Description(SdpType.ANSWER, "s4", (REJECTED,))


def offered_rejected_again() -> Connection:
    """An offer keeps an m-section that was rejected, and whose transceiver is gone."""
    return replace(
        Specification().initial(),
        signaling_state=SignalingState.HAVE_LOCAL_OFFER,
        transceiver_count=1,
        current_local_description=replace(OFFER, sdp="s1"),
        current_remote_description=replace(ANSWER, sdp="s2"),
        pending_local_description=OFFER,
    )


def test_what_an_answer_makes_and_removes_has_no_name() -> None:
    """#set-description 4.6.11.2.7 and 4.6.13.1.1: made, stopped and removed, and never seen."""
    spec = Specification()
    connection = spec.apply(offered_rejected_again(), Side.REMOTE, ANSWER)
    assert connection.transceivers == ()
    _, made = spec.create_transceiver(connection, Kind.AUDIO, Direction.SENDRECV)
    assert made.id == "t2"


def test_what_a_provisional_answer_makes_is_seen_until_the_answer() -> None:
    provisional = replace(ANSWER, type=SdpType.PRANSWER)
    spec = Specification()
    connection = spec.apply(offered_rejected_again(), Side.REMOTE, provisional)
    assert [(one.id, one.stopped) for one in connection.transceivers] == [("t2", True)]
    assert spec.apply(connection, Side.REMOTE, ANSWER).transceivers == ()


def test_back_to_back_offers_are_compared_with_each_other() -> None:
    """#set-description 4.4: as if the first had been answered, which uses the m-section again."""
    first = Description(SdpType.OFFER, "s5", (Section(Kind.AUDIO, "0"),))
    second = Description(SdpType.OFFER, "s6", (Section(Kind.VIDEO, "1"),))
    stable = replace(
        offered_rejected_again(),
        signaling_state=SignalingState.STABLE,
        pending_local_description=None,
    )
    spec = Specification()
    assert spec.application_error(stable, Side.REMOTE, first) is None
    assert spec.application_error(stable, Side.REMOTE, second) is None
    offered = spec.apply(stable, Side.REMOTE, first)
    assert spec.application_error(offered, Side.REMOTE, second) == "InvalidAccessError"


def test_what_restarts_ice_has_none_of_the_credentials_before() -> None:
    """JSEP 5.3.2: new ones MUST be created. An implicit answer is current when it is first seen."""
    live = replace(REJECTED, rejected=False)
    spec = Specification()
    connection = replace(
        offered_rejected_again(),
        signaling_state=SignalingState.HAVE_REMOTE_OFFER,
        transceivers=(Transceiver("t1", Kind.AUDIO, Direction.INACTIVE, mid="0", jsep_mid="0"),),
        current_local_description=Description(SdpType.ANSWER, "s1", (live,), frozenset({"old"})),
        current_remote_description=Description(SdpType.OFFER, "s2", (live,), frozenset({"far"})),
        pending_local_description=None,
        pending_remote_description=Description(
            SdpType.OFFER, "s3", (live,), frozenset({"far again"})
        ),
    )
    answer = spec.generate_answer(connection)
    applied = spec.apply(connection, Side.LOCAL, answer)
    kept = replace(answer, sdp="s4", ice=frozenset({"old"}), replaced=frozenset())
    assert [one.sentence for one in differences(answer, kept)] == [
        "its ICE credentials did not change with a restart"
    ]
    renamed = bind(applied, answer, replace(answer, bundle=()), keep_text=True)
    assert renamed is not None
    assert renamed.current_local_description is not None
    assert differences(renamed.current_local_description, kept)  # a mid was read, nothing more
    seen = bind(applied, answer, replace(kept, ice=frozenset({"new"})))
    assert seen is not None
    assert seen.current_local_description is not None
    assert seen.current_local_description.ice == {"new"}
    assert not seen.current_local_description.replaced
