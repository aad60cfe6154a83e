"""The importers, fuzzed with atheris for a bounded time: no crash, no hang, bounded memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
SECONDS = 60

pytestmark = pytest.mark.slow


def test_no_bytes_break_an_importer(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed (pip install atheris)")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    source = str(SHARED.parents[1] / ".src")
    ran = subprocess.run(
        [sys.executable, str(SHARED / "fuzz_importers.py"), str(SECONDS), str(corpus)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([source, str(SHARED)])},
        capture_output=True,
        timeout=SECONDS + 240,
        check=False,
    )
    told = ran.stderr.decode("utf-8", "replace")
    assert ran.returncode == 0, told[-3000:]
    assert "Done " in told
    assert not [one.name for one in tmp_path.iterdir() if one != corpus]
