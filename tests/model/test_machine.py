"""The runnable machine against the table, over the whole grid and along random walks."""

from __future__ import annotations

import subprocess
import sys
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.model import Readings, SdpType, Side, SignalingState, Specification
from negotiation.model.machine import Change, DescriptionRefusedError, SignalingMachine
from negotiation.model.signaling import OF_PRANSWER, OTHER_SIDE

STABLE, LOCAL_OFFER, REMOTE_OFFER, LOCAL_PRANSWER, REMOTE_PRANSWER, CLOSED = SignalingState
LOCAL, REMOTE = Side
OFFER, PRANSWER, ANSWER, ROLLBACK = SdpType
GRID = list(product(SignalingState, Side, SdpType))
READINGS = [
    Readings().changed({OTHER_SIDE: a, OF_PRANSWER: b})
    for a, b in product(("default", "other"), repeat=2)
]


@pytest.mark.parametrize("readings", READINGS, ids=lambda one: "+".join(sorted(one.others)) or "-")
@pytest.mark.parametrize(("state", "side", "type"), GRID)
def test_the_machine_is_the_table(
    readings: Readings, state: SignalingState, side: Side, type: SdpType
) -> None:
    machine = SignalingMachine(readings, initial=state)
    target = Specification(readings).next_signaling_state(state, side, type)
    assert machine.may_set(side, type) is (target is not None)
    if target is None:
        with pytest.raises(DescriptionRefusedError):
            machine.set_description(side, type)
        assert machine.state is state
    else:
        assert machine.set_description(side, type) is target


@pytest.mark.parametrize("interpretation", [OTHER_SIDE, OF_PRANSWER])
def test_both_readings_allow_what_either_allows(interpretation: str) -> None:
    both = Readings().changed({interpretation: "both"})
    either = [Readings().changed({interpretation: one}) for one in ("default", "other")]
    for state in SignalingState:
        allowed = [set(SignalingMachine(one, initial=state).allowed()) for one in either]
        assert set(SignalingMachine(both, initial=state).allowed()) == allowed[0] | allowed[1]


@given(
    st.sampled_from(READINGS),
    st.lists(st.one_of(st.none(), st.tuples(st.sampled_from(Side), st.sampled_from(SdpType)))),
)
def test_random_walks_follow_the_table(
    readings: Readings, walk: list[tuple[Side, SdpType] | None]
) -> None:
    machine, specification = SignalingMachine(readings), Specification(readings)
    state = STABLE
    for step in walk:
        if step is None:
            state = machine.close()
            assert state is CLOSED
            continue
        target = specification.next_signaling_state(state, *step)
        if target is None:
            with pytest.raises(DescriptionRefusedError):
                machine.set_description(*step)
        else:
            machine.set_description(*step)
        state = target or state
        assert machine.state is state


def test_a_refusal_says_what_is_allowed() -> None:
    machine = SignalingMachine()
    with pytest.raises(DescriptionRefusedError) as caught:
        machine.set_description("local", "answer")
    assert str(caught.value) == (
        'a local answer cannot be set in "stable"; allowed there: local offer, remote offer'
    )
    assert caught.value.allowed == ((LOCAL, OFFER), (REMOTE, OFFER))


def test_nothing_is_allowed_once_closed() -> None:
    machine = SignalingMachine(initial=CLOSED)
    with pytest.raises(DescriptionRefusedError, match="allowed there: nothing"):
        machine.set_description(LOCAL, ROLLBACK)


@pytest.mark.parametrize("state", SignalingState)
def test_close_leads_to_closed_from_everywhere(state: SignalingState) -> None:
    machine = SignalingMachine(initial=state)
    told: list[Change] = []
    machine.on_enter(CLOSED, told.append)
    assert machine.close() is CLOSED
    assert machine.close() is CLOSED
    assert told == ([] if state is CLOSED else [Change(state, CLOSED)])


def test_callbacks_run_in_order_with_the_change() -> None:
    machine = SignalingMachine()
    told: list[tuple[str, Change]] = []
    machine.before(lambda change: told.append(("before", change)))
    machine.on_exit(STABLE, lambda change: told.append(("exit", change)))
    machine.on_enter(LOCAL_OFFER, lambda change: told.append(("enter", change)))
    machine.after(lambda change: told.append(("after", change)))
    machine.set_description(LOCAL, OFFER, "v=0")
    change = Change(STABLE, LOCAL_OFFER, LOCAL, OFFER, "v=0")
    assert told == [(when, change) for when in ("before", "exit", "enter", "after")]


def test_an_offer_that_replaces_another_enters_nothing() -> None:
    machine = SignalingMachine(initial=LOCAL_OFFER)
    told: list[Change] = []
    machine.on_enter(LOCAL_OFFER, told.append)
    machine.on_exit(LOCAL_OFFER, told.append)
    machine.set_description(LOCAL, OFFER)
    assert told == []
    machine.after(told.append)
    machine.set_description(LOCAL, OFFER)
    assert told == [Change(LOCAL_OFFER, LOCAL_OFFER, LOCAL, OFFER)]


def test_a_refusal_calls_nobody() -> None:
    machine = SignalingMachine()
    told: list[Change] = []
    machine.before(told.append)
    machine.after(told.append)
    with pytest.raises(DescriptionRefusedError):
        machine.set_description(REMOTE, ANSWER)
    assert told == []


def _refuse(change: Change) -> None:
    raise PermissionError(f"no {change.type} today")


def test_a_callback_before_the_change_can_forbid_it() -> None:
    machine = SignalingMachine()
    machine.before(_refuse)
    with pytest.raises(PermissionError):
        machine.set_description(LOCAL, OFFER)
    assert machine.state is STABLE
    with pytest.raises(PermissionError):
        machine.close()
    assert machine.state is STABLE


def test_a_callback_on_exit_can_forbid_the_change() -> None:
    machine = SignalingMachine()
    machine.on_exit(STABLE, _refuse)
    with pytest.raises(PermissionError):
        machine.set_description(LOCAL, OFFER)
    assert machine.state is STABLE


@pytest.mark.parametrize("register", ["before", "on_exit"])
def test_a_change_under_way_cannot_be_overtaken(register: str) -> None:
    machine = SignalingMachine()

    def overtake(_: Change) -> None:
        machine.close()

    if register == "before":
        machine.before(overtake)
    else:
        machine.on_exit(STABLE, overtake)
    with pytest.raises(RuntimeError, match="cannot change the state"):
        machine.set_description(LOCAL, OFFER)
    assert machine.state is STABLE


def test_a_callback_after_the_change_may_change_the_state_again() -> None:
    machine = SignalingMachine()
    machine.on_enter(REMOTE_OFFER, lambda _: machine.set_description(LOCAL, ANSWER))
    assert machine.set_description(REMOTE, OFFER) is STABLE


def test_the_library_is_reachable_and_knows_the_table() -> None:
    triggers = SignalingMachine().machine.get_triggers("stable")
    assert sorted(triggers) == ["close", "set_local_offer", "set_remote_offer"]


@pytest.mark.parametrize(("side", "type"), [("here", "offer"), ("local", "bid")])
def test_words_that_are_none_are_refused(side: str, type: str) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        SignalingMachine().set_description(side, type)


@pytest.mark.parametrize("module", ["negotiation.model", "negotiation.model.machine"])
def test_the_library_is_imported_with_the_first_machine_only(module: str) -> None:
    script = f"import sys, {module}; sys.exit('transitions' in sys.modules)"
    path = {"PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", script], env=path, check=False).returncode == 0
