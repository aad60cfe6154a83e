"""Hypothesis draws the same examples in every run, so that a test that passed here passes there.

`pytest --hypothesis-profile explore` draws others each time. Neither fails for being slow: machines
are, and timings belong in benchmarks.
"""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tutorials first: one takes minutes, which others need not wait for at the end."""
    items.sort(key=lambda item: "tutorials" not in item.path.parts)


@pytest.fixture
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A temporary folder of the test's own; whatever is left in it fails the test.

    `tmp_path` would be too long for Chromium's socket.
    """
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        monkeypatch.setattr("tempfile.tempdir", name)
        yield
        assert not list(Path(name).iterdir())


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C interrupts, also where a shell has started the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
