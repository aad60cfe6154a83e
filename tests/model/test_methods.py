"""What WebIDL decides before any step runs, and what the program library cannot say."""

from __future__ import annotations

from negotiation.model import (
    Arguments,
    Call,
    Configuration,
    Description,
    Reject,
    Return,
    SdpType,
    Specification,
    Throw,
)


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
