"""Hypothesis draws the same examples in every run, so that a test that passed here passes there.

`pytest --hypothesis-profile explore` draws others each time.
"""

from __future__ import annotations

from hypothesis import settings

pytest_plugins = ["pytester"]

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("repeatable")
