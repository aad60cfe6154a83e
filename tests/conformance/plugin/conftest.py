"""Whoever tests the plugin runs pytest with it."""

from __future__ import annotations

import pytest
from plugged import Plugged

# What is imported here stays for all runs; what a run imports is forgotten with it.
from negotiation.conformance import mutations
from negotiation.conformance.plugin import attaching, concluding, quiet, summary, traces, watching
from negotiation.conformance.programs import model_stack

__all__ = [
    "attaching",
    "concluding",
    "model_stack",
    "mutations",
    "plugged",
    "quiet",
    "summary",
    "traces",
    "watching",
]


@pytest.fixture
def plugged(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Plugged:
    """pytest, in a folder of its own."""
    return Plugged(pytester, monkeypatch)
