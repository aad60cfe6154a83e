"""Programs as they are given to a recorder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tried_programs import with_steps

from negotiation.conformance.stacks import preparing
from negotiation.conformance.stacks.preparing import METHODS, ProgramError, prepared
from negotiation.conformance.stacks.wire import Options

SETTLE: dict[str, Any] = {"settle": True}


def script(*items: dict[str, Any], peer: str = "A") -> dict[str, Any]:
    return {"peer": peer, "do": list(items)}


def test_peers_are_always_told_and_options_ride_along() -> None:
    order = prepared(with_steps(SETTLE), Options(quiet=5))
    assert order.program["peers"] == ["A"]
    assert order.options.quiet == 5


def test_a_program_ends_settled() -> None:
    add = script({"call": "addTransceiver", "args": {"kind": "audio"}})
    assert prepared(with_steps(add)).program["steps"][1:] == (SETTLE,)
    assert prepared(with_steps(add, SETTLE)).program["steps"][1:] == (SETTLE,)
    assert prepared(with_steps()).program["steps"] == (SETTLE,)


def test_invented_descriptions_become_texts() -> None:
    source = {"type": "offer", "sections": [{"kind": "audio"}], "edits": [{"reject": 0}]}
    call = {"call": "setRemoteDescription", "description": source}
    handler = {"peer": "A", "event": "negotiationneeded", "do": [call]}
    told = prepared(with_steps(script(call), handlers=[handler])).program
    for do in (told["steps"][0]["do"][0], told["handlers"][0]["do"][0]):
        assert "sections" not in do["description"]
        assert do["description"]["sdp"].startswith("v=0\r\n")
        assert do["description"]["edits"] == ({"reject": 0},)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"call": "createOfer"}, "no call 'createOfer'"),
        ({"call": "addTrack", "args": {"trak": "audio:x"}}, "no argument 'trak'"),
        ({"call": "addTrack", "args": {"track": "mic"}}, "audio:NAME"),
        ({"call": "addTransceiver", "args": {"kind": 5}}, "a trace cannot tell"),
        ({"call": "stop"}, "needs a `transceiver`"),
        (
            {"call": "setRemoteDescription", "description": {"of": ["A", "sdp"]}},
            "`of` reads one of localDescription",
        ),
    ],
)
def test_wrong_programs_are_refused_with_their_place(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ProgramError, match="steps") as caught:
        prepared(with_steps(SETTLE, script(wrong)))
    assert told in str(caught.value)
    assert "p: steps[1].do[0]" in str(caught.value)


def test_peers_must_be_declared() -> None:
    with pytest.raises(ProgramError, match="no peer 'B'"):
        prepared(with_steps(script(peer="B")))


def test_a_step_does_something() -> None:
    with pytest.raises(ProgramError, match=r"steps\[0\] has neither"):
        prepared(with_steps({"do": []}))


def test_what_is_wrong_as_webrtc_is_for_the_stack_to_refuse() -> None:
    prepared(with_steps(script({"call": "addTransceiver", "args": {"kind": "banana"}})))


def test_the_page_knows_the_same_calls() -> None:
    text = (Path(preparing.__file__).parent / "methods.js").read_text("utf-8")
    table = text[text.index("export const METHODS = {") :]
    table = table[: table.index("\n};")]
    names = {line.strip().partition(":")[0].rstrip(",") for line in table.splitlines()[1:]}
    assert {name for name in names if name.isidentifier()} == METHODS


COLLECT: dict[str, Any] = {"collect": True}
OFFER: dict[str, Any] = {"call": "createOffer"}
ON_MESSAGE = {"peer": "A", "event": "message", "do": [OFFER]}
ON_EVENT = {"peer": "A", "event": "negotiationneeded", "do": [OFFER, COLLECT]}
OF_A = {"call": "setRemoteDescription", "description": {"of": ["A", "localDescription"]}}


@pytest.mark.parametrize(
    ("steps", "more", "dropped"),
    [
        ([script(OFFER, COLLECT)], {}, [True]),
        ([script(OFFER, COLLECT), SETTLE], {"handlers": [ON_EVENT]}, [True]),
        ([script(COLLECT, OFFER, COLLECT, COLLECT)], {}, [False, True, True]),
        ([script(COLLECT), SETTLE, script(OFFER, COLLECT)], {}, [False, True]),
        ([script(COLLECT), script(OFFER, peer="B")], {"peers": ["A", "B"]}, [True]),
        ([script(COLLECT), script(OF_A, peer="B")], {"peers": ["A", "B"]}, [False]),
        ([script(COLLECT)], {"handlers": [ON_MESSAGE]}, [False]),
    ],
)
def test_what_nothing_refers_to_any_more_is_let_go(
    steps: list[dict[str, Any]], more: dict[str, Any], dropped: list[bool]
) -> None:
    told = prepared(with_steps(*steps, **more)).program["steps"]
    items = [item for step in told for item in step.get("do", ()) if item.get("collect")]
    assert [item.get("drops", False) for item in items] == dropped


def test_in_a_handler_a_connection_is_not_let_go() -> None:
    told = prepared(with_steps(script(OFFER), handlers=[ON_EVENT])).program["handlers"]
    assert told[0]["do"][1] == COLLECT


def test_collecting_is_an_item_of_its_own() -> None:
    with pytest.raises(ProgramError, match="`collect` is an item of its own"):
        prepared(with_steps(script({**OFFER, **COLLECT})))
    assert prepared(with_steps(script({**COLLECT, "when": ["state:stable"]})))
