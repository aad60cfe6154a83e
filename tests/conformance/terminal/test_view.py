"""Which rows are shown, and where one is among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiation.conformance.reports.falsifying import dropped, repeated
from negotiation.conformance.reports.observing import kind_of
from negotiation.conformance.terminal.view import KINDS, STORY, Filter, View
from negotiation.conformance.traces import format

if TYPE_CHECKING:
    from tests.conformance.terminal.conftest import Open

TWICE = repeated(kind="event", name="signalingstatechange")


def test_the_story_is_at_the_top(opened: Open) -> None:
    view = View(opened())
    assert view.row == STORY
    view.move(-3)
    assert (view.at, view.row) == (0, STORY)
    view.move(1)
    assert view.row == 0
    view.move(10_000)
    assert view.row == len(view.rows) - 1


def test_every_kind_of_observation_can_be_shown_alone(opened: Open) -> None:
    known = {one.__struct_config__.tag for one in format.AnyObservation.__args__}
    assert known == set().union(*KINDS.values())
    rows = opened()
    shown: list[int] = []
    for kind in KINDS:
        view = View(rows)
        view.restrict(Filter(kind=kind))
        assert {kind_of(rows.observation(row)) for row in view.shown} <= KINDS[kind]
        shown += view.shown
    assert sorted(shown) == list(range(len(rows)))


def test_one_peer_and_only_findings(opened: Open) -> None:
    rows = opened(edit=TWICE)
    view = View(rows)
    view.restrict(Filter(peer="B"))
    assert {rows.observation(row).peer for row in view.shown} == {"B"}
    view.restrict(Filter(only_findings=True))
    assert list(view.shown) == rows.with_findings
    assert rows.with_findings


def test_a_filter_leaves_one_as_near_as_possible(opened: Open) -> None:
    rows = opened()
    view = View(rows)
    view.go_to_row(7)
    peer = rows.observation(7).peer
    view.restrict(Filter(peer=peer))
    assert view.row == 7
    view.restrict(Filter(peer=next(one for one in rows.peers if one != peer)))
    assert view.row > 7
    view.restrict(Filter())
    assert view.row >= 7


def test_findings_are_found_in_both_directions(opened: Open) -> None:
    rows = opened(edit=TWICE)
    view = View(rows)
    seen: list[int] = []
    while view.finding(True):
        seen.append(view.row)
    assert seen == rows.with_findings
    back = [view.row]
    while view.finding(False):
        back.append(view.row)
    assert back == seen[::-1]
    assert view.any_finding(0, len(view))
    assert not View(opened()).any_finding(0, 10_000)


def test_searching_words_states_and_findings(opened: Open) -> None:
    view = View(opened(edit=TWICE))
    view.sought = "SETLOCALdescription"
    assert not view.search(True), "capital letters are meant as they are written"
    view.sought = "setlocaldescription"
    assert view.search(True)
    assert "setLocalDescription" in view.rows.words(view.row)
    view.go(0)
    view.sought = "have-remote-offer"
    assert view.search(True), "states that were read are searched"
    view.sought = view.rows.findings(view.rows.with_findings[0])[0].id
    view.go(0)
    assert view.search(True)
    assert view.row in view.rows.with_findings
    before = view.at
    view.sought = "nowhere at all"
    assert not view.search(True)
    assert view.at == before


def test_what_belongs_together(opened: Open) -> None:
    rows = opened()
    call = next(row for row in range(len(rows)) if "setLocalDescription" in rows.words(row))
    walked = [call]
    while (after := rows.partner(walked[-1])) != call:
        assert after is not None
        walked.append(after)
    assert [kind_of(rows.observation(row)) for row in walked] == ["call", "return", "resolve"]
    send = next(row for row in range(len(rows)) if kind_of(rows.observation(row)) == "send")
    arrived = rows.partner(send)
    assert arrived is not None
    assert kind_of(rows.observation(arrived)) == "receive"
    assert rows.observation(arrived).peer != rows.observation(send).peer
    idle = next(row for row in range(len(rows)) if kind_of(rows.observation(row)) == "idle")
    assert rows.partner(idle) is None


def test_the_model_at_a_glance_is_what_the_replay_tells(opened: Open) -> None:
    rows = opened(edit=dropped(kind="event", name="signalingstatechange"))
    for row in range(len(rows)):
        glance, beside = rows.glance(row), rows.step(row).beside
        assert (glance is None) == (beside is None)
        if glance is not None and beside is not None:
            assert (glance.signaling, glance.flag) == (beside.signaling, beside.flag)
            assert (glance.chain == (0,)) == (beside.chain == ("empty",))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_is_always_somewhere(opened: Open, data: st.DataObject) -> None:
    view = View(_ROWS.setdefault("rows", opened(edit=TWICE)))  # type: ignore[arg-type]
    filters = st.builds(
        Filter,
        peer=st.sampled_from([None, "A", "B"]),
        kind=st.sampled_from([None, *KINDS]),
        only_findings=st.booleans(),
    )
    for _ in range(data.draw(st.integers(1, 8))):
        step = data.draw(st.sampled_from(["move", "restrict", "finding", "search", "row"]))
        if step == "move":
            view.move(data.draw(st.integers(-60, 60)))
        elif step == "restrict":
            view.restrict(data.draw(filters))
        elif step == "finding":
            view.finding(data.draw(st.booleans()))
        elif step == "search":
            view.sought = data.draw(st.sampled_from(["a", "set", "A1", "stable"]))
            view.search(data.draw(st.booleans()))
        else:
            view.go_to_row(data.draw(st.integers(-1, len(view.rows) + 3)))
        assert 0 <= view.at < len(view)
        assert view.row == STORY or view.filter.shows(view.rows.observation(view.row))


_ROWS: dict[str, object] = {}
