"""Events are fired as DOM's "fire an event" does it: they neither bubble nor can be cancelled.

webrtc-pc says "fire an event named ..." for each of its events and sets neither attribute, so both
keep their default, false (DOM, "fire an event" and "inner event creation steps").
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.checking.seen import Told
from negotiation.conformance.programs import library
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import format

pytestmark = pytest.mark.skipif(
    "attributes" not in Told.__struct_fields__,
    reason="Told does not carry the attributes of events yet",
)

PROGRAM = library.load("order-on-return-to-stable")
EVENTS = ("signalingstatechange", "negotiationneeded", "track")


def findings(event: str, **attributes: Any) -> list[tuple[str, str]]:
    """What is found when the first such event of a conforming run has these attributes."""
    lines = trace_of(PROGRAM, run_program(PROGRAM))
    index = next(
        n for n, one in enumerate(lines) if isinstance(one, format.Event) and one.name == event
    )
    lines[index] = msgspec.structs.replace(lines[index], **attributes)
    return [(one.id, one.message) for one in Checker().judge_lines("trace", lines).findings]


@pytest.mark.parametrize("event", EVENTS)
def test_what_was_not_read_is_not_judged(event: str) -> None:
    assert findings(event, bubbles=None, cancelable=None) == []
    assert findings(event, bubbles=False, cancelable=None) == []
    assert findings(event, bubbles=False, cancelable=False) == []


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("attribute", ["bubbles", "cancelable"])
def test_an_attribute_that_is_true_is_wrong(event: str, attribute: str) -> None:
    ((id, message),) = findings(event, **{attribute: True})
    assert id == "EVENT-WRONG"
    assert event in message
    assert f"its {attribute} is false" in message


def test_both_are_told_in_one_finding() -> None:
    ((id, message),) = findings("track", bubbles=True, cancelable=True)
    assert id == "EVENT-WRONG"
    assert "its bubbles is false, its cancelable is false" in message
