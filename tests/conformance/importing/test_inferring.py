"""Types that a dump leaves out, as they must have been."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import pytest
from dump_writers.read_back import imported, traces
from dump_writers.rtcstats import WRITERS, Seen, rows_of, seen
from dump_writers.rtcstats_told import told
from hypothesis import HealthCheck, given, settings
from strategies import SEEDS, programs

from negotiation.conformance.importing.entries import AnyEntry, Called, Fired, Given, Settled
from negotiation.conformance.importing.inferring import FURTHEST, with_types
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of

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


def test_where_no_state_is_told_the_types_tell_it() -> None:
    told = (called(LOCAL), done(LOCAL), called(REMOTE), done(REMOTE))
    assert types(*told, called(REMOTE), done(REMOTE), called(LOCAL), done(LOCAL)) == [
        "offer", "answer", "offer", "answer",
    ]  # fmt: skip


def test_what_was_refused_leads_nowhere() -> None:
    refused = done(LOCAL, "OperationError")
    assert types(called(LOCAL), refused, called(REMOTE), done(REMOTE)) == ["offer", "offer"]


def test_an_implicit_description_leads_on_too() -> None:
    implicit = Called(time=0.0, method=LOCAL)
    assert types(implicit, done(LOCAL), called(REMOTE), done(REMOTE)) == ["answer"]


def test_a_pranswer_that_is_set_again_changes_nothing() -> None:
    first = (called(REMOTE), changed("have-remote-pranswer"), done(REMOTE))
    assert types(*OFFERED, *first, called(REMOTE), done(REMOTE)) == [
        "offer",
        "pranswer",
        "pranswer",
    ]


def test_an_event_that_was_lost_leaves_the_likeliest_type() -> None:
    assert types(*OFFERED, called(REMOTE), done(REMOTE)) == ["offer", "answer"]


def applied(things: Iterable[Seen]) -> list[str | None]:
    """The types of the descriptions that were given and set, but for rollbacks, in their order.

    A rollback and an answer lead to the same state: without its text, one is as good as the other.
    """
    found = list(things)
    fulfilled = {one.call for one in found if one.kind == "resolve"}
    return [
        one.description[0] if one.description else None
        for one in found
        if one.kind == "call" and one.name in (LOCAL, REMOTE) and one.call in fulfilled
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs(), seed=SEEDS)
def test_types_that_were_left_out_are_found_again(program: Program, seed: int) -> None:
    lines = trace_of(program, run_program(program, seed=seed), profile="page")
    things = seen(lines, "jitsi-empty")
    dump = WRITERS["jitsi-empty"](rows_of(things, "jitsi-empty", program.peers), random.Random(0))
    found = traces(imported(dump))
    for number, peer in enumerate(program.peers):
        name = f"PC_{number}"
        wanted = applied(one for one in things if one.peer == peer)
        seen_again = applied(told(found[name], name)) if name in found else []
        pairs = zip(wanted, seen_again, strict=True)
        assert all(a == b for a, b in pairs if a not in (None, "rollback"))
