"""What the plugin takes for known: what stacks do in healthy calls, and no more than that."""

from __future__ import annotations

import fnmatch
import json
import shutil
from pathlib import Path

import pytest
from by_hand import OFFERED_THERE, ByHand, sdp

from negotiation.conformance.plugin.attaching import write_expectations
from negotiation.conformance.plugin.verdicts import expected_of, judged
from negotiation.conformance.reports.expectations import expectations_for
from negotiation.conformance.reports.gate import weigh

ROOT = Path(__file__).parent.parent.parent.parent
HEALTHY = "perfect-negotiation-*.jsonl.gz"
RECORDED = sorted(
    folder
    for stack in ("chromium", "firefox", "wrtc")
    for folder in (ROOT / "traces" / stack).iterdir()
    if folder.is_dir() and list(folder.glob(HEALTHY))
)
NOTHING = str(ROOT / "tests" / "conformance" / "plugin" / "nothing-expected.json")


@pytest.mark.parametrize(
    "folder", RECORDED, ids=lambda folder: f"{folder.parent.name}-{folder.name}"
)
def test_perfect_negotiation_fails_no_test(folder: Path) -> None:
    files = sorted(folder.glob(HEALTHY))
    gate = judged(files, expected_of(files, [NOTHING], ()), allow_undecided=False)
    found = {
        (one.finding.id, one.finding.about, one.judged.verdict.trace) for one in gate.unexpected
    }
    assert not found
    assert gate.passed


def test_candidates_that_end_and_a_call_that_is_closed_fail_no_test(tmp_path: Path) -> None:
    """As in each page in Chromium that passes on the last candidate, an empty one, and closes."""
    one = ByHand()
    one.lines[0]["peers"]["A"]["stack"] = {"name": "chromium", "version": "156.0.0.0"}
    offer = sdp(("audio", "0", "recvonly"), user="bbbb")
    setting = one.task().call("setRemoteDescription", description=("offer", offer))
    one.transceivers["t1"] = {"kind": "audio", "direction": "recvonly", "mid": "0"}
    one.task().applied("have-remote-offer", OFFERED_THERE)
    one.event("signalingstatechange")
    one.resolve(setting)
    found = "candidate:1 1 udp 1 127.0.0.1 9 typ host"
    candidate = one.task().call("addIceCandidate", candidate={"candidate": found, "sdpMid": "0"})
    last = one.call("addIceCandidate", candidate={"candidate": "", "sdpMid": "0"})
    one.resolve(last)
    one.task().resolve(candidate)
    stopped = {"direction": "stopped", "currentDirection": "stopped"}
    one.transceivers["t1"] = {"kind": "audio", **stopped}
    one.task().call("close", then="closed")
    file = tmp_path / "by-hand.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in one.lines))
    gate = judged([file], expected_of([file], [NOTHING], ()), allow_undecided=False)
    assert {one.finding.id for one in gate.expected} == {"OP-ORDER", "TRANSCEIVER-STATE"}
    assert gate.passed, gate.unexpected


def test_what_is_known_is_told_beside_the_traces(tmp_path: Path) -> None:
    """Else `negotiation check` would find more in a trace that was kept than its test did."""
    folder = tmp_path / "kept"
    shutil.copytree(RECORDED[0], folder, ignore=lambda _, names: set(names) - _healthy(names))
    files = sorted(folder.iterdir())
    expected = expected_of(files, [NOTHING], ())
    gate = judged(files, expected, allow_undecided=False)
    assert gate.expected
    write_expectations(gate, expected, folder)
    again = weigh(gate.judged, expectations_for([str(folder)]))
    assert again.passed
    assert [one.finding for one in again.expected] == [one.finding for one in gate.expected]


def _healthy(names: list[str]) -> set[str]:
    return set(fnmatch.filter(names, HEALTHY))


def test_each_row_is_of_a_stack_and_of_one_subject() -> None:
    known = expected_of([], [NOTHING], ()).known
    assert known
    for one in known:
        assert one.row.stacks, one.place
        assert one.row.about or one.row.rule, one.place
        assert one.row.sometimes, one.place
        assert one.row.link, one.place
        assert (ROOT / str(one.row.link)).is_file()
