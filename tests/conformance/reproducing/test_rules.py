"""Which text a maintainer is sent to."""

from __future__ import annotations

import pytest
from reproduced import subject_of

from negotiation.conformance.checking.findings import FINDINGS, Finding
from negotiation.conformance.fuzzing.cases import Fault
from negotiation.conformance.programs import library
from negotiation.conformance.reproducing.forms import as_js
from negotiation.conformance.reproducing.rules import anchor_of, url_of


def finding(id: str, about: str = "", anchor: str | None = None) -> Finding:
    return Finding(
        id=id,
        class_="departure",
        blame="stack",
        trace="trace.jsonl",
        line=1,
        peer="A",
        message="something",
        anchor=anchor or FINDINGS[id].anchor,
        about=about,
    )


@pytest.mark.parametrize(
    ("id", "about", "anchor"),
    [
        ("OP-ACCEPTED", "addIceCandidate: accepted, not InvalidStateError",
         "#dom-rtcpeerconnection-addicecandidate"),
        ("OP-ERROR", "setLocalDescription(offer): accepted, not InvalidModificationError",
         "#dom-rtcpeerconnection-setlocaldescription"),
        ("OP-ERROR", "setLocalDescription: OperationError, not InvalidStateError",
         "#set-description"),
        ("OP-REJECTED", "setRemoteDescription: InvalidAccessError, not accepted",
         "#set-description"),
        ("OP-ACCEPTED", "replaceTrack: accepted, not TypeError", "#dom-rtcrtpsender-replacetrack"),
        ("CALL-ERROR", "direction: InvalidAccessError, not TypeError",
         "#dom-rtcrtptransceiver-direction"),
        ("CALL-REJECTED", "addTrack: InvalidAccessError, not accepted",
         "#dom-rtcpeerconnection-addtrack"),
        ("CALL-REJECTED", "", FINDINGS["CALL-REJECTED"].anchor),
        ("OP-AFTER-CLOSE", "createOffer is fulfilled after close", "#dfn-chain"),
        ("SDP-SHAPE", "createAnswer: too few m-sections", "jsep:5.3.1"),
        ("SDP-SHAPE", "createOffer: too few m-sections", "jsep:5.2.2"),
    ],
)  # fmt: skip
def test_how_a_call_ends_is_told_where_the_call_is(id: str, about: str, anchor: str) -> None:
    assert anchor_of(finding(id, about)) == anchor
    assert anchor_of(Fault.of(finding(id, about))) == anchor


def test_a_rule_that_is_named_stays() -> None:
    named = finding("OP-ACCEPTED", "addIceCandidate: accepted, not TypeError", "#dfn-chain")
    assert url_of(named) == "https://w3c.github.io/webrtc-pc/#dfn-chain"


def test_a_script_for_werift_has_a_certificate_before_it_begins() -> None:
    text = as_js(subject_of(library.load("first-change"), "werift"))
    assert text.index("setLocalDescription();\n") < text.index("Promise.race")
    assert "waits for its certificate" in text
    assert "certificate" not in as_js(subject_of(library.load("first-change"), "roamhq-wrtc"))
