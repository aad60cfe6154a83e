"""Perfect negotiation as an application of the program language: what any order ends in."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from negotiation.conformance.programs import library, perfect
from negotiation.conformance.programs.language import Do, Handler, Program
from negotiation.conformance.programs.model_stack import run_program
from negotiation.conformance.programs.running import Emission
from negotiation.conformance.traces import format
from negotiation.model import Direction

SHIPPED = [name for name in library.names() if library.load(name).area == perfect.AREA]
SEEDS = range(150)


def last_idles(told: list[Emission]) -> dict[str, format.Reading]:
    seen = (one.observation for one in told)
    idles = {one.peer: one.state for one in seen if isinstance(one, format.Idle)}
    return {peer: state for peer, state in idles.items() if state is not None}


def directions(reading: format.Reading, *, reversed: bool = False) -> dict[str, str]:
    """The current directions by mid; what was never negotiated is left out."""
    found: dict[str, str] = {}
    for one in reading.transceivers or ():
        if one.mid is not None and one.currentDirection is not None:
            current = Direction(one.currentDirection)
            found[one.mid] = str(current.reversed if reversed else current)
    return found


def test_there_are_enough_of_them() -> None:
    assert len(SHIPPED) >= 12


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_ones_run_the_application_itself(name: str) -> None:
    handlers = library.load(name).handlers
    assert handlers[:4] == (*perfect.application("A"), *perfect.application("B"))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_order_both_ends_agree_in_the_end(seed: int) -> None:
    for schedule in range(2):
        told = run_program(perfect.generated(seed), seed=schedule)
        assert not [one for one in told if isinstance(one.observation, format.Reject)]
        ends = last_idles(told)
        assert [ends[peer].signalingState for peer in "AB"] == ["stable", "stable"]
        assert directions(ends["A"]) == directions(ends["B"], reversed=True)


def test_generated_orders_are_their_seeds() -> None:
    assert perfect.generated(7) == perfect.generated(7)
    assert len({msgspec.json.encode(perfect.generated(seed).steps) for seed in SEEDS}) > 140


def test_generated_orders_have_glare_and_deliveries_in_handlers() -> None:
    handlers = Counter(len(perfect.generated(seed).handlers) > 4 for seed in SEEDS)
    assert min(handlers[True], handlers[False]) > 10
    crossed = 0
    for seed in SEEDS:
        told = [one.observation for one in run_program(perfect.generated(seed))]
        first = [
            next((n for n, one in enumerate(told) if _is_offer(one, peer)), None) for peer in "AB"
        ]
        received = [
            next((n for n, one in enumerate(told) if _is(one, format.Receive, peer)), len(told))
            for peer in "AB"
        ]
        pairs = zip(first, reversed(received), strict=True)
        crossed += all(sent is not None and sent < arrived for sent, arrived in pairs)
    assert crossed > 10


def _is(one: format.Observation, kind: type[format.Observation], peer: str) -> bool:
    return isinstance(one, kind) and one.peer == peer


def _is_offer(one: format.Observation, peer: str) -> bool:
    if not isinstance(one, format.Send) or one.peer != peer or one.description is None:
        return False
    return one.description.type == "offer"


def test_an_impolite_pair_is_stuck_in_glare() -> None:
    """The rule that matters: with two impolite ends the same program never ends in stable."""
    program = library.load("perfect-negotiation-glare-seen-by-the-impolite-end-first")
    impolite = msgspec.structs.replace(program, steps=program.steps[1:])
    ends = last_idles(run_program(impolite))
    assert {one.signalingState for one in ends.values()} == {"have-local-offer"}


def test_without_making_offer_the_polite_end_is_not_told_apart() -> None:
    """makingOffer was added for a race: without it an offer is applied while one is being made."""
    program = library.load("perfect-negotiation-offer-ignored-while-making-one")
    assert _calls(program, "A").count("setRemoteDescription") == 1
    forgetful = msgspec.structs.replace(program, handlers=tuple(map(_forgetful, program.handlers)))
    assert _calls(forgetful, "A").count("setRemoteDescription") == 2


def _calls(program: Program, peer: str) -> list[str]:
    told = (one.observation for one in run_program(program))
    return [one.method for one in told if isinstance(one, format.Call) and one.peer == peer]


def _forgetful(handler: Handler) -> Handler:
    kept = tuple(one for one in handler.do if one.set != "makingOffer")
    return msgspec.structs.replace(handler, do=kept)


def test_a_program_of_ones_own_is_read_back() -> None:
    program = perfect.generated(3)
    assert msgspec.json.decode(perfect.as_json(program), type=Program) == program


def test_a_delivery_without_a_message_is_skipped() -> None:
    program = perfect.program("p", "", (perfect.delivery("A"), perfect.SETTLE))
    told = [one.observation for one in run_program(program)]
    marks = [one.text for one in told if isinstance(one, format.Mark)]
    assert marks == ["skipped deliver: no message is under way"]


def test_conditions_are_looked_at_when_their_turn_comes() -> None:
    script = (
        Do(mark="in stable", when=("state:stable",)),
        Do(call="setLocalDescription", wait=True, args={}),
        Do(mark="not in stable", when=("!state:stable", "!last:rejected")),
        Do(call="createAnswer", wait=True),
        Do(mark="rejected", when=("last:rejected",)),
        Do(set="flag"),
        Do(end=True, when=("!flag",)),
        Do(set="flag", to=(("flag", "state:stable"),)),
        Do(mark="flagged", when=("flag",)),
        Do(end=True),
        Do(mark="never"),
    )
    step = msgspec.structs.replace(perfect.SETTLE, peer="A", do=script, settle=False)
    program = msgspec.structs.replace(perfect.program("p", "", (step,)), handlers=())
    told = [one.observation for one in run_program(program)]
    marks = [one.text for one in told if isinstance(one, format.Mark)]
    assert marks == ["in stable", "not in stable", "rejected"]
