"""What programs are played on: stacks that are kept running, the model, a mutation of it."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..checking.judging import Checker
from ..errors import UsageError
from ..programs.model_stack import AS_STACK
from .playing import OnModel, OnStack

if TYPE_CHECKING:
    from ..stacks.recording import Settings
    from ..stacks.registry import StackRow

MODEL = "model"

QUIET = 10.0
"""Milliseconds without an observation that are quiet: a third of what recordings for keeps take."""

PATIENCE = 1000.0
TIMEOUT = 20.0
MOST_AFTER = 64
"""States after a departure beyond which the rest of a program costs much, and says little.

It is not the number of departures: some stacks show two in each close(), and what comes behind them
is to be found, too.
"""

MOST_STATES = 1 << 17
"""States that the checker remembers: most programs go where none went, so more would not help."""


def judge() -> Checker:
    """What judges generated programs."""
    return Checker(most_after=MOST_AFTER, most_states=MOST_STATES)


def on_model(mutation: str | None = None, *, seed: int = 0) -> OnModel:
    """The model, or a mutation of it.

    Raises:
        UsageError: there is no such mutation.
    """
    if mutation is None:
        return OnModel(judge(), seed=seed)
    from ..mutations import MUTATIONS

    if mutation not in MUTATIONS:
        close = difflib.get_close_matches(mutation, MUTATIONS, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else "name one like RULE/always-true"
        raise UsageError(f"there is no mutation {mutation!r}; {hint}")
    return OnModel(judge(), lambda: MUTATIONS[mutation].make(AS_STACK), seed=seed)


@contextlib.contextmanager
def on_stacks(
    rows: Sequence[StackRow], settings: Settings, told: Callable[[str], None]
) -> Iterator[OnStack]:
    """One stack, or two for the two peers, with no network but loopback.

    `told` is given the reason where the system allows no such network; it goes on all the same.

    Raises:
        UsageError: the stack is not here, or does not start.
    """
    from ..stacks import isolation
    from ..stacks.links import StackError
    from ..stacks.recording import LiveStack, LiveStacks
    from ..stacks.registry import MissingStackError

    try:
        live = LiveStack(rows[0], settings) if len(rows) == 1 else LiveStacks(rows, settings)
        is_page = rows[0].kind == "page"
        network = contextlib.nullcontext("") if is_page else isolation.loopback_only()
        with network as reason, live:
            if reason:
                told(reason)
            yield OnStack(judge(), live)
    except (MissingStackError, StackError) as error:
        raise UsageError(str(error)) from None


def hurried(settings: Settings, timeout: float | None = None) -> Settings:
    """The settings with the short waits of fuzzing; `timeout` is for a program, in seconds."""
    options = replace(settings.options, quiet=QUIET, patience=PATIENCE)
    return replace(settings, options=options, timeout=timeout or TIMEOUT)
