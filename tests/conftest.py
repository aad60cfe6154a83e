"""Hypothesis draws the same examples in every run, so that a test that passed here passes there.

`pytest --hypothesis-profile explore` draws others each time. Neither fails for being slow: machines
are, and timings belong in benchmarks.
"""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["pytester"]

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile("repeatable")
