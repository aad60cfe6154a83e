"""A case: one fault of a stack, with the shortest program that shows it.

A `Fault` says what is wrong, and not where it was seen: two findings with the same fault are the
same thing twice. A `Case` is a JSON file; the trace of its program lies beside it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from ..checking.anchors import told_anew
from ..checking.findings import FINDINGS, Finding
from ..errors import UsageError
from ..programs.language import Program
from ..traces.format import Stack

FORMAT: Literal["negotiation-case"] = "negotiation-case"
VERSION: Literal[1] = 1


class Fault(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """What is wrong: the finding's kind, the rule of the text, and what it is about.

    `about` says which attribute, outcome or event is wrong, without names and numbers of one run.
    """

    id: str
    anchor: str
    rule: str | None = None
    about: str = ""

    @classmethod
    def of(cls, finding: Finding) -> Fault:
        """The fault that a finding shows."""
        return cls(finding.id, finding.anchor, finding.refused_by, finding.about)

    def __str__(self) -> str:
        """The fault in a line."""
        told = self.about or FINDINGS[self.id].title
        return f"{self.id}: {told}"


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a case was found.

    `replay` is the command that runs it again; `times` counts the generated programs that showed
    the fault, of `programs`; `confirmed` how many repetitions of the case showed it, of `repeated`.
    `minimal`: without any one of its parts the fault is not seen (each was tried). The programs
    follow from the seed and the versions of this tool, Python and Hypothesis.
    """

    date: str
    seed: int
    replay: str
    programs: int
    times: int
    confirmed: int
    repeated: int
    minimal: bool
    negotiation: str
    python: str = ""
    hypothesis: str = ""


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fault, the shortest program that shows it, and what it showed.

    `stacks` are those of the program's peers, by peer. `peer` and `line` are where the finding is
    in `trace`, a file beside the case; `message` is the finding's sentence, `expected` what was
    allowed instead, `states` where the model could have been.
    """

    format: Literal["negotiation-case"]
    version: Literal[1]
    fault: Fault
    stacks: dict[str, Stack]
    program: Program
    trace: str
    peer: str
    line: int
    message: str
    expected: tuple[str, ...]
    found: Found
    states: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the case, and its files, are called."""
        return self.program.name


def read_case(file: str) -> Case:
    """The case in a file.

    Raises:
        UsageError: it cannot be read, or is no case; the field is named.
    """
    try:
        case = msgspec.json.decode(Path(file).read_bytes(), type=Case)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"{file}: no case can be read ({reason}); name one that fuzz wrote"
        ) from None
    fault = case.fault
    anchor = told_anew(fault.id, fault.about, fault.anchor)
    return msgspec.structs.replace(case, fault=msgspec.structs.replace(fault, anchor=anchor))


def write_case(case: Case, folder: Path) -> Path:
    """Writes the case into the folder, and gives the file."""
    file = folder / f"{case.name}.case.json"
    with whole(file) as part:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(case), indent=2) + b"\n")
    return file


@contextlib.contextmanager
def whole(file: Path) -> Iterator[Path]:
    """What is written here becomes the file when all of it is there: nothing is left of a part."""
    part = file.with_name(f"{file.name}.part")
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
