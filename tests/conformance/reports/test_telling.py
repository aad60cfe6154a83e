"""Links, commands to copy, observations in words, and findings told in full."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from negotiation.conformance.checking.findings import FINDINGS, Finding
from negotiation.conformance.checking.why import Ruling
from negotiation.conformance.reports.formats.facts import rule_facts
from negotiation.conformance.reports.judged import Quoted
from negotiation.conformance.reports.links import TRACES, command, place_in_text, url_of
from negotiation.conformance.reports.observing import observation_in_words, reading_in_words
from negotiation.conformance.reports.paper import Paper
from negotiation.conformance.reports.reasons import SENTENCES, sentence
from negotiation.conformance.reports.telling import MOST_LISTED, tell_finding
from negotiation.conformance.traces import format
from negotiation.model import Specification, rules_of

AT: dict[str, Any] = {"n": 1, "t": 0.0, "peer": "A"}


@pytest.mark.parametrize(
    ("anchor", "url"),
    [
        ("#dfn-chain", "https://w3c.github.io/webrtc-pc/#dfn-chain"),
        ("jsep:5.2.2", "https://www.rfc-editor.org/rfc/rfc9429.html#section-5.2.2"),
        ("https://example.org/x", "https://example.org/x"),
        ("traces", TRACES),
    ],
)
def test_urls(anchor: str, url: str) -> None:
    assert url_of(anchor) == url


def test_every_finding_links_somewhere() -> None:
    assert all(
        url_of(kind.anchor).startswith(("https://", "traces/", "docs/"))
        for kind in FINDINGS.values()
    )


@pytest.mark.parametrize("name", ["a.jsonl", "with space.jsonl", "$(reboot).jsonl", "it's.jsonl"])
def test_commands_can_be_copied(name: str) -> None:
    assert shlex.split(command("replay", name, 7)) == ["negotiation", "replay", f"{name}:7"]


def test_a_command_with_control_characters_shows_none() -> None:
    told = command("why", "it's\n\x1b[2J.jsonl", 7)
    assert told.isprintable()
    assert told == "negotiation why $'it\\'s\\n\\x1b[2J.jsonl:7'"


@pytest.mark.parametrize(
    ("observation", "words"),
    [
        (format.Call(**AT, id=3, method="close"), "call close #3"),
        (
            format.Call(
                **AT,
                id=3,
                method="addTransceiver",
                args=format.Arguments(track="audio:x", direction="sendonly", streams=("s1", "s2")),
            ),
            "call addTransceiver #3 (audio:x, sendonly, streams {s1, s2})",
        ),
        (
            format.Call(
                **AT,
                id=3,
                method="createDataChannel",
                args=format.Arguments(label="x", init={"id": 1}, options={"iceRestart": True}),
            ),
            "call createDataChannel #3 (label 'x', iceRestart: True, id: 1)",
        ),
        (
            format.Call(
                **AT,
                id=3,
                method="addIceCandidate",
                args=format.Arguments(candidate=format.Candidate("c")),
            ),
            "call addIceCandidate #3 (candidate 'c')",
        ),
        (format.Return(**AT, call=1, value="t1"), "addTrack #1 returns t1"),
        (format.Throw(**AT, call=1, error="E", message="m"), "addTrack #1 throws E ('m')"),
        (
            format.Resolve(**AT, call=2, description=format.DescriptionRef("offer", "s1")),
            "a call #2 resolves (offer s1)",
        ),
        (format.Reject(**AT, call=1, error="E"), "addTrack #1 rejects with E"),
        (
            format.Event(**AT, name="track", transceiver="t1", streams=("s1",)),
            "event track of t1 in {s1}",
        ),
        (format.Send(**AT, message="m", description=format.DescriptionRef()), "send 'm' (nothing)"),
        (format.Receive(**AT, message="m"), "receive 'm'"),
        (format.Idle(**AT, quiet=5.0, pending=(1,)), "idle (quiet for 5 ms, pending: addTrack #1)"),
        (format.Mark(**AT, text="x"), "mark: x"),
    ],
)
def test_observations(observation: format.Observation, words: str) -> None:
    assert observation_in_words(observation, {1: "addTrack"}) == words


def test_readings() -> None:
    one = format.TransceiverReading("t1", "audio", "sendrecv", "0", "inactive")
    reading = format.Reading("stable", (one,), format.Descriptions(currentLocal="offer"))
    assert reading_in_words(reading) == (
        "signalingState stable; transceivers t1 audio sendrecv (current inactive) mid '0'; "
        "descriptions current local offer"
    )
    assert reading_in_words(format.Reading(transceivers=())) == "transceivers none"
    assert reading_in_words(None) == ""


def test_long_lists_are_cut() -> None:
    finding = _finding(states=tuple(f"state {number}" for number in range(99)))
    paper = Paper()
    tell_finding(paper, finding)
    assert f"... and {99 - MOST_LISTED} more" in paper.text()


def test_a_consequence_says_of_what() -> None:
    paper = Paper()
    tell_finding(paper, _finding(after=4), commands=False)
    assert "Follows from: the finding in line 4" in paper.text()
    assert "negotiation replay" not in paper.text()


@pytest.mark.parametrize(("t", "when"), [(12.5, " at 12.5 ms"), (1.76e12, "")])
def test_a_time_that_is_a_date_is_not_told_as_milliseconds(t: float, when: str) -> None:
    paper = Paper()
    tell_finding(paper, _finding(), quoted=Quoted("createOffer resolves", "", t), commands=False)
    assert f"Observed: peer A{when}: createOffer resolves" in paper.text()


def _finding(**fields: Any) -> Finding:
    told: dict[str, Any] = {
        "id": "NN-LATE",
        "class_": "departure",
        "blame": "stack",
        "trace": "a.jsonl",
        "line": 9,
        "peer": "A",
        "message": "it is late",
        "anchor": "#x",
    }
    return Finding(**{**told, **fields})


def test_sentences_are_about_rules_that_exist() -> None:
    rules = rules_of(Specification)
    assert {name for name, _ in SENTENCES} <= set(rules)
    assert all((name, not outcome) in SENTENCES for name, outcome in SENTENCES)


def test_the_rule_that_refused_is_told_with_its_step() -> None:
    paper = Paper()
    tell_finding(paper, _finding(refused_by="is_unassociated", anchor="#x"), commands=False)
    (line,) = (one for one in paper.text().splitlines() if "Refused by" in one)
    step = "is_unassociated, step 5.2 of check if negotiation is needed"
    assert f"Refused by: {step}," in line
    refused, rule = rule_facts("is_unassociated", "#x")
    assert (refused.values, rule.values) == ((step,), (url_of("#x"),))
    assert [one.label for one in rule_facts(None, "#x")] == ["The rule"]


def test_a_rule_that_the_model_does_not_have_is_told_without_a_step() -> None:
    assert place_in_text("no_such_rule") is None
    assert place_in_text(None) is None


def test_a_rule_without_a_sentence_is_told_by_its_own_words() -> None:
    rule = rules_of(Specification)["may_create_answer"]
    assert sentence(Ruling(rule, (), False, 0)) == f"{rule.says} NO (may_create_answer)"
    assert sentence(Ruling(rule, (), "offer", 0)) == f"{rule.says} offer (may_create_answer)"
