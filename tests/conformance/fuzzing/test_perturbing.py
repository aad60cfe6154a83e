"""Recordings of real stacks, perturbed: the checker says of them what the text says."""

from __future__ import annotations

import os
import re
from pathlib import Path
from zlib import crc32

import msgspec
import pytest
from mutated_checker import MutatedChecker

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.fuzzing.perturbing import ROWS, Place, Row
from negotiation.conformance.fuzzing.perturbing.campaign import (
    Perturbed,
    perturb_recordings,
    save_failures,
)
from negotiation.conformance.fuzzing.perturbing.oracle import is_wrong
from negotiation.conformance.fuzzing.perturbing.picking import Applied, Example, outcome
from negotiation.conformance.fuzzing.perturbing.pool import Pool
from negotiation.conformance.fuzzing.perturbing.recorded import (
    Recording,
    lines_of,
    read_recorded,
    written,
)
from negotiation.conformance.mutations import MUTATIONS
from negotiation.conformance.reports.paper import Paper
from negotiation.conformance.reports.perturbed_text import (
    perturbed_as_json,
    rows_as_markdown,
    tell_perturbed,
)
from negotiation.conformance.traces import format
from negotiation.conformance.traces.summaries import Ufrags

ROOT = Path(__file__).parents[3]
TRACES = ROOT / "traces"
PAGE = ROOT / "docs" / "fuzzing-recordings.md"

STACKS = (
    "chromium/156.0.8078.79",
    "firefox/153.7.0esr",
    "wrtc/0.1.0",
    "aiortc/1.16.0",
    "pion/3.1.56",
    "libdatachannel/0.33.4",
    "werift/0.25.2",
    "webrtcbin/1.22.0",
    "interworking/firefox+wrtc",
)
CHECKER = Checker(budget=2000)
COMMITTED = sorted(
    str(one) for stack in STACKS for one in TRACES.joinpath(stack).glob("*.jsonl.gz")
)
POOL = Pool(COMMITTED, CHECKER)
SOME = [one for one in COMMITTED if crc32(Path(one).name.encode()) % 12 == 0]
"""Fewer, for what has to be fast, and the same when others are added."""


def report(told: Perturbed) -> str:
    paper = Paper()
    tell_perturbed(paper, told)
    return paper.text()


def recorded(stack: str, program: str) -> Recording:
    return read_recorded(str(TRACES / stack / f"{program}.jsonl.gz"))


@pytest.mark.parametrize("name", ROWS)
def test_each_row_applies_somewhere_and_the_checker_agrees(name: str) -> None:
    """A row that applies in no recording would be dead, and would prove nothing."""
    row = ROWS[name]
    tried = 0
    for at in range(len(POOL)):
        if not POOL.applies(at, row, whole=False):
            continue
        held = POOL.part(at)
        for place in row.applied(held.recording)[:3]:
            told = outcome(CHECKER, Example(held, (Applied(row, place),)))
            assert told.objection is None, (held.recording.file, place, told.objection)
            tried += 1
        if tried > 3:
            return
    assert tried, f"{name} applies in no recording"


def test_the_checker_agrees_with_the_text() -> None:
    told = perturb_recordings(SOME, CHECKER, examples=150, seed=6)
    assert not told.failures, report(told)
    assert told.examples == 150


@pytest.mark.slow
def test_the_checker_agrees_with_the_text_for_long() -> None:
    """Five minutes of perturbations of all recordings."""
    everything = sorted(str(one) for one in TRACES.glob("*/*/*.jsonl.gz"))
    checker = Checker(budget=2000, most_states=1 << 18)
    told = perturb_recordings(everything, checker, examples=10_000, seconds=300, seed=6)
    assert not told.failures, report(told)
    assert told.examples > 1000


# That the comparison can fail.


@pytest.mark.parametrize(
    ("mutation", "row"),
    [
        ("is_stable_for_the_flag/always-true", "negotiationneeded-outside-stable"),
        ("is_flag_already_true/always-false", "negotiationneeded-doubled"),
        ("is_chain_empty_in_the_task/always-true", "negotiationneeded-behind-a-chained-call"),
        ("is_event_dropped/always-true", "track-dropped"),
    ],
)
def test_a_wrong_model_is_found(mutation: str, row: str) -> None:
    checker = MutatedChecker(MUTATIONS[mutation])
    told = perturb_recordings(SOME, checker, examples=60, seconds=60, seed=1, rows={row: ROWS[row]})
    assert [one.row for one in told.failures] == [row], mutation


@pytest.mark.parametrize("name", ["negotiationneeded-doubled", "track-dropped", "another-kind"])
def test_what_is_forbidden_does_not_pass_as_allowed(name: str) -> None:
    wrong = msgspec.structs.replace(ROWS[name], kind="allowed")
    told = perturb_recordings(SOME, CHECKER, examples=30, seed=1, rows={name: wrong})
    assert told.failures, name
    assert all(one.finding is not None for one in told.failures)


@pytest.mark.parametrize(
    ("name", "most"),
    [("times-stretched", 4), ("mids-renamed", 4), ("idle-repeated", 12)],
    # A recording is quiet after all that was waited for.
)
def test_what_is_allowed_does_not_pass_as_forbidden(name: str, most: int) -> None:
    wrong = msgspec.structs.replace(ROWS[name], kind="forbidden")
    told = perturb_recordings(SOME, CHECKER, examples=30, seed=1, rows={name: wrong})
    [failure] = told.failures
    assert failure.says.startswith("what is forbidden was accepted")
    assert failure.observations <= most


# What is told of a failure.


@pytest.fixture(scope="module")
def failing() -> Perturbed:
    name = "negotiationneeded-doubled"
    others = ("remark-inserted", "torn-off", "mids-renamed", "track-dropped", "another-kind")
    rows = {one: ROWS[one] for one in others}
    rows[name] = msgspec.structs.replace(ROWS[name], kind="allowed")
    told = perturb_recordings(SOME, CHECKER, examples=100, seed=3, rows=rows)
    assert {one.row for one in told.failures} == {name}
    return told


def test_a_failure_is_written_to_a_file_that_shows_it(failing: Perturbed, tmp_path: Path) -> None:
    for one in save_failures(failing, tmp_path).failures:
        assert one.file is not None
        verdict = CHECKER.judge(one.file)
        assert any(map(is_wrong, verdict.findings))


def test_a_failure_is_shrunk(failing: Perturbed) -> None:
    shortest = min(failing.failures, key=lambda one: one.observations)
    assert shortest.observations <= 4  # a call, its return, the event, and the event again
    assert not shortest.before


def test_a_failure_is_told(failing: Perturbed, tmp_path: Path) -> None:
    saved = save_failures(failing, tmp_path)
    one = saved.failures[0]
    text = report(saved)
    assert f"{one.recording}:{one.line}" in text
    assert f"negotiation check {one.file}" in text
    told = msgspec.json.decode(perturbed_as_json(saved))
    assert told["failures"][0]["row"] == one.row
    assert told["failures"][0]["finding"]["line"] > 1
    assert sum(told["tried"].values()) == saved.examples


def test_nothing_that_is_told_moves_the_cursor(failing: Perturbed) -> None:
    one = msgspec.structs.replace(failing.failures[0], recording="\x1b[2J.jsonl", file="\x1b[2J")
    text = report(msgspec.structs.replace(failing, failures=(one,)))
    assert "\x1b" not in text


def test_the_same_seed_tries_the_same() -> None:
    first, second = (perturb_recordings(SOME, CHECKER, examples=40, seed=9) for _ in "ab")
    assert first.tried == second.tried
    assert first.distinct == second.distinct


def test_time_ends_it() -> None:
    told = perturb_recordings(SOME, CHECKER, examples=10**6, seconds=1.0)
    assert told.stopped == "the time was over"
    assert told.examples < 10**5


def test_recordings_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{}\n")
    rows = {"remark-inserted": ROWS["remark-inserted"]}
    told = perturb_recordings([str(broken)], CHECKER, examples=20, rows=rows)
    assert told.examples == 0
    assert "Nothing was perturbed" in report(told)


# The rows.


def test_the_page_has_the_rows() -> None:
    page = PAGE.read_text("utf-8")
    regenerated = page[: page.index("## Allowed")] + rows_as_markdown()
    if os.environ.get("NEGOTIATION_REWRITE"):
        PAGE.write_text(regenerated, "utf-8")
    assert page == regenerated or os.environ.get("NEGOTIATION_REWRITE")


def test_rows_are_told_alike() -> None:
    for name, row in ROWS.items():
        assert re.fullmatch(r"[a-z-]+", name)
        assert row.why.endswith(".")
        assert row.anchor.startswith(("#", "jsep:", "https://", "traces"))
        assert row.kind == "allowed" or row.keeps == "conformance"


def test_a_recording_is_written_as_it_was_read() -> None:
    original = recorded("interworking/firefox+wrtc", "offer-and-answer-of-two-peers")
    assert [one for one in lines_of(original) if isinstance(one, format.Observation)] == list(
        original.told
    )


def test_a_recording_is_not_changed_by_perturbing_it() -> None:
    original = recorded("interworking/firefox+wrtc", "offer-and-answer-of-two-peers")
    before = written(original)
    for row in ROWS.values():
        for place in row.applied(original)[:5]:
            row.make(original, place)
    assert written(original) == before


def test_texts_say_the_new_mids_too() -> None:
    original = recorded("chromium/156.0.8078.79", "two-peers-set-streams")
    told = ROWS["mids-renamed"].make(original, Place(0))
    assert told.sdps != original.sdps
    for one in told.sdps.values():
        said = Ufrags().summarise(one.text)
        assert [each.mid for each in said.sections] == [each.mid for each in one.summary.sections]
        assert said.bundle == one.summary.bundle


def test_an_event_is_not_missing_before_all_is_quiet() -> None:
    row = ROWS["negotiationneeded-dropped"]
    whole = recorded("chromium/156.0.8078.79", "first-change")
    quiet = next(at for at, one in enumerate(whole.told) if isinstance(one, format.Idle))
    assert row.applied(whole.cut(quiet + 1))
    assert not row.applied(whole.cut(quiet))


def test_nothing_is_asked_of_a_recorder_that_cannot_see_it() -> None:
    blind = recorded("aiortc/1.16.0", "altered-offer")
    forbidden = [one for one in ROWS.values() if one.kind == "forbidden"]
    for row in (one for one in forbidden if one.name.startswith("negotiationneeded")):
        assert not row.applied(blind)
    half = ROWS["beginning-not-known"].make(blind, ROWS["beginning-not-known"].applied(blind)[0])
    assert not any(row.applied(half) for row in forbidden)


def places(row: Row, recording: Recording) -> int:
    return len(row.applied(recording))


def test_a_message_is_not_told_received_before_it_was_sent() -> None:
    original = recorded("interworking/firefox+wrtc", "offer-and-answer-of-two-peers")
    for name in ("peers-interleaved-otherwise", "message-received-earlier"):
        row = ROWS[name]
        assert name != "peers-interleaved-otherwise" or places(row, original)
        for place in row.applied(original):
            sent: set[str] = set()
            for one in row.make(original, place).told:
                if isinstance(one, format.Send):
                    sent.add(one.message)
                assert not isinstance(one, format.Receive) or one.message in sent
