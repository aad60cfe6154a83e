"""JSON as a stream of events: what is bounded is left out, and everything else stays as it is."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiation.conformance.importing import json_events as module
from negotiation.conformance.importing.entries import BrokenOffError
from negotiation.conformance.importing.json_events import json_events

TEXTS = st.text() | st.text(alphabet='"\\19é\U0001f600')
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


def built(data: bytes) -> Any:
    """The document, put together again."""
    stack: list[Any] = [[]]
    keys: list[str] = []
    for event, value in json_events(io.BytesIO(data)):
        if event == "map_key":
            keys.append(value)
        elif event.startswith("start_"):
            stack.append({} if event == "start_map" else [])
        else:
            told = stack.pop() if event.startswith("end_") else value
            if isinstance(stack[-1], dict):
                stack[-1][keys.pop()] = told
            else:
                stack[-1].append(told)
    ((document,),) = stack
    return document


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES, at_once=st.integers(1, 20), is_ascii=st.booleans())
def test_a_document_is_what_it_was(
    value: Any, at_once: int, is_ascii: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_READ_AT_ONCE", at_once)
    assert built(json.dumps(value, ensure_ascii=is_ascii).encode()) == value


@pytest.mark.parametrize("digits", [100, 6000])
def test_a_number_has_a_bound_and_the_digits_of_a_text_have_none(digits: int) -> None:
    text = "9" * digits
    assert built(json.dumps([text, "x", text]).encode()) == [text, "x", text]
    with pytest.raises(BrokenOffError, match="more than 99 digits"):
        built(f'["{text}", {text}]'.encode())
