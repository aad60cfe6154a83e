"""The freedoms and interpretations of the specification: named, switchable, with a default.

A *freedom* is what the text leaves to the implementation. An *interpretation* is a question that
the text answers in two ways, or answers other than its test suite does. A `Specification` holds one
choice for each; "both" readings are admitted by uniting the steps of two specifications
(`negotiation.model.admit`), or natively where the two differ by the order of microtasks only.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Freedom(msgspec.Struct, frozen=True):
    """Something that the text leaves to the implementation; `on` is the default."""

    name: str
    on: bool
    why: str


class Interpretation(msgspec.Struct, frozen=True):
    """A question with two readings; `default` is what the model follows when nothing is asked."""

    name: str
    question: str
    default: str
    other: str
    anchor: str
    threads: str = ""


FREEDOMS = {
    freedom.name: freedom
    for freedom in (
        Freedom(
            "implementation-specific-negotiation",
            False,
            "the first step of the check; with it on, no event is ever provably spurious",
        ),
        Freedom(
            "failing-for-other-reasons",
            False,
            "OperationError at any time; with it on, no rejection is ever wrong",
        ),
        Freedom(
            "starting-over",
            True,
            "creating or applying a description may start over; visible only in time and content",
        ),
        Freedom(
            "no-common-codec",
            True,
            "an answer may reject an m-section; taken from the observed answer",
        ),
        Freedom(
            "credentials-of-answers",
            True,
            "an answer whose ICE credentials do not fit the offer's restart may be refused (JSEP)",
        ),
        Freedom(
            "odd-texts",
            True,
            "a text that says what an RFC excludes, and deployed stacks take, may be refused: odd "
            "characters in ICE credentials, RTP payload types that RTCP packets have",
        ),
        Freedom(
            "track-envelope",
            True,
            "replaceTrack may refuse a track that does not fit what was negotiated, while sending",
        ),
        Freedom(
            "candidates-of-rejected-sections",
            True,
            "a candidate for an m-section that either side rejected may be refused: the ICE "
            "component is gone (JSEP)",
        ),
        Freedom(
            "data-channel-ids",
            True,
            "once data was answered, createDataChannel may be refused: which ids are in use then, "
            "and how many there are, is not known",
        ),
        Freedom(
            "order-of-unrelated-reactions",
            True,
            "the order of reactions to unrelated promises in one microtask checkpoint",
        ),
    )
}

INTERPRETATIONS = {
    interpretation.name: interpretation
    for interpretation in (
        Interpretation(
            "rollback-of-the-other-side",
            "May setRemoteDescription roll back a local offer, setLocalDescription a remote one?",
            "allowed (the text; JSEP: the effect is the same)",
            "InvalidStateError (the test suite)",
            "#set-description",
            "webrtc-pc #2294, #2306, PR #2295",
        ),
        Interpretation(
            "rollback-of-a-provisional-answer",
            "May a provisional answer be rolled back?",
            "refused (webrtc-pc)",
            "allowed (JSEP)",
            "#set-description",
        ),
        Interpretation(
            "answer-in-the-wrong-state",
            "setLocalDescription of an answer with an sdp in the wrong state, no answer created",
            "InvalidModificationError (the order of the steps)",
            "InvalidStateError (the test suite)",
            "#dom-rtcpeerconnection-setlocaldescription",
            "webrtc-pc #3129, PR #3130",
        ),
        Interpretation(
            "msid-without-streams",
            "A sending transceiver without streams: what do the msid lines say?",
            "a=msid:- or no line, both mean the empty set",
            "read literally, it needs negotiation for ever",
            "#dfn-check-if-negotiation-is-needed",
        ),
        Interpretation(
            "streams-after-negotiation",
            "setStreams after negotiation, where JSEP lets msid lines stay the same",
            "the new streams are offered",
            "read literally, it needs negotiation for ever",
            "#dom-rtcrtpsender-setstreams",
        ),
        Interpretation(
            "finished-operation-leaves",
            "When does the finished operation leave the chain?",
            "after the caller's own reaction (the letter)",
            "before it",
            "#dfn-chain",
        ),
        Interpretation(
            "prior-to-pending",
            "Prior to pendingDescription being set, when a second offer replaced the first",
            "the last stable state",
            "the replaced offer",
            "#set-description",
        ),
        Interpretation(
            "mid-of-a-removed-transceiver",
            "The mid of a transceiver that an answer removed",
            "kept (no step clears it)",
            "null (the test suite, browsers)",
            "#set-description",
        ),
        Interpretation(
            "kept-transceiver-offered-again",
            "A transceiver kept over the rollback of its remote offer because of addTrack, when "
            "the same offer comes again",
            "a new one is made (JSEP: only transceivers created by addTrack may be associated)",
            "it is associated again (the test suite, browsers)",
            "jsep:5.10",
        ),
        Interpretation(
            "answerer-begins-to-send",
            "An answerer that was offered sendonly goes from recvonly to sendrecv",
            "needed (the msid check comes first, read literally)",
            "not needed (the direction check: the intersection is unchanged)",
            "#dfn-check-if-negotiation-is-needed",
        ),
        Interpretation(
            "rejected-data-section",
            "A data channel, and an m-section for data that was rejected",
            "it counts as negotiated, and the offer has a new one (no step says otherwise)",
            "it does not count, and its slot is used again (RFC 3264)",
            "#dfn-check-if-negotiation-is-needed",
        ),
        Interpretation(
            "candidate-of-a-generated-mid",
            "addIceCandidate with a mid, where remoteDescription has an m-section without one",
            "only the mids that remoteDescription tells are found in it (the letter)",
            "it may be the one that was generated for the m-section's transceiver (JSEP)",
            "#dom-rtcpeerconnection-addicecandidate",
        ),
        Interpretation(
            "candidate-of-a-replaced-description",
            "addIceCandidate with a usernameFragment of a remote description that was replaced, or "
            'rolled back: is that one "an applied remote description"',
            "no: the current and the pending one are",
            "yes: it was applied once",
            "#dom-rtcpeerconnection-addicecandidate",
        ),
        Interpretation(
            "candidate-of-two-sections",
            "addIceCandidate with the mid of one m-section and the index of another one, which is "
            "a stopped transceiver's",
            "resolved: either of the two suffices (the letter)",
            "only the mid counts, where there is one (JSEP, and the steps before)",
            "#dom-rtcpeerconnection-addicecandidate",
        ),
        Interpretation(
            "rejected-section-of-a-live-transceiver",
            "Whose is an m-section that a local answer rejected, when a transceiver was added",
            "still its transceiver's, which is not stopped and has no other (webrtc-pc)",
            "the added one's; that of the first goes to the end (JSEP's MUST, read alone)",
            "jsep:5.2.2",
        ),
        Interpretation(
            "rollback-of-a-recycled-section",
            "A remote offer that used a transceiver's m-section for another one is rolled back",
            "the first stays without its m-section (no step gives it back)",
            "it has it again (JSEP: a rollback discards any proposed changes)",
            "#set-description",
        ),
        Interpretation(
            "events-after-close-in-a-handler",
            "close() in a handler: do the remaining events of the same task fire?",
            "they fire (the steps do not look again)",
            "they do not (no event handler can be triggered once closed)",
            "#set-description",
        ),
    )
}

BOTH_BY_DEFAULT = frozenset({"finished-operation-leaves", "events-after-close-in-a-handler"})
"""Interpretations of which both readings are admitted unless one is insisted on."""


class Readings(msgspec.Struct, frozen=True):
    """One choice for each interpretation and freedom.

    `others` names the interpretations of which the other reading is insisted on, `both` those of
    which either is admitted, `freedoms` the freedoms that are on.
    """

    others: frozenset[str] = frozenset()
    both: frozenset[str] = BOTH_BY_DEFAULT
    freedoms: frozenset[str] = frozenset(name for name, row in FREEDOMS.items() if row.on)

    def __post_init__(self) -> None:
        unknown = (self.others | self.both) - INTERPRETATIONS.keys()
        unknown |= self.freedoms - FREEDOMS.keys()
        if unknown:
            raise ValueError(
                f"no freedom or interpretation named {', '.join(sorted(unknown))}; there are "
                + ", ".join(sorted(INTERPRETATIONS.keys() | FREEDOMS.keys()))
            )

    def changed(self, choices: Mapping[str, str]) -> Readings:
        """These readings with some changed: {name: "default"|"other"|"both"|"on"|"off"}."""
        others, both, freedoms = set(self.others), set(self.both), set(self.freedoms)
        for name, choice in choices.items():
            for chosen, word in ((others, "other"), (both, "both"), (freedoms, "on")):
                chosen.discard(name)
                if choice == word:
                    chosen.add(name)
        return Readings(frozenset(others), frozenset(both), frozenset(freedoms))


class Interpreted:
    """Something that reads the specification in one way; the base of all rules."""

    def __init__(self, readings: Readings | None = None) -> None:
        self.readings = readings or Readings()

    def insists_on_other(self, interpretation: str) -> bool:
        """Whether the other reading is the only one admitted."""
        return interpretation in self.readings.others

    def admits_default(self, interpretation: str) -> bool:
        """Whether the default reading is admitted."""
        return interpretation not in self.readings.others

    def admits_other(self, interpretation: str) -> bool:
        """Whether the other reading is admitted."""
        return interpretation in self.readings.others | self.readings.both

    def has_freedom(self, freedom: str) -> bool:
        """Whether a freedom of the implementation is granted."""
        return freedom in self.readings.freedoms
