"""pytest imports the plugin in every run of everybody: it must cost next to nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent

PROGRAM = """
import sys
import pytest
before = set(sys.modules)
import negotiation.conformance.plugin
print(*sorted(set(sys.modules) - before))
"""


def test_importing_it_imports_nothing_else() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".src")}
    run = [sys.executable, "-c", PROGRAM]
    told = subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout
    allowed = {"negotiation", "negotiation.conformance", "negotiation.conformance.plugin"}
    assert set(told.split()) <= allowed


def test_its_names_are_its_own() -> None:
    """One fixture, and options and ini values that begin with `negotiation`."""
    from negotiation.conformance import plugin

    assert all(name.lstrip("-").startswith("negotiation") for name, _ in plugin._OPTIONS)
    assert all(one[0].startswith("negotiation_") for one in plugin._INI)
    fixtures = [
        one for one in vars(plugin).values() if type(one).__name__ == "FixtureFunctionDefinition"
    ]
    assert len(fixtures) == 1
