"""Which browser it was, by its user agent."""

from __future__ import annotations

import re

from negotiation.conformance.traces.format import Stack

from ..webrtc_internals.about import stack_of as of_chromium

UNKNOWN = "unknown"
"""The name of the stack where none is told."""

_FIREFOX = re.compile(r"\b(?:Firefox|FxiOS)/([0-9][0-9.]{0,40})")
_SAFARI = re.compile(r"\bVersion/([0-9][0-9.]{0,40})(?: Mobile/\w{1,20})? Safari/")
_CHROME = re.compile(r"\bChrom(?:e|ium)/[0-9]")
_PLATFORM = re.compile(r"\(([A-Za-z0-9 ;:._/-]{1,80})\)")


def stack_of(agent: str) -> Stack:
    """The stack that is named; an `UNKNOWN` one where none is."""
    agent = agent[:2000]
    platform = match[1] if (match := _PLATFORM.search(agent)) else ""
    if match := _FIREFOX.search(agent):
        return Stack("firefox", match[1], platform)
    if _CHROME.search(agent):
        return of_chromium(agent, {})
    if match := _SAFARI.search(agent):
        return Stack("safari", match[1], platform)
    return Stack(UNKNOWN)
