"""Benchmarks: what is measured, and against what. No test depends on a time."""

import importlib.util
import sys
from pathlib import Path

if importlib.util.find_spec("negotiation") is None:
    # In a checkout that is not installed.
    sys.path.insert(0, str(Path(__file__).parent.parent / ".src"))
