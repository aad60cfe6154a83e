"""Recordings perturbed: what the specification allows must be accepted, what it forbids flagged."""

from __future__ import annotations

from .reordered import REORDERED
from .retold import RETOLD
from .rows import Place, Row
from .weaker import WEAKER
from .wrong_descriptions import WRONG_DESCRIPTIONS
from .wrong_endings import WRONG_ENDINGS
from .wrong_events import WRONG_EVENTS
from .wrong_readings import WRONG_READINGS

__all__ = ["ROWS", "Place", "Row"]

ROWS = {
    row.name: row
    for row in (
        *RETOLD,
        *WEAKER,
        *REORDERED,
        *WRONG_EVENTS,
        *WRONG_ENDINGS,
        *WRONG_READINGS,
        *WRONG_DESCRIPTIONS,
    )
}
"""All perturbations, by name."""
