"""Comparison with another run: what is new here, what is gone, and what came there, too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from ..errors import UsageError, reason_of
from .gate import Gate
from .judged import Judged
from .known import Compared, Identity, program_of

replace = msgspec.structs.replace


class Other(msgspec.Struct, frozen=True):
    """Another run: the departures and faults that came in it, expected ones included."""

    what: str
    traces: int
    came: frozenset[Identity] = frozenset()
    troubles: tuple[str, ...] = ()


class _Told(msgspec.Struct, frozen=True):
    id: str
    class_: str = msgspec.field(name="class")
    trace: str
    program: str | None
    stack_name: str | None
    about: str
    anchor: str
    refused_by: str | None

    @property
    def identity(self) -> Identity:
        return Identity(
            self.stack_name or "",
            program_of(self.program, self.trace),
            self.id,
            self.about,
            self.anchor,
            self.refused_by or "",
        )


class _Unread(msgspec.Struct, frozen=True):
    error: str | None = None


class _Report(msgspec.Struct, frozen=True):
    traces: int
    findings: tuple[_Told, ...]
    unreadable: tuple[_Unread, ...]


def other_of_report(file: str) -> Other:
    """The run that a JSON report of `check` tells of.

    Raises:
        UsageError: it cannot be read, or is no such report.
    """
    try:
        report = msgspec.json.decode(Path(file).read_bytes(), type=_Report)
    except (OSError, ValueError) as error:
        reason = reason_of(error).replace("`", "")
        do = "name one that `check --format json --output FILE` wrote"
        raise UsageError(f"{file}: no report of check can be read ({reason}); {do}") from None
    came = frozenset(one.identity for one in report.findings if one.class_ != "note")
    troubles = tuple(one.error or "" for one in report.unreadable)
    return Other(file, report.traces, came, troubles)


def other_of_judged(what: str, judged: Sequence[Judged]) -> Other:
    """The run of these traces, which `what` names."""
    came = frozenset(
        Identity.of(one, finding)
        for one in judged
        for finding in one.verdict.findings
        if finding.class_ != "note"
    )
    troubles = tuple(str(one.verdict.error) for one in judged if one.verdict.error is not None)
    return Other(what, len(judged), came, troubles)


def compared_with(gate: Gate, other: Other) -> Gate:
    """The gate; what came in the other run does not fail."""
    weighed = tuple(
        replace(one, is_unchanged=one.fails and one.identity in other.came) for one in gate.weighed
    )
    came = gate.came
    missing = sorted(other.came - {one.identity for one in gate.weighed})
    gone = tuple(one for one in missing if came.is_gone(one))
    told = Compared(other.what, other.traces, gone, len(missing) - len(gone), other.troubles)
    return replace(gate, weighed=weighed, against=told)
