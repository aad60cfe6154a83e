"""A dump that the page would have written of a run loses nothing of it, and invents nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from dump_writers.read_back import departures, imported, traces
from dump_writers.webrtc_internals import GENERATIONS, Recording, Told, told, written
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces.format import (
    Arguments,
    Call,
    Event,
    Reject,
    Resolve,
)
from negotiation.conformance.traces.reading import Trace

Essence = tuple[object, ...]

SHAPES = st.fixed_dictionaries(
    {
        "agent_first": st.booleans(),
        "indent": st.sampled_from([None, 1]),
        "gzipped": st.booleans(),
    }
)


def recorded(program: Program, seed: int) -> Recording:
    return Recording(trace_of(program, run_program(program, seed=seed), profile="page"))


def essence(trace: Trace, peer: str) -> list[Essence]:
    """What a trace tells of a peer, as `Told.essence`."""
    calls: dict[int, str] = {}
    texts = trace.sdps
    found: list[Told] = []

    def described(ref: object) -> tuple[str | None, str | None] | None:
        if ref is None:
            return None
        type, sdp = getattr(ref, "type", None), getattr(ref, "sdp", None)
        return type, None if sdp is None else texts[sdp].text

    for _, one in trace.observations:
        if one.peer != peer:
            continue
        if isinstance(one, Call):
            calls[one.id] = one.method
            kinds = (one.args.track or "").partition(":")[0] or None
            args = Arguments(
                kind=one.args.kind or kinds,
                label=one.args.label,
                streams=one.args.streams,
                direction=one.args.direction,
            )
            given = described(one.args.description)
            found.append(Told("call", one.method, one.t, given, args=args))
        elif isinstance(one, Resolve):
            given = described(one.description)
            found.append(Told("success", calls[one.call], one.t, given))
        elif isinstance(one, Reject):
            found.append(Told("failure", calls[one.call], one.t, error=one.error))
        elif isinstance(one, Event):
            state = one.state.signalingState if one.state is not None else None
            found.append(Told("event", one.name, one.t, state=state))
    return [one.essence for one in found]


def without_candidates(essences: list[Essence]) -> list[Essence]:
    return [one for one in essences if one[1] != "addIceCandidate"]


def candidates(essences: list[Essence]) -> Counter[object]:
    """How many were added, and refused. When is not told."""
    return Counter(one[0] for one in essences if one[1] == "addIceCandidate" and one[0] != "call")


def untyped(essences: list[Essence]) -> list[Essence]:
    """Without the types of descriptions whose calls were told by their failure alone."""
    return [
        (*one[:2], None, *one[3:]) if one[0] == "call" and _has_no_text(one) else one
        for one in essences
    ]


def _has_no_text(one: Essence) -> bool:
    description = one[2]
    return isinstance(description, tuple) and description[1] is None


@pytest.mark.parametrize("generation", GENERATIONS)
@given(program=programs(), seed=SEEDS, shape=SHAPES)
def test_a_dump_tells_what_the_page_saw(
    generation: str, program: Program, seed: int, shape: dict[str, bool | int | None]
) -> None:
    recording = recorded(program, seed)
    peers = {peer: told(recording, peer, generation) for peer in program.peers}
    dump = imported(written(peers, generation, **shape))  # type: ignore[arg-type]
    found = traces(dump)
    for number, (peer, expected) in enumerate(peers.items(), 1):
        name = f"7-{number}"
        seen = essence(found[name], name) if name in found else []
        wanted = [one.essence for one in expected]
        assert untyped(without_candidates(seen)) == untyped(without_candidates(wanted)), peer
        assert candidates(seen) == candidates(wanted)


CHECKER = Checker()
FEW, MANY = 15, 20
"""Examples: half-seen recordings are followed through many states."""


@settings(deadline=None, max_examples=FEW)
@given(generation=st.sampled_from(GENERATIONS), program=programs(most_steps=4), seed=SEEDS)
def test_a_conforming_run_is_no_departure_in_its_dump(
    generation: str, program: Program, seed: int
) -> None:
    recording = recorded(program, seed)
    peers = {peer: told(recording, peer, generation) for peer in program.peers}
    assert not departures(imported(written(peers, generation)), CHECKER)


@pytest.mark.slow
@pytest.mark.parametrize("generation", GENERATIONS)
@settings(deadline=None, max_examples=MANY)
@given(program=programs(most_steps=4), seed=SEEDS, start=st.floats(0, 1))
def test_a_page_opened_late_makes_no_departure(
    generation: str, program: Program, seed: int, start: float
) -> None:
    recording = recorded(program, seed)
    peers = {}
    for peer in program.peers:
        whole = told(recording, peer, generation)
        peers[peer] = from_there_on(whole, at_rest(whole, int(start * len(whole))))
    dump = imported(written(peers, generation, late=generation != "A"))
    assert not departures(dump, CHECKER)


def at_rest(whole: list[Told], start: int) -> int:
    """The last moment up to that one in which no call was under way.

    Which settlement is whose is a guess where several calls of a method were, when it was opened.
    """
    under_way, found = 0, 0
    for at, one in enumerate(whole[:start]):
        under_way += (one.kind == "call") - (one.kind in ("resolve", "reject"))
        found = at + 1 if under_way <= 0 else found
    return found


def from_there_on(whole: list[Told], start: int) -> list[Told]:
    """What a page tells that was opened at that moment, beginning with the state."""
    states = [one.state for one in whole[:start] if one.state is not None]
    now = Told("snapshot", "signalingstatechange", 0.0, state=states[-1] if states else "stable")
    return [now, *whole[start:]]
