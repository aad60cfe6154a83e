"""What `negotiation fuzz` plays on, and what it takes as known."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import shlex
import sys
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from ..checking.judging import Checker
from ..errors import NegotiationError, UsageError
from ..fuzzing.cases import Fault
from ..fuzzing.playing import OnModel, OnStack, Player
from ..fuzzing.saving import Cases
from ..importing.opening import find_recordings
from ..programs.model_stack import AS_STACK
from ..reports.expectations import Expectation, read_expectations
from ..reports.fuzzed import faults_of, tolerates
from .printing import Progress
from .recorded_stacks import name_of_stack, rows_of, settings_of
from .stacks import MODEL

QUIET = 10.0
"""Milliseconds without an observation that are quiet: a third of what recordings for keeps take."""

MOST_STATES = 1 << 17
"""States that the checker remembers: most programs go where none went, so more would not help."""

PATIENCE = 1000.0
TIMEOUT = 20.0
MOST_FINDINGS = 2
"""Departures of a peer after which the rest of a program says little, and costs much."""


def option_of(arguments: argparse.Namespace) -> str:
    """The options that ask for the same stacks again."""
    if arguments.adapter is not None:
        return f"--adapter {shlex.quote(arguments.adapter)} --name {arguments.name}"
    told = [f"--stack {name}" for name in arguments.stack]
    if arguments.mutation is not None:
        told.append(f"--mutation {arguments.mutation}")
    return " ".join(told)


@contextlib.contextmanager
def player(arguments: argparse.Namespace, seed: int) -> Iterator[Player]:
    """What plays programs on the stacks that the options name."""
    checker = Checker(most_findings=MOST_FINDINGS, most_states=MOST_STATES)
    if arguments.stack == [MODEL]:
        yield _on_model(checker, arguments.mutation, seed)
        return
    rows = rows_of(arguments)
    from ..stacks import isolation
    from ..stacks.links import StackError
    from ..stacks.recording import LiveStack, LiveStacks
    from ..stacks.registry import MissingStackError

    try:
        given = settings_of(arguments)
        options = replace(given.options, quiet=QUIET, patience=PATIENCE)
        timeout = given.timeout if arguments.timeout else TIMEOUT
        settings = replace(given, options=options, timeout=timeout)
        live = LiveStack(rows[0], settings) if len(rows) == 1 else LiveStacks(rows, settings)
        is_page = rows[0].kind == "page"
        network = contextlib.nullcontext("") if is_page else isolation.loopback_only()
        with network as reason, live:
            if reason:
                stacks = name_of_stack(arguments)
                told = f"{stacks} is fuzzed with the network of this machine: {reason}"
                print(NegotiationError(told), file=sys.stderr)
            yield OnStack(checker, live)
    except (MissingStackError, StackError) as error:
        raise UsageError(str(error)) from None


def _on_model(checker: Checker, mutation: str | None, seed: int) -> OnModel:
    if mutation is None:
        return OnModel(checker, seed=seed)
    from ..mutations import MUTATIONS

    if mutation not in MUTATIONS:
        close = difflib.get_close_matches(mutation, MUTATIONS, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else "name one like RULE/always-true"
        raise UsageError(f"there is no mutation {mutation!r}; {hint}")
    return OnModel(checker, lambda: MUTATIONS[mutation].make(AS_STACK), seed=seed)


def faults_shown(traces: Sequence[str]) -> tuple[set[Fault], int]:
    """The faults that recordings show, and how many recordings there are."""
    if not traces:
        return set(), 0
    files = find_recordings(traces)
    with Progress("judging recordings") as progress:
        return faults_of(files, Checker(), progress)


class Tolerated:
    """Whether a fault was known before: of recordings, of expectations, of cases in the folder."""

    def __init__(self, arguments: argparse.Namespace, cases: Cases) -> None:
        self._shown = faults_shown(arguments.known)[0] | {one.fault for one in cases.known()}
        self._expected = [one for file in arguments.expectations for one in read_expectations(file)]
        self._stacks = [name.partition("@") for name in _names(arguments)]
        self._versions = _versions(arguments) if self._expected else {}

    def __call__(self, fault: Fault) -> bool:
        """Whether the fault is known."""
        return fault in self._shown or any(self._is_expected(one, fault) for one in self._expected)

    def _is_expected(self, expectation: Expectation, fault: Fault) -> bool:
        return any(
            tolerates(expectation, fault, name, self._versions.get(name, asked))
            for name, _, asked in self._stacks
        )


def _names(arguments: argparse.Namespace) -> list[str]:
    return list(arguments.stack) if arguments.stack else [arguments.name]


def _versions(arguments: argparse.Namespace) -> dict[str, str]:
    if arguments.stack == [MODEL] or arguments.adapter is not None:
        return {}
    return {row.name: row.stack().version for row in rows_of(arguments)}
