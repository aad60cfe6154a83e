"""What WebIDL decides before any step runs, and what the program library cannot say."""

from __future__ import annotations

import pytest

from negotiation.model import (
    Arguments,
    Call,
    Candidate,
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
    Specification,
    Throw,
)
from negotiation.model.labels import Label
from negotiation.model.state import replace


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
