"""Which release of these tools this is."""

from __future__ import annotations

import functools


@functools.cache
def tool_version() -> str:
    """Its version, or "unreleased" where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version  # slow, and seldom asked for

    try:
        return version("negotiation")
    except PackageNotFoundError:
        return "unreleased"
