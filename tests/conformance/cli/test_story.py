"""The story that replay begins with; what it tells is in golden files."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from negotiation.conformance.reports.falsifying import altered, dropped
from negotiation.conformance.traces.format import Header, Line, Observation

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

STORIES = {
    "healthy": "offer-and-answer-of-two-peers",
    "glare": "glare-of-two-peers-with-tracks",
    "wrong-state": "late-answer-to-a-rolled-back-offer",
    "rollback": "rollback-of-a-local-offer",
    "close": "close-in-the-provisional-states",
    "perfect": "perfect-negotiation-rolled-back-change-comes-back",
    "nothing": "first-change",
}


@pytest.mark.parametrize("name", STORIES)
def test_stories(name: str, negotiation: Run, trace: Write, golden: Golden) -> None:
    trace("call.jsonl", STORIES[name])
    ran = negotiation("replay", "call.jsonl", "--story")
    assert (ran.code, ran.err) == (0, "")
    golden(f"story-{name}.txt", ran.out)


def test_what_followed_is_told(negotiation: Run, trace: Write, golden: Golden) -> None:
    missed = dropped(kind="event", name="negotiationneeded")
    trace("call.jsonl", "two-peers-that-add-tracks", edit=missed)
    golden("story-missed.txt", negotiation("replay", "call.jsonl", "--story").out)


def test_of_a_half_seen_recording_its_limits_are_told(
    negotiation: Run, trace: Write, golden: Golden
) -> None:
    trace("call.jsonl", "two-peers-glare", profile="firefox")
    golden("story-half-seen.txt", negotiation("replay", "call.jsonl", "--story").out)


def test_the_story_comes_first(negotiation: Run, trace: Write) -> None:
    trace("call.jsonl")
    story = negotiation("replay", "call.jsonl", "--story").out
    whole = negotiation("replay", "call.jsonl").out
    assert whole.startswith(story)
    assert len(whole) > len(story)


def test_the_story_up_to_a_line(negotiation: Run, trace: Write) -> None:
    trace("call.jsonl", "offer-and-answer-of-two-peers")
    told = negotiation("replay", "call.jsonl:12", "--story").out
    told = " ".join(told.split())
    assert "call.jsonl, up to line 12" in told
    assert "It was not answered by line 12, at 10 ms" in told
    assert "The verdict so far: conforms." in told


def test_the_story_as_json(negotiation: Run, trace: Write) -> None:
    trace("call.jsonl", "late-answer-to-a-rolled-back-offer")
    told = json.loads(negotiation("replay", "call.jsonl", "--story", "--format", "json").out)
    assert "steps" not in told
    story = told["story"]
    (one,) = story["negotiations"]
    assert (one["peer"], one["other"], one["outcome"]) == ("A", "B", "rolled back")
    assert (one["began"]["what"], one["there"], one["took"]) == ("addTrack", "completed", None)
    assert story["outcomes"] == {"rolled back": 1}
    assert (story["first"]["id"], story["first"]["class"]) == ("APP-DEAD-ANSWER", "fault")
    assert [one["id"] for one in story["besides"]] == ["ENDS-DIVERGED"]
    whole = json.loads(negotiation("replay", "call.jsonl", "--format", "json").out)
    assert whole["story"] == story
    assert whole["steps"]


def test_the_stories_of_several_traces(negotiation: Run, trace: Write) -> None:
    names = ["calls/a.jsonl", "calls/b.jsonl"]
    told = [negotiation("replay", trace(name), "--story").out for name in names]
    assert negotiation("replay", "calls", "--story").out == "\n".join(told)
    stories = json.loads(negotiation("replay", "calls", "--story", "--format", "json").out)
    assert [one["trace"] for one in stories["stories"]] == names
    assert negotiation("replay", "calls").code == 2


def test_long_names_are_shortened(negotiation: Run, trace: Write) -> None:
    name = "0f8fad5b-d9cb-469f-a165-70867728950e"

    def renamed(lines: list[Line]) -> list[Line]:
        text = msgspec.json.encode(lines).replace(b'"A"', f'"{name}"'.encode())
        return msgspec.json.decode(text, type=list[Line])

    def not_understood(lines: list[Line]) -> list[Line]:
        sideways = {"args": {"description": {"type": "sideways"}}}
        return altered(sideways, kind="call", method="setLocalDescription")(renamed(lines))

    trace("call.jsonl", "rollback-of-a-local-offer", edit=renamed)
    told = negotiation("replay", "call.jsonl", "--story").out
    assert told.count(name) == 1
    assert "0f8fad5b... offered after addTransceiver()" in told
    trace("call.jsonl", "rollback-of-a-local-offer", edit=not_understood)
    told = negotiation("replay", "call.jsonl", "--story").out
    assert "What cannot be told:\n  - 0f8fad5b...: " in told


def test_of_more_than_two_peers_nobody_says_both(negotiation: Run, trace: Write) -> None:
    def with_bystanders(lines: list[Line]) -> list[Line]:
        header = lines[0]
        assert isinstance(header, Header)
        peers = header.peers | dict.fromkeys(("C", "D"), header.peers["B"])
        return [msgspec.structs.replace(header, peers=peers), *lines[1:]]

    trace("call.jsonl", "offer-and-answer-of-two-peers", edit=with_bystanders)
    told = negotiation("replay", "call.jsonl", "--story").out
    assert "A, B, C and D are all model" in told


def test_what_is_expected_is_known(negotiation: Run, trace: Write) -> None:
    trace("call.jsonl", "first-change", edit=dropped(kind="event", name="negotiationneeded"))
    told = negotiation("replay", "call.jsonl", "--story").out
    assert "What went wrong first:" in told
    row = {"id": "NN-MISSED", "program": "*", "reason": "It never fires.", "link": "docs/it.md"}
    Path("expectations.json").write_text(json.dumps([row]), "utf-8")
    told = " ".join(negotiation("replay", "call.jsonl", "--story").out.split())
    assert "Nothing went wrong besides what is known" in told
    assert "A): It never fires. See docs/it.md." in told
    whole = negotiation("replay", "call.jsonl").out
    assert "call.jsonl:4  (departure, blame: stack, known)" in whole
    assert "The verdict: violates, by what is known alone (1 x NN-MISSED)." in told
    ran = negotiation("replay", "call.jsonl", "--story", "--format", "json")
    story = json.loads(ran.out)["story"]
    assert story["first"] is None
    assert [one["id"] for one in story["known"]] == ["NN-MISSED"]


def test_times_that_count_from_1970_are_told_from_the_beginning(
    negotiation: Run, trace: Write
) -> None:
    def dated(lines: Iterable[Line]) -> Iterator[Line]:
        for one in lines:
            told = isinstance(one, Observation)
            yield msgspec.structs.replace(one, t=one.t + 1.8e12) if told else one  # type: ignore[union-attr]

    for name in ("late-answer-to-a-rolled-back-offer", "two-peers-glare"):
        trace("dated.jsonl", name, edit=dated)
        trace("call.jsonl", name)
        told = negotiation("replay", "dated.jsonl", "--story").out
        assert " h " not in told
        assert "t = 1" not in told
        # As much later as in the same recording with times of its own.
        assert told.count(" later") == negotiation("replay", "call.jsonl", "--story").out.count(
            " later"
        )


def test_the_story_of_standard_input(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = Path(trace("call.jsonl")).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    ran = negotiation("replay", "-", "--story")
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing was negotiated" in ran.out
