"""What WebIDL decides before any step runs, and what the program library cannot say."""

from __future__ import annotations

import pytest

from negotiation.model import (
    Arguments,
    Call,
    Candidate,
    Channel,
    Configuration,
    Connection,
    Description,
    Direction,
    Kind,
    Readings,
    Reject,
    Resolve,
    Return,
    SdpType,
    Section,
    Side,
    Specification,
    Throw,
)
from negotiation.model.labels import Label
from negotiation.model.state import Transceiver, replace


def test_a_remote_description_without_type_is_a_type_error() -> None:
    spec = Specification()
    arguments = Arguments(description=Description(SdpType.OFFER, "text"))
    (state,) = spec.call(spec.initial(), Call(1, "setRemoteDescription", arguments))
    labels = []
    while steps := list(spec.successors(state)):
        label, state = steps[0]
        labels.append(label)
    assert Reject(1, "TypeError") in labels


def test_what_the_constructor_was_given_may_be_unknown() -> None:
    spec = Specification()
    arguments = Arguments(configuration=Configuration(bundle_policy="max-bundle"))
    call = Call(1, "setConfiguration", arguments)
    known = {one.outcome for one in spec.call(spec.initial(), call)}
    unknown = {one.outcome for one in spec.call(spec.initial(None), call)}
    assert known == {Throw(1, "InvalidModificationError")}
    assert unknown == known | {Return(1)}


def labels_after(spec: Specification, state: Connection) -> set[Label]:
    """All that can be seen from here on, whatever the order."""
    seen: set[Label] = set()
    reached, waiting = {state}, [state]
    while waiting:
        for label, after in spec.successors(waiting.pop()):
            seen.add(label)
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    return seen


def called(spec: Specification, state: Connection, call: Call) -> Connection:
    (after,) = spec.call(state, call)
    return next(spec.successors(after))[1]


@pytest.mark.parametrize(
    ("before", "added", "removed"),
    [
        ("sendrecv", "sendrecv", "recvonly"),
        ("sendonly", "sendonly", "inactive"),
        ("recvonly", "sendrecv", "recvonly"),
        ("inactive", "sendonly", "inactive"),
        ("stopped", "stopped", "stopped"),  # addTransceiver takes it; no step speaks of it
    ],
)
def test_add_and_remove_track_change_the_directions_that_they_name(
    before: str, added: str, removed: str
) -> None:
    spec = Specification()
    arguments = Arguments(kind="audio", direction=Direction(before))
    made = called(spec, spec.initial(), Call(1, "addTransceiver", arguments))
    track = Arguments(kind="audio", track="audio:x")
    sending = called(spec, made, Call(2, "addTrack", track))
    assert [one.direction for one in sending.transceivers] == [added]
    id = made.transceivers[0].id
    given = replace(made.transceivers[0], track="audio:x")
    silent = called(spec, made.updated(given), Call(2, "removeTrack", Arguments(transceiver=id)))
    assert [one.direction for one in silent.transceivers] == [removed]


@pytest.mark.parametrize(("freedom", "errors"), [("off", set()), ("on", {"OperationError"})])
def test_set_parameters_may_fail_for_other_reasons(freedom: str, errors: set[str]) -> None:
    spec = Specification(Readings().changed({"failing-for-other-reasons": freedom}))
    made = called(spec, spec.initial(), Call(1, "addTransceiver", Arguments(kind="audio")))
    call = Call(2, "setParameters", Arguments(transceiver=made.transceivers[0].id))
    seen = labels_after(spec, called(spec, made, call))
    assert Resolve(2) in seen
    assert {label for label in seen if isinstance(label, Reject)} == {
        Reject(2, error) for error in errors
    }


VIDEO = Section(Kind.VIDEO, "1", ice="theirs")


@pytest.mark.parametrize(
    ("video", "candidate", "refused"),
    [
        (VIDEO, {"sdp_mid": "1", "username_fragment": "theirs"}, False),
        (VIDEO, {"sdp_mid": "1", "username_fragment": "ours"}, True),
        (VIDEO, {"sdp_mid": "0", "username_fragment": "theirs"}, True),
        (VIDEO, {"sdp_m_line_index": 1, "username_fragment": "ours"}, True),
        (VIDEO, {"sdp_m_line_index": 1, "username_fragment": "theirs"}, False),
        (VIDEO, {"sdp_mid": "1"}, False),
        (VIDEO, {"username_fragment": "ours"}, False),  # the end of candidates, of all sections
        (VIDEO, {"username_fragment": "nobody's"}, True),
        (replace(VIDEO, ice=None), {"sdp_mid": "1", "username_fragment": "ours"}, False),  # bundled
    ],
)
def test_a_candidates_fragment_is_looked_for_in_its_own_section(
    video: Section, candidate: dict[str, str | int], refused: bool
) -> None:
    audio = Section(Kind.AUDIO, "0", ice="ours")
    offer = Description(SdpType.OFFER, "s1", (audio, video), frozenset({"ours", "theirs"}))
    spec = Specification()
    connection = replace(spec.initial(), pending_remote_description=offer)
    assert spec.is_of_another_generation(connection, Candidate(**candidate)) is refused  # type: ignore[arg-type]


@pytest.mark.parametrize("candidate", [{}, {"sdp_mid": "1"}, {"sdp_m_line_index": 1}])
def test_a_rejected_section_tells_a_fragment_too(candidate: dict[str, str | int]) -> None:
    """addIceCandidate 4.5: "present in the corresponding media description", which it is."""
    audio, data = Section(Kind.AUDIO, "0", ice="ours"), Section(Kind.APPLICATION, "1", ice="theirs")
    sections = (audio, replace(data, rejected=True))
    offer = Description(SdpType.OFFER, "s1", sections, frozenset({"ours"}))
    spec = Specification()
    connection = replace(spec.initial(), pending_remote_description=offer)
    asked = Candidate(**candidate, username_fragment="theirs")  # type: ignore[arg-type]
    assert not spec.is_of_another_generation(connection, asked)


STOPPED = Transceiver("t2", Kind.VIDEO, Direction.INACTIVE, stopping=True, stopped=True)
LIVE = Transceiver("t1", Kind.AUDIO, Direction.SENDRECV, mid="0", jsep_mid="0")


@pytest.mark.parametrize("is_removed", [False, True])
@pytest.mark.parametrize(
    ("candidate", "default", "other"),
    [
        ({"sdp_mid": "1"}, True, True),
        ({"sdp_m_line_index": 1}, True, True),
        ({"sdp_mid": "0"}, False, False),
        ({"sdp_m_line_index": 0}, False, False),
        ({"sdp_mid": "1", "sdp_m_line_index": 0}, True, True),
        ({"sdp_mid": "0", "sdp_m_line_index": 1}, True, False),
        ({"sdp_mid": "0", "sdp_m_line_index": 9}, False, False),  # 4.3 is not asked: "Else"
        ({"sdp_mid": "1", "sdp_m_line_index": 9}, True, True),
        ({}, False, False),  # the end of candidates, of all sections
    ],
)
def test_either_the_mid_or_the_index_of_a_candidate_is_of_a_stopped_transceiver(
    candidate: dict[str, str | int], default: bool, other: bool, is_removed: bool
) -> None:
    """addIceCandidate 4.4; JSEP (3.5.2.1): the mid "MUST be used for identification"."""
    sections = (Section(Kind.AUDIO, "0"), Section(Kind.VIDEO, "1", rejected=True))
    stopped = replace(STOPPED, mid="1", jsep_mid="1")
    connection = replace(
        Specification().initial(),
        current_remote_description=Description(SdpType.ANSWER, "s1", sections),
        transceivers=(LIVE,) if is_removed else (LIVE, stopped),
        removed=(stopped,) if is_removed else (),
    )
    named = Candidate(**candidate)  # type: ignore[arg-type]
    for choice, expected in (("default", default), ("other", other)):
        spec = Specification(Readings().changed({"candidate-of-two-sections": choice}))
        assert spec.is_for_a_stopped_transceiver(connection, named) is expected
        assert not spec.names_no_section(connection, named)


DATA = Section(Kind.APPLICATION, "0")
OFFERED = Description(SdpType.OFFER, "s1", (DATA,))
ANSWERED = Description(SdpType.ANSWER, "s2", (DATA,))
REFUSED = Throw(2, "OperationError")
MADE = Return(2)


@pytest.mark.parametrize("kind", ["in-band", "free", "in use"])
@pytest.mark.parametrize(
    ("descriptions", "freedom", "is_free"),
    [
        ([], "on", False),
        ([("local", OFFERED)], "on", False),  # the role is not known yet: no channel has an id
        ([("local", OFFERED), ("remote", ANSWERED)], "on", True),
        ([("local", OFFERED), ("remote", replace(ANSWERED, type=SdpType.PRANSWER))], "on", True),
        ([("remote", OFFERED), ("local", ANSWERED)], "on", True),
        ([("local", OFFERED), ("remote", ANSWERED)], "off", False),
        (
            [
                ("local", replace(OFFERED, sections=(replace(DATA, rejected=True),))),
                ("remote", replace(ANSWERED, sections=(replace(DATA, rejected=True),))),
            ],
            "on",
            False,
        ),
        (
            [
                ("local", OFFERED),
                ("remote", ANSWERED),
                ("local", replace(OFFERED, sections=(replace(DATA, rejected=True),))),
                ("remote", replace(ANSWERED, sections=(replace(DATA, rejected=True),))),
            ],
            "on",
            True,
        ),
        (
            [
                ("local", Description(SdpType.OFFER, "s3", (Section(Kind.AUDIO, "1"),))),
                ("remote", Description(SdpType.ANSWER, "s4", (Section(Kind.AUDIO, "1"),))),
            ],
            "on",
            False,  # there is no SCTP transport whose role could be known
        ),
    ],
)
def test_ids_of_channels_are_known_until_data_was_answered(
    descriptions: list[tuple[str, Description]], freedom: str, is_free: bool, kind: str
) -> None:
    """createDataChannel 18 and 19; set a session description 4.6.10.2.1; SCTP connected 4.2."""
    spec = Specification(Readings().changed({"data-channel-ids": freedom}))
    state = replace(spec.initial(), channels=1, channel_ids=frozenset({5}))
    for side, description in descriptions:
        state = spec.apply(state, Side(side), description)
    channel = {"in-band": Channel(), "free": Channel(negotiated=True, id=4)}.get(
        kind, Channel(negotiated=True, id=5)
    )
    call = Call(2, "createDataChannel", Arguments(channel=channel))
    after = spec.call(replace(state, steps=(), tasks=()), call)
    known = {REFUSED} if kind == "in use" else {MADE}
    assert {one.outcome for one in after} == ({MADE, REFUSED} if is_free else known)
    assert {one.channels for one in after if one.outcome == REFUSED} <= {1}


@pytest.mark.parametrize(
    "channel",
    [Channel(negotiated=True), Channel(negotiated=True, id=65535), Channel(label_bytes=65536)],
)
def test_a_channel_that_is_wrong_is_refused_with_a_type_error_only(channel: Channel) -> None:
    """createDataChannel 5, 14 and 17 come before its ids are looked for."""
    spec = Specification()
    state = replace(spec.initial(), has_answered_data=True)
    after = spec.call(state, Call(2, "createDataChannel", Arguments(channel=channel)))
    assert {one.outcome for one in after} == {Throw(2, "TypeError")}


@pytest.mark.parametrize(
    ("candidate", "rejected", "freedom", "may_fail"),
    [
        ({"sdp_mid": "0"}, "local", "on", True),
        ({"sdp_m_line_index": 0}, "local", "on", True),
        ({"sdp_mid": "0"}, "remote", "on", True),
        ({"sdp_mid": "0"}, "local", "off", False),
        ({"sdp_mid": "0"}, "neither", "on", False),
        ({"sdp_m_line_index": 0}, "neither", "on", False),
        ({}, "local", "on", False),  # the end of candidates, of all sections
    ],
)
def test_a_candidate_for_a_rejected_section_may_be_refused(
    candidate: dict[str, str | int], rejected: str, freedom: str, may_fail: bool
) -> None:
    """addIceCandidate 4.7.1; JSEP 5.11: the ICE components of a rejected m-section are gone."""
    spec = Specification(Readings().changed({"candidates-of-rejected-sections": freedom}))
    audio = Section(Kind.AUDIO, "0")
    gone = replace(audio, rejected=True)
    local, remote = (gone if rejected == side else audio for side in ("local", "remote"))
    connection = replace(
        spec.initial(),
        current_local_description=Description(SdpType.ANSWER, "s1", (local,)),
        current_remote_description=Description(SdpType.OFFER, "s2", (remote,)),
        transceivers=(LIVE,),
    )
    arguments = Arguments(candidate=Candidate(**candidate))  # type: ignore[arg-type]
    seen = labels_after(spec, called(spec, connection, Call(2, "addIceCandidate", arguments)))
    assert Resolve(2) in seen
    assert (Reject(2, "OperationError") in seen) is may_fail


def test_a_candidate_is_for_the_transceiver_that_has_the_mid_now() -> None:
    """A mid that an answer freed may be another transceiver's since."""
    section = Section(Kind.AUDIO, "0")
    connection = replace(
        Specification().initial(),
        current_remote_description=Description(SdpType.ANSWER, "s1", (section,)),
        transceivers=(LIVE,),
        removed=(replace(STOPPED, mid="0", jsep_mid="0"),),
    )
    assert not Specification().is_for_a_stopped_transceiver(connection, Candidate(sdp_mid="0"))


@pytest.mark.parametrize(
    ("mid", "default", "other"),
    [("0", False, False), ("1", True, False), ("x", True, False)],
)
def test_the_mid_of_a_candidate_may_have_been_generated(
    mid: str, default: bool, other: bool
) -> None:
    """addIceCandidate 4.2.1; JSEP 3.5.2.1: it "may have been locally generated by the answerer"."""
    sections = (Section(Kind.AUDIO, "0"), Section(Kind.VIDEO, "?index1"))
    connection = replace(
        Specification().initial(),
        pending_remote_description=Description(SdpType.OFFER, "s1", sections),
    )
    for choice, expected in (("default", default), ("other", other)):
        spec = Specification(Readings().changed({"candidate-of-a-generated-mid": choice}))
        assert spec.names_no_section(connection, Candidate(sdp_mid=mid)) is expected
        told = replace(connection, pending_remote_description=None)
        told = replace(
            told, current_remote_description=Description(SdpType.OFFER, "s1", sections[:1])
        )
        assert spec.names_no_section(told, Candidate(sdp_mid=mid)) is (mid != "0")


@pytest.mark.parametrize("choice", ["default", "other"])
@pytest.mark.parametrize("name", [{"sdp_mid": "0"}, {"sdp_m_line_index": 0}, {}])
def test_a_fragment_of_a_description_that_was_applied_before(
    name: dict[str, str | int], choice: str
) -> None:
    """addIceCandidate 4.5: "an applied remote description", which may be read as any so far."""
    spec = Specification(Readings().changed({"candidate-of-a-replaced-description": choice}))
    state = spec.initial()
    for fragment in ("first", "second"):
        section = Section(Kind.APPLICATION, "0", ice=fragment)
        offer = Description(SdpType.OFFER, fragment, (section,), frozenset({fragment}))
        state = spec.apply(state, Side.REMOTE, offer)
    refused = {
        fragment: spec.is_of_another_generation(
            state,
            Candidate(username_fragment=fragment, **name),  # type: ignore[arg-type]
        )
        for fragment in ("first", "second", "third")
    }
    assert refused == {"first": choice == "default", "second": False, "third": True}
    elsewhere = Candidate(sdp_mid="1", username_fragment="first")
    assert spec.is_of_another_generation(state, elsewhere)
