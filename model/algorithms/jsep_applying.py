"""JSEP's descriptions: what makes them valid, and what applying them does."""

from __future__ import annotations

from .algorithm import algorithm, step
from .reasons import AGENT, CERTIFICATES, CODECS, HEADERS, LINES, MEDIA

_RATES = "no rates in the model"

STATES = (
    algorithm("jsep:3.5.1", "ICE Gathering Overview"),
    algorithm(
        "jsep:3.2",
        "Session Descriptions and State Machine",
        step("1", "It has to be known which side a description is of."),
        step("2", "And whether it is an offer or an answer."),
        step("3", "An offer can be told before its answer.", "set_description_slots"),
    ),
)

APPLYING = (
    algorithm(
        "jsep:5.8.3",
        "Semantics Verification",
        step("1", "Each m-section has what everyone has to use.", "is_content_invalid"),
        step("1.1", "ICE credentials of a legal length.", "is_content_invalid"),
        step("1.2", "a=tls-id, which changes with ICE only.", left_out=CERTIFICATES),
        step("1.3", "a=setup.", "is_content_invalid"),
        step("1.4", "A fingerprint.", "is_content_invalid"),
        step("2", "The rids of a=simulcast are told.", "is_content_invalid"),
        step("3", "Nothing that is prohibited is used.", left_out=LINES),
        step("4", "RTP and RTCP are multiplexed, if the policy asks for it.", "is_content_invalid"),
        step("5", "They are, if they were in the last answer.", left_out=LINES),
        step("6", "An answer keeps RFC 3264's rules: as many m-sections as the offer."),
        step("7", "Each of the offered kind."),
    ),
    algorithm(
        "jsep:5.9",
        "Applying a Local Description",
        step("1", "New: gather candidates.", left_out=AGENT),
        step("2", "New ICE credentials: restart ICE.", left_out=AGENT),
        step("3", "For media.", "process_local"),
        step("3.1", "Without a transceiver: associate one."),
        step("3.1.1", "The one that was offered with it."),
        step("3.1.2", "It has the mid now."),
        step("3.2", "Multiplex RTP and RTCP.", left_out=MEDIA),
        step("3.3", "Note the header extensions.", left_out=HEADERS),
        step("3.4", "Tell streams apart by the mid.", left_out=MEDIA),
        step("3.5", "Note the payload types.", left_out=CODECS),
        step("3.6", "And those of retransmission.", left_out=CODECS),
        step("3.7", "Be ready to receive.", left_out=MEDIA),
    ),
    algorithm(
        "jsep:5.10",
        "Applying a Remote Description",
        step("1", "CT of the session.", left_out=_RATES),
        step("2", "RR and RS of the session.", left_out=_RATES),
        step("3", "AS of the session is ignored.", left_out=_RATES),
        step("4", "Other ICE credentials than before."),
        step("4.1", "In an offer: ICE restarts."),
        step("4.2", "In an answer to an offer that does not: error.", "may_credentials_not_fit"),
        step("5", "The same, but the offer restarts ICE: error.", "may_credentials_not_fit"),
        step("6", "Check connectivity with them.", left_out=AGENT),
        step("7", "Pair the candidates.", left_out=AGENT),
        step("8", "The end of candidates.", left_out=AGENT),
        step("9", "For media.", "process_remote"),
        step("9.1", "Used again: its transceiver so far loses its mid."),
        step("9.2", "Without a transceiver: find or make one.", "transceiver_of_remote"),
        step("9.2.1", "It receives: the first that addTrack made, of its kind, not associated."),
        step("9.2.2", 'None is found: make one, "recvonly".', "create_for_remote"),
        step("9.2.3", "It has the mid now.", "process_remote"),
        step("9.3", "Note the payload types.", left_out=CODECS),
        step("9.4", "And those of retransmission.", left_out=CODECS),
        step("9.5", "And the parameters.", left_out=CODECS),
        step("9.6", "Tell streams apart by their SSRC.", left_out=MEDIA),
        step("9.7", "Note the header extensions.", left_out=HEADERS),
        step("9.8", "And the feedback.", left_out=HEADERS),
        step("9.9", "TIAS of the m-section.", left_out=_RATES),
        step("9.9.1", "Or what follows from AS."),
        step("9.10", "RR and RS of the m-section.", left_out=_RATES),
        step("9.11", "CT of the m-section is ignored.", left_out=_RATES),
        step("9.12", "For audio.", left_out=CODECS),
        step("9.12.1", "Be silent as CN tells."),
        step("9.12.2", "Send DTMF as telephone-event tells."),
        step("9.12.3", "Send packets as long as ptime tells."),
    ),
)
