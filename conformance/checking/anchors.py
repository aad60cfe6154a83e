"""Which text of the specification a finding is about, where the model names no rule."""

from __future__ import annotations

import functools
import re

from .registry import FINDINGS

_OF_CALLS = re.compile(r"(CALL|OP)-(ACCEPTED|REJECTED|ERROR)")
_SETTING = ("setLocalDescription", "setRemoteDescription")
_MODIFIED = "not InvalidModificationError"
_ANSWERS = "jsep:5.3.1"


@functools.cache
def anchor_of(id: str, about: str) -> str:
    """The anchor of a finding of this kind: how a call has to end is told where the call is.

    A description is judged by "set a session description", but for the text that is not the one
    that was created: that is refused before.
    """
    general = FINDINGS[id].anchor
    method = (re.match(r"\w+", about) or [""])[0]
    if id == "SDP-SHAPE" and method == "createAnswer":
        return _ANSWERS
    is_set = method in _SETTING and id.startswith("OP-") and _MODIFIED not in about
    if is_set or not _OF_CALLS.fullmatch(id):
        return general
    return _anchor_of_method(method) or general


def _anchor_of_method(method: str) -> str | None:
    from negotiation.model.algorithms import ALGORITHMS  # many rows, for findings only

    anchors = (one.anchor for one in ALGORITHMS if one.anchor.startswith("#dom-"))
    return next((one for one in anchors if one.endswith(f"-{method.lower()}")), None)


def told_anew(id: str, about: str, anchor: str) -> str:
    """The anchor of a finding that was written down when only its kind told one.

    What is known by another version may be of a kind that is unknown here: it stays.
    """
    kind = FINDINGS.get(id)
    return anchor if kind is None or anchor != kind.anchor else anchor_of(id, about)
