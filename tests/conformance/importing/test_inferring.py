"""Types that a dump leaves out, as they must have been."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from negotiation.conformance.importing.entries import AnyEntry, Called, Fired, Given, Settled
from negotiation.conformance.importing.inferring import FURTHEST, with_types

LOCAL, REMOTE = "setLocalDescription", "setRemoteDescription"


def called(method: str) -> Called:
    return Called(
        time=0.0, method=method, description=Given() if method in (LOCAL, REMOTE) else None
    )


def done(method: str, error: str | None = None, message: str = "") -> Settled:
    return Settled(time=0.0, method=method, error=error, message=message or None)


def changed(state: str) -> Fired:
    return Fired(time=0.0, name="signalingstatechange", signaling_state=state)


def types(*entries: AnyEntry) -> Sequence[str | None]:
    return [
        one.description.type
        for one in with_types(entries)
        if isinstance(one, Called) and one.description is not None
    ]


OFFERED = (called(LOCAL), changed("have-local-offer"), done(LOCAL))
ANSWERED = (called(REMOTE), changed("stable"), done(REMOTE))


def test_an_offer_and_its_answer() -> None:
    assert types(*OFFERED, *ANSWERED) == ["offer", "answer"]


def test_an_answer_in_stable_was_refused() -> None:
    assert (
        types(*OFFERED, *ANSWERED, called(REMOTE), done(REMOTE, "InvalidStateError"))[2] == "answer"
    )


def test_an_offer_that_is_set_again_changes_nothing() -> None:
    assert types(*OFFERED, called("createOffer"), called(LOCAL), done(LOCAL)) == ["offer", "offer"]


@pytest.mark.parametrize(
    ("message", "type"),
    [
        ("Failed to set remote offer sdp: Failed to apply the description", "offer"),
        ("Failed to set remote answer sdp: The order of m-lines does not match", "answer"),
        ("Cannot set remote pranswer in state stable", "pranswer"),
        ("Failed to set remote matters right", "answer"),
    ],
)
def test_the_browser_says_what_it_refused(message: str, type: str) -> None:
    refused = done(REMOTE, "OperationError", message)
    assert types(*OFFERED, called(REMOTE), refused) == ["offer", type]


def test_calls_of_one_kind_settle_in_their_order() -> None:
    first, second = called(REMOTE), called(REMOTE)
    told = (first, second, changed("stable"), done(REMOTE), changed("have-remote-offer"))
    assert types(*OFFERED, *told, done(REMOTE)) == ["offer", "answer", "offer"]


def test_what_a_call_ahead_came_to_says_nothing_of_this_one() -> None:
    refused = done(REMOTE, "InvalidStateError", "Failed to set remote answer sdp: wrong state")
    told = (called(REMOTE), called(REMOTE), refused, changed("have-remote-offer"), done(REMOTE))
    assert types(*told) == ["answer", "offer"]


def test_no_more_than_some_entries_are_looked_at() -> None:
    between = [Fired(time=0.0, name="negotiationneeded")] * FURTHEST
    assert types(called(REMOTE), *between, changed("have-remote-pranswer")) == ["offer"]
