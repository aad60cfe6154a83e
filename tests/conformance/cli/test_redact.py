"""`negotiation redact`: where it writes, and where it does not."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write

PRIVATE = '{"displayName": "Arthur Dent", "type": "offer"}\n'


def test_one_file_goes_to_standard_output(negotiation: Run) -> None:
    Path("dump.json").write_text(PRIVATE)
    ran = negotiation("redact", "dump.json")
    assert ran.code == 0
    assert '"type": "offer"' in ran.out
    assert "Arthur" not in ran.out


def test_standard_input_is_read(negotiation: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    given: Any = io.TextIOWrapper(io.BytesIO(PRIVATE.encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert negotiation("redact", "-", "--output", "shown.json").code == 0
    assert "offer" in Path("shown.json").read_text()
    assert "Arthur" not in Path("shown.json").read_text()


def test_several_files_are_redacted_alike(negotiation: Run) -> None:
    for name in ("a.json", "b.json"):
        Path(name).write_text(PRIVATE)
    ran = negotiation("redact", "a.json", "b.json", "--into", "shown", "--report")
    assert ran.code == 0
    assert "words and names, replaced 4 times" in ran.err
    assert Path("shown/a.json").read_text() == Path("shown/b.json").read_text()
    assert Path("a.json").read_text() == PRIVATE


def test_each_run_replaces_otherwise_but_for_a_seed(negotiation: Run) -> None:
    Path("dump.json").write_text(PRIVATE)
    made = []
    for more in ((), (), ("--seed", "x"), ("--seed", "x")):
        assert negotiation("redact", "dump.json", "--output", "shown.json", *more).code == 0
        made.append(Path("shown.json").read_text())
    assert made[0] != made[1]
    assert made[2] == made[3]


def test_gzip_goes_to_gzip_by_its_name(negotiation: Run) -> None:
    Path("dump.json.gz").write_bytes(gzip.compress(PRIVATE.encode()))
    assert negotiation("redact", "dump.json.gz", "--into", "shown").code == 0
    assert b"offer" in gzip.decompress(Path("shown/dump.json.gz").read_bytes())
    assert negotiation("redact", "dump.json.gz", "--output", "plain.json").code == 0
    assert "offer" in Path("plain.json").read_text()


def test_a_torn_file_says_so(negotiation: Run) -> None:
    Path("dump.json.gz").write_bytes(gzip.compress(PRIVATE.encode() * 1000)[:-20])
    ran = negotiation("redact", "dump.json.gz", "--output", "shown.json")
    assert ran.code == 3
    assert "damaged or torn off" in ran.err


def test_a_trace_is_judged_alike(negotiation: Run, trace: Write) -> None:
    file = trace("call.jsonl", "offer-and-answer-of-two-peers")
    assert negotiation("redact", file, "--output", "shown.jsonl").code == 0
    assert negotiation("check", "shown.jsonl").code == negotiation("check", file).code == 0


def test_nothing_is_written_over_what_is_read(negotiation: Run) -> None:
    Path("dump.json").write_text(PRIVATE)
    Path("same.json").symlink_to("dump.json")
    for arguments in (("--output", "dump.json"), ("--output", "same.json"), ("--into", ".")):
        ran = negotiation("redact", "dump.json", *arguments)
        assert ran.code == 2
        assert "written over" in ran.err
    assert Path("dump.json").read_text() == PRIVATE


def test_what_cannot_be_redacted_leaves_nothing(negotiation: Run) -> None:
    Path("dump.json").write_text("[" * 5000)
    ran = negotiation("redact", "dump.json", "--output", "shown.json")
    assert ran.code == 3
    assert "nested too deeply" in ran.err
    assert sorted(path.name for path in Path().iterdir()) == ["dump.json"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PRIVATE.encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (PRIVATE.encode("utf-16-be"), "is no UTF-8 text"),
        (b"PK\x03\x04" + PRIVATE.encode(), "is a zip archive; unpack it"),
        (b"BZh91AY&SY" + bytes(9), "is bzip2 data; unpack it"),
        (bytes(range(256)), "is no UTF-8 text"),
    ],
)
def test_what_is_no_text_does_not_pass_as_redacted(
    content: bytes, says: str, negotiation: Run
) -> None:
    # Nothing private would be recognised in it: addresses in UTF-16 stayed as they were.
    Path("dump").write_bytes(content)
    ran = negotiation("redact", "dump", "--output", "shown")
    assert (ran.code, ran.out) == (3, "")
    assert says in ran.err
    assert sorted(path.name for path in Path().iterdir()) == ["dump"]


def test_a_name_in_another_encoding_is_no_reason_to_refuse(negotiation: Run) -> None:
    Path("dump.json").write_bytes(PRIVATE.replace("Arthur", "Artür").encode("latin-1"))
    ran = negotiation("redact", "dump.json")
    assert ran.code == 0
    assert "Art" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a", "b"), "--into"),
        (("a/x", "b/x", "--into", "c"), "no two alike"),
        (("-", "--into", "c"), "names"),
        (("missing.json",), "cannot be read"),
    ],
)
def test_wrong_usage_says_what_to_do(
    negotiation: Run, arguments: tuple[str, ...], says: str
) -> None:
    ran = negotiation("redact", *arguments)
    assert ran.code == 2
    assert says in ran.err
