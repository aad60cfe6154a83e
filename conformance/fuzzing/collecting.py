"""Python's garbage, collected seldom: a campaign remembers much, and each collection looks at all.

What the checker remembers of the model are millions of small objects that stay. Looking through
them again and again took half of the checker's time.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

YOUNG = 20_000
MIDDLE = 20
OLD = 5
"""The thresholds of `gc.set_threshold`: what is old is looked through about once in an hour."""


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Within the context what lives long is seldom looked through; then all is as it was."""
    before = gc.get_threshold()
    gc.freeze()  # the modules stay, too
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
