"""The baseline: laws of updating and pruning, its file, and what a gate makes of it."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.conformance.checking.findings import FINDINGS, Diagnosis
from negotiation.conformance.errors import UsageError
from negotiation.conformance.reports.baseline import (
    Baseline,
    Change,
    baseline_as_text,
    read_baseline,
    write_baseline,
)
from negotiation.conformance.reports.known import Came, Entry, Identity

DAY = datetime.date(2026, 3, 1)

words = st.sampled_from(["", "a", "b", "c"])
identities = st.builds(Identity, words, words, st.sampled_from(["NN-MISSED", "X"]), words, words)
days = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 4, 30))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    first, last = sorted([draw(days), draw(days)])
    return Entry(draw(identities), first, last)


baselines = st.lists(entries(), max_size=6).map(Baseline.of)


@st.composite
def came(draw: st.DrawFn) -> Came:
    seen = draw(st.frozensets(identities, max_size=6))
    tried = draw(st.frozensets(st.tuples(words, words), max_size=6))
    return Came(seen, tried | {one.place for one in seen})


changes = st.builds(
    Change, st.booleans(), st.booleans(), st.none() | st.integers(min_value=0, max_value=90)
)


@given(baselines, came(), days)
def test_update_is_idempotent(baseline: Baseline, what: Came, today: datetime.date) -> None:
    once = baseline.updated(what, today)
    assert once.updated(what, today) == once


@given(baselines, came(), days)
def test_after_an_update_all_that_came_is_known(
    baseline: Baseline, what: Came, today: datetime.date
) -> None:
    known = baseline.updated(what, today).entries
    assert what.seen <= known.keys()
    assert baseline.entries.keys() <= known.keys()


@given(baselines, came(), days, changes)
def test_no_change_drops_what_came_today(
    baseline: Baseline, what: Came, today: datetime.date, change: Change
) -> None:
    after = change.of(baseline, what, today).entries
    assert baseline.entries.keys() & what.seen <= after.keys()
    if change.prune:
        kept = [after[one] for one in baseline.entries.keys() & what.seen]
        assert all(one.last_seen >= today for one in kept)


@given(baselines, came(), days, changes)
def test_first_seen_never_moves_forward_and_last_seen_never_back(
    baseline: Baseline, what: Came, today: datetime.date, change: Change
) -> None:
    for identity, after in change.of(baseline, what, today).entries.items():
        before = baseline.entries.get(identity)
        if before is not None:
            assert after.first_seen <= before.first_seen
            assert after.last_seen >= before.last_seen
        assert after.first_seen <= after.last_seen


@given(baselines, came(), came(), days)
def test_the_order_of_updates_does_not_matter(
    baseline: Baseline, one: Came, other: Came, today: datetime.date
) -> None:
    both = baseline.updated(one, today).updated(other, today)
    assert both == baseline.updated(other, today).updated(one, today)
    assert one.seen | other.seen <= both.entries.keys()


@given(baselines, came(), days, st.integers(min_value=0, max_value=90))
def test_pruning_by_age_drops_what_is_older_and_nothing_else(
    baseline: Baseline, what: Came, today: datetime.date, age: int
) -> None:
    pruned = Change(prune=True, days=age).of(baseline, what, today).entries
    for identity, entry in baseline.entries.items():
        old = (today - entry.last_seen).days > age
        assert (identity in pruned) == (identity in what.seen or not old)


@given(baselines, came(), days)
def test_pruning_without_an_age_drops_what_was_tried_and_did_not_come(
    baseline: Baseline, what: Came, today: datetime.date
) -> None:
    pruned = Change(prune=True).of(baseline, what, today).entries
    gone = {one for one in baseline.entries if one.place in what.tried and one not in what.seen}
    assert pruned.keys() == baseline.entries.keys() - gone


@given(baselines)
@settings(max_examples=30)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, baseline: Baseline
) -> None:
    file = str(tmp_path_factory.mktemp("b") / "baseline.json")
    write_baseline(baseline, file)
    assert read_baseline(file) == baseline
    assert len(os.listdir(os.path.dirname(file))) == 1


@given(st.lists(entries(), max_size=6), st.randoms(use_true_random=False))
def test_the_text_depends_on_no_order(told: list[Entry], random: Any) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)
    assert baseline_as_text(Baseline.of(shuffled)) == baseline_as_text(Baseline.of(told))


@given(baselines, entries())
def test_a_new_finding_is_one_new_line(baseline: Baseline, entry: Entry) -> None:
    before = [line.rstrip(",") for line in baseline_as_text(baseline).splitlines()]
    if entry.identity in baseline.entries or not baseline.entries:
        return
    more = Baseline.of([*baseline.entries.values(), entry])
    after = [line.rstrip(",") for line in baseline_as_text(more).splitlines()]
    assert len(after) == len(before) + 1
    assert set(before) < set(after)


HOSTILE = Identity("\x1b[31m", 'p"\n\u202e\x7f', "X", "<script>", "#a", "r")


def test_the_text_is_ascii_and_one_line_each() -> None:
    text = baseline_as_text(Baseline.of([Entry(HOSTILE, DAY, DAY)]))
    assert text.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert len(text.splitlines()) == 3
    assert json.loads(text)["findings"][0]["program"] == HOSTILE.program


ROW = {
    "stack": "s",
    "program": "p",
    "id": "X",
    "about": "",
    "anchor": "#a",
    "rule": "",
    "first_seen": "2026-01-02",
    "last_seen": "2026-01-03",
}


def whole(*rows: Any, **other: Any) -> str:
    told = {"format": "negotiation-baseline", "version": 1, "findings": list(rows)}
    return json.dumps(told | other)


WRONG = {
    "[]": "not a baseline; expectations are read with --expectations",
    "{}": "not a baseline; name a file",
    "7": "not a baseline; name a file",
    whole(version=2): "a baseline of version 2, and 1 is known here; install",
    whole(version={}): "a baseline of version {}",
    whole()[:-4]: "a damaged baseline",
    whole(ROW | {"first_seen": "yesterday"}): "a damaged baseline",
    whole(ROW | {"first_seen": "2026-02-01"}): "finding 1 was last seen before it was first seen",
    whole(ROW | {"reason": "none"}): "unknown field reason",
    '{"format": 1}\n<<<<<<< ours\n': "mend the conflict of the merge",
    "\xff": "a damaged baseline",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_baseline_is_refused_with_what_to_do(text: str, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError) as caught:
        read_baseline(str(file))
    assert WRONG[text] in str(caught.value)
    assert "; " in str(caught.value)


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such baseline; make it with --update-baseline"):
        read_baseline(str(tmp_path / "none.json"))


def test_the_same_fault_twice_is_one_with_the_days_of_both(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(whole(ROW, ROW | {"first_seen": "2026-01-01", "last_seen": "2026-01-01"}))
    (entry,) = read_baseline(str(file)).entries.values()
    assert (entry.first_seen.day, entry.last_seen.day) == (1, 3)


def test_what_was_known_when_anchors_were_those_of_kinds_is_known_still(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    about = "addIceCandidate: accepted, not InvalidStateError"
    row = ROW | {"id": "OP-ACCEPTED", "about": about, "anchor": FINDINGS["OP-ACCEPTED"].anchor}
    file.write_text(whole(row))
    (identity,) = read_baseline(str(file)).entries
    assert identity.anchor == Diagnosis("OP-ACCEPTED", "", about=about).finding("", 1, "A").anchor
    assert identity.anchor != row["anchor"]


def test_writing_keeps_the_rights_of_the_file_and_follows_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.json"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "baseline.json"
    link.symlink_to(real)
    write_baseline(Baseline(), str(link))
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert read_baseline(str(real)) == Baseline()


def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        write_baseline(Baseline(), str(tmp_path / "folder"))
    with pytest.raises(UsageError, match="cannot be written"):
        write_baseline(Baseline(), str(tmp_path / "none" / "b.json"))
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]
