"""All mutations of the registered rules, and those that nobody can tell from the original."""

from __future__ import annotations

from . import (
    altered_applying,
    altered_chain,
    altered_descriptions,
    altered_flag,
    altered_methods,
)
from .automatic_mutations import automatic_mutations
from .historical_rules import HISTORICAL
from .mutating import Mutation

HAND_WRITTEN = tuple(
    value
    for module in (
        altered_flag,
        altered_chain,
        altered_descriptions,
        altered_applying,
        altered_methods,
    )
    for value in vars(module).values()
    if isinstance(value, Mutation)
)

MUTATIONS = {
    mutation.name: mutation for mutation in (*automatic_mutations(), *HAND_WRITTEN, *HISTORICAL)
}
"""Every mutation, by its name."""
