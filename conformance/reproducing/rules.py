"""Where the text of the rule is that a finding is about: what a maintainer is sent to."""

from __future__ import annotations

import re

from negotiation.conformance.checking.findings import FINDINGS, Finding
from negotiation.conformance.fuzzing.cases import Fault
from negotiation.model.algorithms import ALGORITHMS
from negotiation.model.source import address_of

_OF_CALLS = re.compile(r"(CALL|OP)-(ACCEPTED|REJECTED|ERROR)")
_SETTING = ("setLocalDescription", "setRemoteDescription")
_MODIFIED = "not InvalidModificationError"
_ANSWERS = "jsep:5.3.1"


def url_of(finding: Finding) -> str:
    """The address of the text."""
    return address_of(anchor_of(finding))


def anchor_of(finding: Finding | Fault) -> str:
    """The anchor: how a call has to end is told where the call is, unless a rule is named.

    A description is judged by "set a session description", but for the text that is not the one
    that was created: that is refused before.
    """
    method = (re.match(r"\w+", finding.about) or [""])[0]
    if finding.anchor != FINDINGS[finding.id].anchor:
        return finding.anchor
    if finding.id == "SDP-SHAPE" and method == "createAnswer":
        return _ANSWERS
    is_set = method in _SETTING and finding.id.startswith("OP-") and _MODIFIED not in finding.about
    if is_set or not _OF_CALLS.fullmatch(finding.id):
        return finding.anchor
    return _anchor_of_method(method) or finding.anchor


def _anchor_of_method(method: str) -> str | None:
    anchors = (one.anchor for one in ALGORITHMS if one.anchor.startswith("#dom-"))
    return next((one for one in anchors if one.endswith(f"-{method.lower()}")), None)
