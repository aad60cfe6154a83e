"""Cases on disk: what a campaign found, as files that say all that is needed to see it again."""

from __future__ import annotations

import datetime
import hashlib
import platform
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import hypothesis
import msgspec
from msgspec.structs import replace

from ..programs.language import Program
from ..release import tool_version
from ..traces.format import Header, Line
from ..traces.writing import write_trace
from .campaign import Core, Tally
from .cases import FORMAT, VERSION, Case, Fault, Found, read_case, whole, write_case

LONGEST_NAME = 60

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def name_of(stack: str, fault: Fault) -> str:
    """A name for the case of a fault, the same each time: files of two machines can be compared."""
    words = f"{stack} {fault.id} {fault.about or fault.rule or ''}".lower()
    digest = hashlib.sha256(msgspec.json.encode(fault)).hexdigest()[:4]
    return f"{_NOT_IN_NAMES.sub('-', words).strip('-')[:LONGEST_NAME].strip('-')}-{digest}"


class Cases:
    """A folder of cases; `stack` is what the stacks are called, `option` how they are asked for."""

    def __init__(self, folder: Path, stack: str, option: str, seed: int) -> None:
        self.folder = folder
        self._stack = stack
        self._option = option
        self._seed = seed

    def known(self) -> Iterator[Case]:
        """The cases that are in the folder, but for those that no repetition has confirmed."""
        for file in sorted(self.folder.glob("*.case.json")):
            case = read_case(str(file))
            if case.found.confirmed:
                yield case

    def save(self, core: Core, tally: Tally) -> Path:
        """Writes a case and its trace; gives the case's file.

        Raises:
            OSError: it cannot be written. Nothing is left of it then.
            UsageError: nor can its trace.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        case = self.case(core, tally)
        trace = self.folder / case.trace
        with whole(trace) as part:
            write_trace(part, _renamed(core.played.lines, case.name))
        return write_case(case, self.folder)

    def replay(self, file: Path) -> str:
        """The command that plays a case of this folder again."""
        return f"negotiation fuzz {self._option} --replay {shlex.quote(str(file))}"

    def case(self, core: Core, tally: Tally) -> Case:
        """The case of a core, as far as the campaign has gone."""
        name = name_of(self._stack, core.fault)
        header = core.played.lines[0]
        assert isinstance(header, Header)
        file = self.folder / f"{name}.case.json"
        return Case(
            format=FORMAT,
            version=VERSION,
            fault=core.fault,
            stacks={peer: told.stack for peer, told in header.peers.items()},
            program=_told(core.played.program, name, core),
            trace=f"{name}.jsonl",
            peer=core.finding.peer,
            line=core.finding.line,
            message=core.finding.message,
            expected=core.finding.expected,
            states=core.finding.states,
            found=Found(
                date=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                seed=self._seed,
                replay=self.replay(file),
                programs=tally.programs,
                times=tally.times.get(core.fault, 0),
                confirmed=core.confirmed,
                repeated=core.repeated,
                minimal=core.minimal,
                negotiation=tool_version(),
                python=platform.python_version(),
                hypothesis=hypothesis.__version__,
            ),
        )


def _told(program: Program, name: str, core: Core) -> Program:
    return replace(program, name=name, about=core.finding.message, rule=core.fault.anchor)


def _renamed(lines: Sequence[Line], name: str) -> Iterator[Line]:
    for line in lines:
        yield replace(line, program=name) if isinstance(line, Header) else line
