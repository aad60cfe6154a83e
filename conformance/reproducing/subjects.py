"""What is to be reproduced: a fault of a stack, the program that shows it, and its recording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker, Pass
from negotiation.conformance.errors import UsageError
from negotiation.conformance.fuzzing.cases import FORMAT, Case, Fault, read_case
from negotiation.conformance.importing.opening import open_recording, read_recording
from negotiation.conformance.programs import library
from negotiation.conformance.programs.language import Program, Step
from negotiation.conformance.programs.recorded import program_of
from negotiation.conformance.stacks.preparing import ProgramError, prepared
from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import Stack
from negotiation.conformance.traces.reading import Trace

from .seeing import witness_of
from .sites import Sites, sites_of
from .witnesses import Witness
from .wording import Wording

ALONE = "it is one file, so both peers are in the stack that the finding is about"
_NONE = "it has none, `negotiation check` tells which recordings have some"


class Subject(msgspec.Struct, frozen=True):
    """What a script is written of. `notes` tell what is other than in the recording.

    `course` are the settlements before the finding that depart, too: a stack that settles otherwise
    there is on another course, and the finding says nothing of it.
    """

    name: str
    finding: Finding
    stack: Stack
    program: Program
    trace: Trace
    sites: Sites
    wording: Wording
    witness: Witness
    course: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def is_case(file: str) -> bool:
    """Whether the file is a case, by what is in it."""
    try:
        with open(file, "rb") as opened:
            return FORMAT.encode() in opened.read(400)
    except OSError:
        return False


def of_case(file: str) -> Subject:
    """The fault of a case.

    Raises:
        UsageError: it cannot be read, or no script can show it.
    """
    case = read_case(file)
    trace = Path(file).parent / case.trace
    pass_, findings = _judged(str(trace))
    found = [one for one in findings if one.line == case.line and one.peer == case.peer]
    same = _like(found, case) or found or _like(findings, case)
    if not same:
        raise UsageError(
            f"{file}: its trace has no departure in line {case.line}; "
            f"`negotiation check {trace}` tells what it has"
        )
    earlier = _before(same[0], findings)
    recording = read_recording(str(trace))
    from negotiation.conformance.fuzzing.shrinking import trimmed  # with Hypothesis: for cases only

    # Of two stacks a case has both peers, even where one of them does nothing.
    return _subject(case.name, same[0], pass_, recording, trimmed(case.program), earlier)


def _like(findings: list[Finding], case: Case) -> list[Finding]:
    """Those of the case's fault, or of its kind."""
    same = [one for one in findings if Fault.of(one) == case.fault]
    return same or [one for one in findings if one.id == case.fault.id]


def of_trace(file: str, line: int | None = None) -> Subject:
    """The departure in a line of a recording; the first one where no line is named.

    Raises:
        UsageError: there is none, or no script can show it.
    """
    pass_, findings = _judged(file)
    found = [one for one in findings if line in (None, one.line)]
    if not found:
        places = ", ".join(f"{one.line} ({one.id})" for one in findings[:5])
        there = f"lines with a departure: {places}" if places else _NONE
        where = file if line is None else f"{file}:{line}"
        raise UsageError(f"{where}: there is no departure to reproduce; {there}")
    trace = read_recording(file)
    earlier = _before(found[0], findings)
    return _subject(_name_of(trace), found[0], pass_, trace, _program_of(trace), earlier)


def _name_of(trace: Trace) -> str:
    return trace.header.program or Path(trace.file).name.partition(".")[0]


def _program_of(trace: Trace) -> Program:
    if trace.header.program in library.names():
        return library.load(trace.header.program or "")
    return program_of(trace).program


def _judged(file: str) -> tuple[Pass, list[Finding]]:
    with open_recording(file) as reader:
        pass_, verdict = Checker().follow(file, reader)
    if verdict.error is not None:
        raise UsageError(f"{file}: it cannot be judged: {verdict.error}")
    return pass_, [one for one in verdict.findings if one.class_ == "departure"]


def _subject(
    name: str,
    finding: Finding,
    pass_: Pass,
    trace: Trace,
    program: Program,
    earlier: frozenset[int],
) -> Subject:
    sites = sites_of(program, trace)
    short = cut(with_drops(program), trace, finding)
    carries = "streams are" in finding.message or "it is about" in finding.message
    wording = Wording(short, trace, sites, streams=carries and finding.id == "EVENT-WRONG")
    return Subject(
        name=name,
        finding=finding,
        stack=trace.header.peers[finding.peer].stack,
        program=short,
        trace=trace,
        sites=sites,
        wording=wording,
        witness=witness_of(finding, pass_, wording),
        course=tuple(_course(wording, earlier)),
        notes=_notes(trace) if len(short.peers) > 1 else (),
    )


def _course(wording: Wording, departing: frozenset[int]) -> Iterator[str]:
    """How these calls ended; errors have other names in other languages."""
    for line, one in wording.trace.observations:
        if line in departing and isinstance(one, format.Throw | format.Resolve | format.Reject):
            text = wording.text(one) or ""
            yield text.partition(f" {one.error}")[0] if hasattr(one, "error") else text


def _before(finding: Finding, findings: list[Finding]) -> frozenset[int]:
    return frozenset(one.line for one in findings if one.line < finding.line)


def _notes(trace: Trace) -> tuple[str, ...]:
    names = {peer.stack.name for peer in trace.header.peers.values()}
    return (f"the recording has {' and '.join(sorted(names))}; {ALONE}",) if len(names) > 1 else ()


def with_drops(program: Program) -> Program:
    """The program with what its recorder was told: where a connection is let go."""
    try:
        told = prepared(program).program["steps"]
    except ProgramError as error:
        raise UsageError(f"{error}; reproduce writes programs that can be recorded") from None
    return replace(
        program,
        steps=tuple(
            replace(
                step,
                do=tuple(
                    replace(do, drops=True) if told[number]["do"][index].get("drops") else do
                    for index, do in enumerate(step.do)
                ),
            )
            for number, step in enumerate(program.steps)
        ),
    )


def cut(program: Program, trace: Trace, finding: Finding) -> Program:
    """The program as far as the quiet after the finding: what comes later shows nothing of it."""
    settled = sum(
        isinstance(one, format.Idle) and one.peer == finding.peer
        for line, one in trace.observations
        if line < finding.line
    )
    kept: list[Step] = []
    for step in program.steps:
        kept.append(step)
        if step.settle:
            if settled == 0:
                break
            settled -= 1
    if not kept or not kept[-1].settle:
        kept.append(Step(settle=True))
    return replace(program, steps=tuple(kept))
