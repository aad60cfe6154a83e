"""By which line of a log each kind of finding is seen, in the committed recordings."""

from __future__ import annotations

from pathlib import Path

import pytest

from negotiation.conformance.errors import UsageError
from negotiation.conformance.reproducing.forms import as_html
from negotiation.conformance.reproducing.seeing import _applying
from negotiation.conformance.reproducing.subjects import of_trace
from negotiation.conformance.reproducing.witnesses import Count, Outcome, Reading, Witness
from negotiation.conformance.reproducing.wording import Line
from negotiation.conformance.traces import format

TRACES = Path(__file__).parents[3] / "traces"
CHROMIUM = "chromium/156.0.8078.79"
WERIFT = "werift/0.25.2"
WITNESSES: list[tuple[str, int, Witness]] = [
    (  # NN-EARLY
        f"{CHROMIUM}/altered-offer",
        6,
        Count("negotiationneeded", Line("createOffer "), "most", 0),
    ),
    (  # NN-MISSED
        f"{CHROMIUM}/two-updates-around-a-legacy-offer",
        29,
        Count("negotiationneeded", Line("quiet", 3), "least", 2),
    ),
    (  # NN-SPURIOUS
        "wrtc/0.1.0/candidates-after-a-rollback",
        13,
        Count("negotiationneeded", Line("quiet", 2), "most", 0),
    ),
    (  # OP-ACCEPTED, found when the state changed
        "firefox/153.7.0esr/altered-offer",
        11,
        Outcome(Line("setLocalDescription "), ("rejects with InvalidModificationError",)),
    ),
    (  # OP-REJECTED
        "aiortc/1.16.0/answer-and-change-in-one-task",
        14,
        Outcome(Line("setLocalDescription "), ("resolves",)),
    ),
    (  # OP-AFTER-CLOSE, of one of two peers
        f"{CHROMIUM}/close-while-a-candidate-or-a-track-is-handled",
        19,
        Outcome(Line("A: addIceCandidate "), ("does not settle",)),
    ),
    (  # OP-ORDER
        "firefox/153.7.0esr/replace-track-waits-and-finds-a-stopped-transceiver",
        10,
        Count("createOffer ", Line("replaceTrack "), "least", 1),
    ),
    (  # OP-PENDING
        f"{WERIFT}/a-description-waits-for-set-parameters",
        12,
        Count("setParameters ", Line("signalingstatechange (have-remote-offer)"), "least", 1),
    ),
    (  # CALL-ERROR
        f"{CHROMIUM}/add-transceiver-errors",
        9,
        Outcome(Line("addTransceiver #2 "), ("throws TypeError",)),
    ),
    (  # CALL-ACCEPTED
        "aiortc/1.16.0/stop-before-negotiation",
        11,
        Outcome(Line("direction "), ("throws InvalidStateError",)),
    ),
    (  # SDP-SHAPE
        f"{CHROMIUM}/change-while-an-operation-is-outstanding",
        7,
        Reading("A", Line("createOffer "), ("m-sections",), (("1",),)),
    ),
    (  # DESCRIPTION-STATE
        f"{WERIFT}/a-rejected-section-is-recycled",
        8,
        Reading(
            "A",
            Line("signalingstatechange (have-local-offer)"),
            ("pendingLocalDescription",),
            (("offer",),),
        ),
    ),
    (  # TRANSCEIVER-STATE
        f"{WERIFT}/a-rejected-section-is-recycled",
        21,
        Reading("A", Line("stop "), ("directions",), (("sendrecv, stopped",),)),
    ),
    (  # EVENT-WRONG
        f"{WERIFT}/a-description-waits-for-set-parameters",
        11,
        Count(
            "track of transceiver 1", Line("signalingstatechange (have-remote-offer)"), "most", 0
        ),
    ),
    (  # STATE-MISSING
        "libdatachannel/0.33.4/close-while-an-answer-or-a-rollback-is-set",
        30,
        Count("B: signalingstatechange", Line("quiet", 3), "least", 2),
    ),
    (  # STATE-REPEATED, inside of a call
        f"{WERIFT}/add-transceiver-errors",
        7,
        Count("signalingstatechange (closed)", Line("close "), "most", 0, until_called=True),
    ),
]


@pytest.mark.parametrize(("trace", "line", "witness"), WITNESSES)
def test_a_finding_is_seen_by_a_line_of_the_log(trace: str, line: int, witness: Witness) -> None:
    assert of_trace(str(TRACES / f"{trace}.jsonl.gz"), line).witness == witness


def test_a_line_of_a_track_event_tells_streams_where_these_are_wrong() -> None:
    subject = of_trace(str(TRACES / "firefox/153.7.0esr/second-remote-offer.jsonl.gz"), 12)
    assert isinstance(subject.witness, Count)
    assert subject.witness.text == "track of transceiver 1 in {r1}"


def test_a_place_that_is_right_shows_nothing() -> None:
    with pytest.raises(UsageError, match="the right place, where another transceiver is"):
        of_trace(str(TRACES / "firefox/153.7.0esr/second-remote-offer.jsonl.gz"), 13)


def test_what_follows_from_other_departures_is_judged_on_their_course() -> None:
    trace = "firefox/153.7.0esr/rollback-in-have-remote-pranswer-is-refused"
    subject = of_trace(str(TRACES / f"{trace}.jsonl.gz"), 17)
    assert subject.course == ("setRemoteDescription #1 rejects with",)
    assert "ANOTHER COURSE" in as_html(subject)


def test_the_first_departure_is_meant_where_no_line_is_named() -> None:
    subject = of_trace(str(TRACES / f"{CHROMIUM}/altered-offer.jsonl.gz"))
    assert (subject.finding.id, subject.finding.line) == ("NN-EARLY", 6)


def test_what_comes_after_the_finding_is_cut_away() -> None:
    file = str(TRACES / f"{CHROMIUM}/created-descriptions-are-forgotten-with-the-answer.jsonl.gz")
    first = of_trace(file, 23).program.steps
    later = of_trace(file, 48).program.steps
    assert len(first) < len(later)
    assert first[-1].settle


def test_a_line_without_a_departure_names_those_with_one() -> None:
    file = str(TRACES / f"{CHROMIUM}/altered-offer.jsonl.gz")
    with pytest.raises(UsageError, match=r"no departure to reproduce; .* 6 \(NN-EARLY\)"):
        of_trace(file, 4)


def test_a_recording_that_conforms_has_nothing_to_reproduce() -> None:
    file = str(TRACES / f"{CHROMIUM}/first-change.jsonl.gz")
    with pytest.raises(UsageError, match="no departure to reproduce; it has none"):
        of_trace(file)


def test_what_was_applied_is_told_by_the_state() -> None:
    read = [
        None,
        *map(format.Reading, (None, "have-local-offer", "have-remote-pranswer", "stable")),
    ]
    both = ("setLocalDescription", "setRemoteDescription")
    assert [*map(_applying, read)] == [both, both, both[:1], both[1:], both]
