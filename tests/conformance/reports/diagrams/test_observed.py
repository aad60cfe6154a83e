"""What recordings show of the model's diagrams: laws on recordings of the model, and real ones."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker, Pass
from negotiation.conformance.coverage.recordings import Recordings
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import AS_STACK, run_program, trace_of
from negotiation.conformance.reports.diagrams.observed import (
    UNTOLD,
    Observing,
    Tally,
    changes_of,
    is_stack,
    shown_of,
)
from negotiation.conformance.reports.diagrams.transitions import Change, Watching
from negotiation.conformance.reports.diagrams.weighing import (
    FORBIDDEN,
    NEVER,
    Side,
    differing_graph,
    observed_graph,
)
from negotiation.conformance.reports.falsifying import Edit, dropped, read_otherwise, unchanged
from negotiation.conformance.traces import format
from negotiation.model.diagrams import DIAGRAMS, diagram_graph
from negotiation.model.graphs import Edge, Graph, Shown

TRACES = Path(__file__).parents[4] / "traces"
CHECKER = Checker(AS_STACK)
OBSERVING = {what: Observing(what, CHECKER) for what in DIAGRAMS}


def followed(
    program: Program, seed: int = 0, profile: str = "full", edit: Edit = unchanged
) -> Pass:
    header, *lines = edit(trace_of(program, run_program(program, seed=seed), profile=profile))
    assert isinstance(header, format.Header)
    pass_ = Pass(CHECKER, header)
    for number, line in enumerate(lines, start=2):
        pass_.take_line(number, line)
    return pass_


def tally_of(what: str, pass_: Pass) -> Tally:
    total = Tally()
    for _, tally in OBSERVING[what].tallies(pass_):
        total.add(tally, "trace")
    return total


def changes_in(pass_: Pass) -> list[Change]:
    return [
        change
        for name, peer in pass_.header.peers.items()
        for change in changes_of(peer, [one for one in pass_.moments if one.said.peer == name])
    ]


@cache
def lines_of(what: str) -> frozenset[Shown]:
    graph = diagram_graph(what)
    return frozenset(
        Shown(one.source, one.target, line) for one in graph.edges for line in one.lines
    )


def read_states(pass_: Pass, peer: str) -> list[str]:
    told = [one.observation.state for one in pass_.moments if one.said.peer == peer]
    read = [one.signalingState for one in told if one is not None and one.signalingState]
    return ["stable", *read]


@settings(max_examples=60, deadline=None)
@given(programs(), SEEDS)
def test_counts_add_up_to_the_changes_that_were_read(program: Program, seed: int) -> None:
    pass_ = followed(program, seed)
    changes = changes_in(pass_)
    tally = tally_of("signaling", pass_)
    assert tally.counts.total() + tally.late == len(changes)
    read = sum(
        one != other for peer in pass_.peers for one, other in pairwise(read_states(pass_, peer))
    )
    assert sum(one.source != one.target for one in changes) == read


@settings(max_examples=60, deadline=None)
@given(programs(), SEEDS)
def test_a_recording_of_the_model_shows_the_rows_that_the_model_took(
    program: Program, seed: int
) -> None:
    pass_ = followed(program, seed)
    taken = {
        (one.name, *one.detail.split(" "))
        for one in Recordings(CHECKER).of_pass("trace", pass_).items
        if one.kind == "row"
    }
    changes = [one for one in changes_in(pass_) if not one.closing]
    shown = {(one.source, one.side or "", one.type or "") for one in changes if shown_of(one)}
    assert shown <= taken
    assert set(tally_of("signaling", pass_).counts) <= lines_of("signaling")


@settings(max_examples=60, deadline=None)
@given(programs(), SEEDS)
@pytest.mark.parametrize("what", ["operation", "flag"])
def test_the_diagram_has_every_step_of_the_model(what: str, program: Program, seed: int) -> None:
    assert set(tally_of(what, followed(program, seed)).counts) <= lines_of(what)


def test_an_operation_goes_on_as_often_as_it_came() -> None:
    tally = tally_of("operation", followed(load("perfect-negotiation-without-glare")))
    came, left = Counter[str](), Counter[str]()
    for shown, count in tally.counts.items():
        came[shown.target] += count
        left[shown.source] += count
    for node in came.keys() & left.keys():
        assert came[node] == left[node], node


@pytest.mark.parametrize("what", DIAGRAMS)
def test_every_edge_of_the_model_is_in_the_observed_diagram(what: str) -> None:
    tally = tally_of(what, followed(load("perfect-negotiation-without-glare")))
    graph = observed_graph(what, Side("one", tally))
    for edge in diagram_graph(what).edges:
        (same,) = [one for one in graph.edges if _same(one, edge)]
        shown = [Shown(edge.source, edge.target, line) for line in edge.lines]
        weight = sum(tally.counts[one] for one in shown)
        assert same.weight == weight
        if weight == 0:
            assert (same.mark, same.word) == ("unseen", NEVER)
            assert same.dashed
            assert same.lines == edge.lines
        else:
            counted = [f"{one.line} ×{tally.counts[one]}" for one in shown]
            assert list(same.lines) == counted
            assert not same.dashed
    assert sum(one.weight or 0 for one in graph.edges) == tally.counts.total()


def _same(one: Edge, other: Edge) -> bool:
    ends = (one.source, one.target, one.reading) == (other.source, other.target, other.reading)
    return ends and one.mark != "forbidden"


def test_a_change_that_the_table_does_not_have_is_forbidden() -> None:
    edit = read_otherwise(
        {"signalingState": "have-remote-pranswer"}, kind="event", name="signalingstatechange"
    )
    pass_ = followed(load("perfect-negotiation-without-glare"), edit=edit)
    graph = observed_graph("signaling", Side("one", tally_of("signaling", pass_)))
    forbidden = [one for one in graph.edges if one.mark == "forbidden"]
    assert [(one.source, one.target) for one in forbidden] == [("stable", "have-remote-pranswer")]
    assert all(one.told[0] == f"✗ {FORBIDDEN}" for one in forbidden)
    assert any("✗ red" in line for line in graph.legend)


def test_a_state_that_there_is_not_is_a_node_that_says_so() -> None:
    state = "<b>no" + "o" * 100
    edit = read_otherwise({"signalingState": state}, kind="event", name="signalingstatechange")
    pass_ = followed(load("perfect-negotiation-without-glare"), edit=edit)
    graph = observed_graph("signaling", Side("one", tally_of("signaling", pass_)))
    (node,) = [one for one in graph.nodes if one.id == state]
    assert node.lines[1] == "no state of the specification"
    assert len(node.lines[0]) < 40


def test_real_forbidden_changes() -> None:
    files = [str(TRACES / "aiortc/1.16.0/rollback-in-stable-is-refused.jsonl.gz")]
    seen = Observing("signaling").observe(files)
    graph = observed_graph("signaling", Side("aiortc", seen.of()))
    (edge,) = [one for one in graph.edges if one.mark == "forbidden"]
    assert (edge.source, edge.target) == ("stable", "stable")
    assert "rollback" in edge.lines[0]
    assert files[0] in edge.tooltip


def test_another_departure_in_the_same_lines_forbids_nothing() -> None:
    """aiortc rolls back before a remote offer, and nobody looks in between."""
    name = "aiortc/1.16.0/remote-offer-answer-and-change-in-one-task.jsonl.gz"
    tally = Observing("signaling").observe([str(TRACES / name)]).of()
    assert tally.departures
    assert tally.late == 1
    assert set(tally.counts) <= lines_of("signaling")


def test_of_two_descriptions_that_are_set_the_first_one_changes_the_state() -> None:
    """Chromium sets {type: "pranswer"} as an answer; the one behind it then makes an offer."""
    name = "chromium/156.0.8078.79/implicit-answer-after-a-provisional-one.jsonl.gz"
    tally = Observing("signaling").observe([str(TRACES / name)]).of()
    assert tally.counts == {
        Shown("stable", "have-remote-offer", "remote offer"): 1,
        Shown("have-remote-offer", "stable", "local pranswer"): 1,
        Shown("stable", "have-local-offer", "local offer"): 1,
    }
    assert tally.late == 0


def test_what_changed_twice_between_two_looks_is_no_finding_of_the_stack() -> None:
    """Without the event in between, and the rest of what is read: nothing can be told apart."""
    peer = format.Peer(format.Stack("x"), "r")
    watching = Watching(peer)
    reading = format.Reading(signalingState="have-remote-pranswer")
    one = format.Event(n=1, t=0, peer="A", name="track", state=reading)
    (change,) = watching.take(2, one)
    assert (change.source, change.target, change.side) == ("stable", "have-remote-pranswer", None)
    assert shown_of(change) is None
    assert not change.is_in_the_table


def test_a_change_by_a_call_that_was_not_seen_is_counted_so() -> None:
    watching = Watching(format.Peer(format.Stack("x"), "r"))
    reading = format.Reading(signalingState="have-local-offer")
    one = format.Event(n=1, t=0, peer="A", name="signalingstatechange", state=reading)
    (change,) = watching.take(2, one)
    assert shown_of(change) == Shown("stable", "have-local-offer", UNTOLD)
    tally = Tally()
    tally.count(Shown("stable", "have-local-offer", UNTOLD), 2)
    graph = observed_graph("signaling", Side("one", tally))
    (edge,) = [one for one in graph.edges if f"{UNTOLD} ×1" in one.lines]
    assert edge.lines == ("local offer ×0", f"{UNTOLD} ×1")
    assert edge.mark == ""


def _differing(left: Tally, right: Tally) -> Graph:
    return differing_graph("signaling", Side("x", left), Side("y", right))


def test_a_difference_marks_what_only_one_has() -> None:
    offer = Shown("stable", "have-local-offer", "local offer")
    answer = Shown("have-local-offer", "stable", "remote answer")
    strange = Shown("stable", "stable", "remote rollback")
    left, right = Tally(), Tally()
    left.counts.update({offer: 3, strange: 1})
    right.counts.update({offer: 4, answer: 2})
    edges = {(one.source, one.target, one.lines[0]): one for one in _differing(left, right).edges}
    both = edges["stable", "have-local-offer", "local offer ×3 | ×4"]
    assert (both.mark, both.word, both.weight) == ("", "", 7)
    only = edges["have-local-offer", "stable", "remote answer ×0 | ×2"]
    assert (only.mark, only.told[0]) == ("right", "▶ only y")
    forbidden = edges["stable", "stable", "remote rollback ×1 | ×0"]
    assert forbidden.told[0] == f"✗ {FORBIDDEN}; only x"
    other = {(one.source, one.target): one.mark for one in _differing(right, left).edges}
    assert other["have-local-offer", "stable"] in ("left", "unseen")


def test_recordings_are_counted_by_stack_and_those_alike_once_followed() -> None:
    folder = TRACES / "interworking/chromium+firefox"
    files = sorted(map(str, folder.glob("glare-*.gz")))
    twice = Observing("signaling").observe([*files, *files])
    once = Observing("signaling").observe(files)
    assert twice.names == once.names == ["chromium", "firefox"]
    assert twice.of().counts.total() == 2 * once.of().counts.total()
    apart = [once.of([one]) for one in once.names]
    assert apart[0].counts + apart[1].counts == once.of().counts
    assert once.of(["none"]).peers == 0


def test_an_unreadable_recording_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n")
    seen = Observing("signaling").observe([str(tmp_path / "a.jsonl")])
    assert len(seen.unreadable) == 1
    assert seen.of().peers == 0


def test_a_recording_without_events_is_counted_by_what_was_read() -> None:
    edit = dropped(kind="event", name="signalingstatechange")
    pass_ = followed(load("perfect-negotiation-without-glare"), edit=edit)
    tally = tally_of("signaling", pass_)
    assert tally.counts.total() + tally.late == len(changes_in(pass_))


@pytest.mark.parametrize(
    ("wanted", "is_it"),
    [
        ("chromium", True),
        ("chromium@156", True),
        ("chromium@156.0", True),
        ("chromium@15", False),
        ("chrom", False),
        ("firefox", False),
    ],
)
def test_stacks_are_named_with_the_first_parts_of_their_version(wanted: str, is_it: bool) -> None:
    assert is_stack(("chromium", "156.0.8078.79"), wanted) is is_it
