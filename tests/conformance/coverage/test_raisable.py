"""The table of what could have been found: complete, and true of every example of a finding."""

from __future__ import annotations

import msgspec
import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.checking.judging import Pass
from negotiation.conformance.coverage.items import finding_item
from negotiation.conformance.coverage.raisable import RAISABLE, Raising
from negotiation.conformance.coverage.recordings import Recordings
from negotiation.conformance.reports.examples import EXAMPLES
from negotiation.conformance.reports.falsifying import unchanged
from negotiation.conformance.traces import format
from negotiation.model import Specification

DEPARTURES = [one.id for one in FINDINGS.values() if one.class_ == "departure"]


def test_every_departure_has_a_row() -> None:
    assert list(RAISABLE) == DEPARTURES


@pytest.mark.parametrize("id", DEPARTURES)
def test_what_is_found_in_a_falsified_recording_could_have_been_found_in_the_true_one(
    id: str,
) -> None:
    example = msgspec.structs.replace(EXAMPLES[id], edit=unchanged)
    header, *lines = example.lines()
    assert isinstance(header, format.Header)
    recordings = Recordings()
    pass_ = Pass(recordings.checker, header)
    for number, line in enumerate(lines, start=2):
        pass_.take_line(number, line)
    assert not [one for one in pass_.moments if one.diagnosis]
    assert finding_item(id) in recordings.of_pass("original", pass_).items


def test_where_nothing_happens_next_to_nothing_can_be_found() -> None:
    start = Specification().initial()
    found = {one.name for one in Raising().take(start, "idle", "", settled=True)}
    assert found == {"NN-SPURIOUS", "STATE-REPEATED", "STACK-HUNG", "STACK-DIED"}


def test_an_event_is_missed_only_once_it_was_due() -> None:
    start = Specification().initial()
    raising = Raising()
    list(raising.take(start, "event", "negotiationneeded"))
    settled = {one.name for one in raising.take(start, "idle", "", settled=True)}
    later = {one.name for one in raising.take(start, "call", "")}
    assert "NN-MISSED" in settled
    assert "NN-LATE" not in settled
    assert "NN-LATE" in later
