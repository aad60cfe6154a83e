"""The page of a replay: what is packed is what was observed, whole, and none of it is markup."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.reports.falsifying import altered, dropped
from negotiation.conformance.reports.observing import observation_in_words, reading_in_words
from negotiation.conformance.reports.paper import plain
from negotiation.conformance.reports.replay_page import page, replay_as_page
from negotiation.conformance.reports.replay_page.bars import LANES, NEVER
from negotiation.conformance.reports.replay_page.page import page_data
from negotiation.conformance.reports.replay_page.rows import KINDS, packed_times
from negotiation.conformance.reports.replay_page.texts import SLOT, Texts
from negotiation.conformance.reports.replaying import Part, beside
from negotiation.conformance.traces import format

if TYPE_CHECKING:
    from tests.conformance.reports.replay_page.conftest import Replayed

    from negotiation.conformance.reports.replaying import Replay
    from negotiation.conformance.traces.format import Line

PROGRAMS = ("first-change", "two-peers-glare", "candidates-in-the-chain", "calls-after-close")

EVIL = "</script></title><img src=x onerror=\"document.title='evil'\">"
EVIL += "<!--<script>document.title='evil'</script>&lt;'`|javascript:x\u2028\u202e\x1b[2J\x00"


def filled(strings: list[str], place: int, numbers: list[int]) -> str:
    """The text of a place, with the numbers, which are taken from the list."""
    first, *others = strings[place].split(SLOT)
    return first + "".join(f"{numbers.pop(0)}{one}" for one in others)


def unpacked(data: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows as the script reads them: line, time, peer, kind, texts, handler, state."""
    columns, strings, numbers = data["columns"], data["strings"], list(data["numbers"])
    rows = []
    line = time = 0
    for row, difference in enumerate(columns["line"]):
        line += difference
        told = data["time"]["told"][row]
        time = time + told if data["time"]["scale"] else told
        text = filled(strings, columns["text"][row], numbers)
        read = filled(strings, columns["read"][row], numbers) if columns["read"][row] >= 0 else ""
        rows.append(
            (
                line,
                time / (data["time"]["scale"] or 1),
                strings[data["peers"][columns["peer"][row]]["name"]],
                data["kinds"][columns["kind"][row]],
                text,
                read,
                *(None if columns[one][row] < 0 else strings[columns[one][row]] for one in WORDS),
            )
        )
    assert not numbers
    return rows


WORDS = ("within", "state")


def as_observed(replay: Replay) -> list[tuple[Any, ...]]:
    methods = replay.methods
    return [
        (
            line,
            one.t,
            one.peer,
            msgspec.to_builtins(one)["kind"],
            plain(observation_in_words(one, methods)),
            plain(reading_in_words(one.state)),
            one.within,
            None if one.state is None else one.state.signalingState,
        )
        for line, one in replay.observations
    ]


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_packed_is_what_was_observed(replayed: Replayed, program: str) -> None:
    replay = replayed(program)
    data = json.loads(json.dumps(page_data(replay)))
    assert unpacked(data) == as_observed(replay)
    assert len(set(data["strings"])) == len(data["strings"])


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_the_model_thought_is_packed_once(replayed: Replayed, program: str) -> None:
    replay = replayed(program)
    data = page_data(replay)
    moments = {one.line: one for one in replay.pass_.moments}
    texts = data["strings"]
    for (line, one), place in zip(replay.observations, data["columns"]["beside"], strict=True):
        told = beside(moments[line], replay.pass_.peers[one.peer].frontiers)
        states, signaling, chain, flag, check, queued, next = data["besides"][place]
        assert states == told.states
        assert (tuple(map(bool, flag)), tuple(map(bool, check))) == (told.flag, told.check)
        for places, values in (
            (signaling, told.signaling),
            (chain, told.chain),
            (queued, told.queued),
            (next, told.next),
        ):
            assert tuple(texts[each] for each in places) == values
    packed = [json.dumps(one) for one in data["besides"]]
    assert len(set(packed)) == len(packed)


@given(st.lists(st.text(max_size=40) | st.from_regex(r"[ #s.]?\d+[ ,.)]?[a-z]?")))
def test_a_text_with_slots_comes_back(told: list[str]) -> None:
    texts = Texts()
    slotted = [texts.slotted(one) for one in told]
    strings = list(texts.places)
    for one, (place, numbers) in zip(told, slotted, strict=True):
        assert filled(strings, place, list(numbers)) == plain(one)


@given(st.lists(st.floats(0, 1e9) | st.integers(0, 10**9).map(lambda whole: whole / 1000)))
def test_times_come_back(times: list[float]) -> None:
    told = packed_times(times)
    if not told["scale"]:
        assert told["told"] == times
        return
    whole, back = 0, []
    for one in told["told"]:
        whole += one
        back.append(whole / told["scale"])
    assert back == times


def test_alike_texts_are_told_once() -> None:
    texts = Texts()
    places = {texts.slotted(f"call createOffer #{number}")[0] for number in range(100)}
    assert len(places) == 1


def test_texts_without_end_are_cut() -> None:
    texts = Texts(most=1000)
    long = texts.place("x" * 5000)
    told = [texts.place(f"{number:09} " * 50) for number in range(100)]
    strings = list(texts.places)
    assert "4400 more" in strings[long]
    assert len(strings[told[-1]]) < 120


def test_bars_tell_the_chain(replayed: Replayed) -> None:
    replay = replayed("candidates-in-the-chain")
    data = page_data(replay)
    bars = [data["bars"][at : at + 5] for at in range(0, len(data["bars"]), 5)]
    rows = [one for _, one in replay.observations]
    ends = {
        one.call: row
        for row, one in enumerate(rows)
        if isinstance(one, format.Resolve | format.Reject | format.Throw)
    }
    assert bars
    for call, began, settled, left, lane in bars:
        told = rows[call]
        assert isinstance(told, format.Call)
        assert settled == ends.get(told.id, NEVER)
        assert NEVER <= lane < LANES
        if began >= 0:
            assert call <= began <= left
    overlapping = [
        (one, other)
        for one in bars
        for other in bars
        if one[0] < other[0] < one[2] and rows[one[0]].peer == rows[other[0]].peer
    ]
    assert overlapping
    for one, other in overlapping:
        assert one[4] != other[4] or one[4] == NEVER
        # The chain is a queue: who came later is not at work before the first has done its work.
        assert other[1] < 0 or other[1] >= one[1]


def test_origins_are_calls_and_sendings(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare")
    rows = [one for _, one in replay.observations]
    back = page_data(replay)["columns"]["of"]
    ends = [(row, one) for row, one in enumerate(rows) if isinstance(one, format.Resolve)]
    assert ends
    for row, one in ends:
        call = rows[row - back[row]]
        assert isinstance(call, format.Call)
        assert call.id == one.call
    taken = [
        (one, rows[row - back[row]])
        for row, one in enumerate(rows)
        if isinstance(one, format.Call) and one.method == "setRemoteDescription" and back[row]
    ]
    assert taken
    assert all(one.peer != other.peer or other.n < one.n for one, other in taken)


def test_it_begins_where_it_went_wrong_first(replayed: Replayed) -> None:
    replay = replayed("first-change", dropped(kind="event", name="negotiationneeded"))
    data = page_data(replay)
    (first,) = (one for one in data["findings"] if one["id"] == "NN-MISSED")
    assert data["findings"][data["begins"]] is first
    assert first["row"] >= 0
    (told,) = (one for one in replay.verdict.findings if one.id == "NN-MISSED")
    assert data["strings"][first["message"]] == told.message
    assert [data["strings"][one] for one in first["states"]] == list(told.states)
    conforming = page_data(replayed("first-change"))
    assert conforming["begins"] == -1


def test_lines_and_a_peer_can_be_chosen(replayed: Replayed) -> None:
    replay = replayed("two-peers-glare")
    rows = unpacked(page_data(replay, part=Part(5, 20, "A")))
    assert rows == [one for one in as_observed(replay) if 5 <= one[0] <= 20 and one[2] == "A"]


def test_a_long_recording_is_cut_to_what_went_wrong(
    replayed: Replayed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_OBSERVATIONS", 4)
    replay = replayed("first-change", dropped(kind="event", name="negotiationneeded"))
    data = page_data(replay)
    assert data["observations"] == {"all": len(replay.observations), "shown": 4}
    assert data["findings"][data["begins"]]["row"] >= 0


def evil(lines: list[Line]) -> list[Line]:
    lines = dropped(kind="event", name="negotiationneeded")(lines)
    lines = altered({"kind": "throw", "error": EVIL, "message": EVIL}, kind="return")(lines)
    header, *rest = altered({"program": EVIL, "note": EVIL}, kind="header")(lines)
    assert isinstance(header, format.Header)
    stack = format.Stack(EVIL, version=EVIL, platform=EVIL)
    peers = {
        name: msgspec.structs.replace(one, stack=stack, source=EVIL)
        for name, one in header.peers.items()
    }
    mark = format.Mark(n=10**6, t=1e6, peer="A", text=EVIL, within=EVIL)
    return [msgspec.structs.replace(header, peers=peers), *rest, mark]


def test_no_text_of_a_trace_is_markup(replayed: Replayed) -> None:
    written = replay_as_page(replayed("first-change", evil))
    between = written.partition('id="data">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u202e\x1b\x00") & set(between)
    told = json.loads(between)
    assert any("onerror" in one for one in told["strings"])
    assert all(one.replace(SLOT, "").isprintable() for one in told["strings"])
    outside = written.replace(between, "")
    assert outside == replay_as_page(replayed("first-change")).replace(
        json_of(replay_as_page(replayed("first-change"))), ""
    )


def json_of(written: str) -> str:
    return written.partition('id="data">')[2].partition("</script>")[0]


def test_the_script_makes_no_markup_and_asks_for_nothing(replayed: Replayed) -> None:
    written = replay_as_page(replayed("first-change"))
    outside = written.replace(json_of(written), "")
    makes = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(|import\("
    assert not re.search(makes, outside)
    assert not re.search(r"(?i)url\(|@import|<link|<img|<iframe| style=| on\w+=", outside)
    assert "default-src 'none'" in outside


def test_kinds_are_those_of_the_format() -> None:
    tags = {
        one.__struct_config__.tag
        for one in (
            *(format.Call, format.Return, format.Throw, format.Resolve, format.Reject),
            *(format.Event, format.Send, format.Receive, format.Idle, format.Mark),
        )
    }
    assert set(KINDS) == tags
