"""`negotiation fuzz` on the model: databases that are shared, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.conformance.cli.conftest import Run

MUTATION = "return_to_stable/skipped"


def fuzzed(negotiation: Run, folder: Path, *arguments: str) -> dict[str, Any]:
    ran = negotiation(
        "fuzz", "--stack", "model", "--mutation", MUTATION, "--format", "json",
        "--cases", str(folder / "cases"), *arguments,
    )  # fmt: skip
    assert ran.code in (0, 1), ran.err
    report: dict[str, Any] = json.loads(ran.out)
    return report


def test_a_second_machine_begins_with_what_the_first_found(
    negotiation: Run, tmp_path: Path
) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    first = fuzzed(
        negotiation, tmp_path / "1", "--examples", "40", "--seed", "1", "--database", str(shared)
    )
    assert first["cases"]
    before = {file: file.read_bytes() for file in shared.rglob("*") if file.is_file()}
    assert before
    number = str(len(first["cases"]))  # no more than there are in the folder
    seed = next(
        str(seed)
        for seed in range(2, 40)
        if not fuzzed(negotiation, tmp_path / str(seed), "--examples", number, "--seed", str(seed))[
            "cases"
        ]
    )
    second = fuzzed(
        negotiation, tmp_path / "second", "--examples", number, "--seed", seed,
        "--database", str(own), "--database", str(shared),
    )  # fmt: skip
    found = [{one["fault"]["id"] for one in report["cases"]} for report in (first, second)]
    assert found[0] == found[1]
    assert {file: file.read_bytes() for file in shared.rglob("*") if file.is_file()} == before
    assert any(own.rglob("*"))


def test_a_folder_that_is_only_read_has_to_be_there(negotiation: Run, tmp_path: Path) -> None:
    ran = negotiation(
        "fuzz", "--stack", "model", "--examples", "1",
        "--database", str(tmp_path / "own"), "--database", str(tmp_path / "nosuch"),
    )  # fmt: skip
    assert ran.code == 2
    assert "nosuch is no folder" in ran.err
