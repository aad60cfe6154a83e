"""All mutations of the registered rules, and those that nobody can tell from the original."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    applying,
    beyond,
    chain,
    descriptions,
    flag,
    methods,
    transceivers,
)
from .automatic import automatic_mutations
from .beyond import BEYOND_PROGRAMS as BEYOND_PROGRAMS
from .historical import HISTORICAL
from .mutating import Mutation

HAND_WRITTEN = tuple(
    value
    for module in (
        flag,
        chain,
        descriptions,
        applying,
        transceivers,
        methods,
        beyond,
    )
    for value in vars(module).values()
    if isinstance(value, Mutation)
)

MUTATIONS: Mapping[str, Mutation] = {
    mutation.name: mutation for mutation in (*automatic_mutations(), *HAND_WRITTEN, *HISTORICAL)
}
"""Every mutation, by its name."""

EQUIVALENT: Mapping[str, str] = {
    "is_update_pointless_once_closed/always-false": (
        "Once closed the signaling state is not stable either, which is looked at next; what "
        "may be remembered before that is never asked for, as nothing leaves the chain any "
        "more."
    ),
    "is_stopping_not_stopped/once-associated": (
        "A stopping transceiver that is not associated is not stopped, so the next check, that "
        "it is not yet associated, finds the need."
    ),
    "must_reject_section/in-the-local-description": (
        "A stopped transceiver whose section is rejected in a current description left the set "
        "with the answer that made it current, and one with a section in the current remote "
        "description has it in the local one, too: an answer has the m-sections of its offer."
    ),
    "must_start_over_for_tracks/always-false": (
        "The model reads the set of transceivers when the description is applied, not its copy, "
        "so that starting over costs time only, and nothing bounds the time of work in "
        "parallel."
    ),
    "remove_finished/even-when-closed": (
        "Once closed the next operation can only end in a task, which aborts, or settle at "
        "once, and its reaction is not passed on; a task to update the flag aborts as well."
    ),
    "continue_operation/closed-or-not": (
        "Applying the description ends in a task, which aborts once closed."
    ),
    "does_task_end_once_closed/always-false": (
        "In closed no description is valid, so nothing is applied; what else a task does is set "
        "the last created description or a sender's track, which no later call gets to read, "
        "and settle a promise of the operation, whose reaction is not passed on once closed."
    ),
    "side_of/an-implicit-rollback-is-remote": (
        "An implicit rollback succeeds in have-local-offer only. There a rollback of either "
        "side leads to stable (in the default reading) by the same steps, and that a local "
        "description was set is noted already."
    ),
    "is_stopped_twice/only-when-stopped": (
        "While a transceiver is stopping the check is true, so that another update could fire "
        "only if the flag is false, in stable; but then an update is queued or remembered "
        "already, since stop() and each return to stable ask for one."
    ),
    "is_closed_twice/always-false": (
        "All that close() does is done: a second time changes nothing and fires nothing."
    ),
    "may_script_run/always-true": (
        "A program's scripts begin between two tasks and go on in tasks that have run one; the "
        "rule only refuses recordings in which scripts run elsewhere."
    ),
    "does_event_fire/always-true": (
        "The default is to admit both readings, and so the one in which the event fires."
    ),
    "may_react_first/always-true": (
        "The default is to admit both readings, and so the one in which the caller reacts first."
    ),
    "may_leave_first/always-true": (
        "The default is to admit both readings, and so the one in which the operation leaves first."
    ),
    "is_reaction_order_free/always-false": (
        "The model as a stack keeps the order of reactions to the letter: the freedom is off."
    ),
}
"""Mutations with which every program runs as with the original, and why that is so."""
