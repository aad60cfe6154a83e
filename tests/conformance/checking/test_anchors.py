"""Which text a maintainer is sent to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.checking.anchors import anchor_of, told_anew
from negotiation.conformance.checking.findings import FINDINGS, Diagnosis


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
    assert anchor_of(id, about) == anchor
    assert Diagnosis(id, "something", about=about).finding("trace", 1, "A").anchor == anchor
    assert told_anew(id, about, FINDINGS[id].anchor) == anchor


def test_a_rule_that_is_named_stays() -> None:
    named = Diagnosis("OP-ACCEPTED", "it", anchor="#dfn-chain", about="addIceCandidate: accepted")
    assert named.finding("trace", 1, "A").anchor == "#dfn-chain"
    assert told_anew("OP-ACCEPTED", "addIceCandidate: accepted", "#dfn-chain") == "#dfn-chain"
    assert told_anew("OF-A-LATER-VERSION", "addIceCandidate: accepted", "#some") == "#some"


@given(st.sampled_from(sorted(FINDINGS)), st.text())
def test_every_kind_has_a_text_whatever_it_is_about(id: str, about: str) -> None:
    anchor = anchor_of(id, about)
    assert anchor.startswith(("#", "jsep:")) or anchor == FINDINGS[id].anchor
    assert told_anew(id, about, anchor) == anchor
