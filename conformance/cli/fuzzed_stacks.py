"""What `negotiation fuzz` plays on, and what it takes as known."""

from __future__ import annotations

import argparse
import contextlib
import shlex
from collections.abc import Callable, Iterator, Sequence

from ..checking.judging import Checker
from ..fuzzing.cases import Fault
from ..fuzzing.opening import hurried, on_model, on_stacks
from ..fuzzing.playing import Player
from ..fuzzing.saving import Cases
from ..importing.opening import find_recordings
from ..reports.expectations import Expectation, read_expectations
from ..reports.fuzzed import Shown, faults_of, tolerates
from .printing import Progress, warn
from .recorded_stacks import name_of_stack, rows_of, settings_of
from .stacks import MODEL


def option_of(arguments: argparse.Namespace) -> str:
    """The options that ask for the same stacks again."""
    if arguments.adapter is not None:
        adapter = (arguments.adapter, arguments.name)
        return "--adapter {} --name {}".format(*map(shlex.quote, adapter))
    told = [f"--stack {shlex.quote(name)}" for name in arguments.stack]
    if arguments.listen is not None:
        told.append(f"--listen {shlex.quote(arguments.listen)}")
    if arguments.mutation is not None:
        told.append(f"--mutation {shlex.quote(arguments.mutation)}")
    return " ".join(told)


@contextlib.contextmanager
def player(arguments: argparse.Namespace, seed: int) -> Iterator[Player]:
    """What plays programs on the stacks that the options name."""
    if arguments.stack == [MODEL]:
        yield on_model(arguments.mutation, seed=seed)
        return
    given = settings_of(arguments)
    settings = hurried(given, given.timeout if arguments.timeout else None)
    with on_stacks(rows_of(arguments), settings, _warn_of(name_of_stack(arguments))) as playing:
        yield playing


def _warn_of(stacks: str) -> Callable[[str], None]:
    return lambda reason: warn(f"{stacks} is fuzzed with the network of this machine: {reason}")


def faults_shown(traces: Sequence[str]) -> Shown:
    """The faults that recordings show."""
    if not traces:
        return Shown()
    files = find_recordings(traces)
    with Progress("judging recordings") as progress:
        return faults_of(files, Checker(), progress)


class Tolerated:
    """Whether a fault was known before: of recordings, of expectations, of cases in the folder."""

    def __init__(self, arguments: argparse.Namespace, cases: Cases) -> None:
        self._shown = faults_shown(arguments.known).faults | {one.fault for one in cases.known()}
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
