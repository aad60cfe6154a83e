"""The report of a campaign: an entry for each case, for what was known, and for the campaign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ...checking.findings import FINDINGS
from ...fuzzing.cases import Fault
from ...reproducing.forms import forms_of
from ..counts import count
from ..fuzzed import FoundCase, FuzzReport
from ..fuzzed_text import FLEETING, covered_in_words, evidence_in_words, took_in_words
from ..links import command, url_of
from .facts import rule_facts
from .report import TODO, Entry, Fact, Known, Report, Section, Told


def report_of_campaign(report: FuzzReport) -> Report:
    """What a campaign found: new cases fail, and what was known before is expected."""
    return Report(
        command="fuzz",
        conclusion="Failed" if report.cases else "Passed",
        summary=_summary(report),
        exit_code=report.exit_code,
        seconds=report.seconds,
        entries=(_campaign(report), *_cases(report), *_known(report)),
        properties=(
            ("stack", report.stack),
            ("seed", str(report.seed)),
            ("programs", str(report.programs)),
            ("runs", str(report.runs)),
            ("stopped", report.stopped),
        ),
        sections=tuple(_sections(report)),
    )


def _summary(report: FuzzReport) -> str:
    told = f"{count(len(report.cases), 'new fault')} of {report.stack}"
    return f"{told} in {report.programs} programs ({report.seconds:.0f} s; {report.stopped})."


def _campaign(report: FuzzReport) -> Entry:
    """The programs that showed nothing: a campaign without a case has still been one."""
    group = f"fuzz {report.stack}"
    return Entry(group, "campaign", "passed", about=(_summary(report), took_in_words(report)))


def _cases(report: FuzzReport) -> Iterator[Entry]:
    group = f"fuzz {report.stack}"
    for case in report.cases:
        told = _told(report, case, None)
        yield Entry(group, _name(case), "failed", told.file, told.line, (told,))
    for case in report.fleeting:
        told = _told(report, case, Known(FLEETING))
        yield Entry(group, _name(case), "expected", told.file, told.line, (told,))


def _name(case: FoundCase) -> str:
    return PurePath(case.file).name.removesuffix(".case.json") or str(case.fault)


def _told(report: FuzzReport, case: FoundCase, known: Known | None) -> Told:
    trace = case.file.removesuffix(".case.json") + ".jsonl" if case.file else ""
    return Told(
        id=case.fault.id,
        class_=FINDINGS[case.fault.id].class_,
        message=case.message,
        file=trace,
        line=case.line if case.file else 0,
        fault=_fault(case.fault, report.stack),
        stack=report.stack,
        facts=tuple(_facts(case, trace, report.stack)),
        known=known,
    )


def _fault(fault: Fault, stack: str) -> tuple[str, ...]:
    return fault.id, fault.anchor, fault.rule or "", fault.about, stack


def _facts(case: FoundCase, trace: str, stack: str) -> Iterator[Fact]:
    yield Fact("The program", case.program)
    if case.fault.about:
        yield Fact("About", (case.fault.about,))
    yield from rule_facts(case.fault.rule, case.fault.anchor)
    yield Fact("How sure it is", (evidence_in_words(case),))
    if case.behind:
        yield Fact("The same program shows before it", tuple(map(str, case.behind)))
    yield Fact(TODO, (FINDINGS[case.fault.id].todo,))
    if not case.file:
        return
    commands = (
        *([case.replay] if case.replay else ()),
        command("replay", trace, case.line),
        command("why", trace, case.line),
        *_reproducing(case.file, stack),
    )
    yield Fact("To replay it, and hand it on", commands, "command")


def _reproducing(file: str, stack: str) -> Iterator[str]:
    """The command for a file that the stack runs; of two stacks the first one is taken."""
    name = stack.partition("+")[0].partition("@")[0]
    for form in forms_of(name)[:1]:
        yield f"{command('reproduce', file)} --as {form}"


def _known(report: FuzzReport) -> Iterator[Entry]:
    for seen in report.known:
        fault = seen.fault
        told = Told(
            id=fault.id,
            class_=FINDINGS[fault.id].class_,
            message=fault.about or fault.rule or FINDINGS[fault.id].title,
            file="",
            line=0,
            fault=_fault(fault, report.stack),
            stack=report.stack,
            facts=(Fact("The rule", (url_of(fault.anchor),), "url"),),
            known=Known(f"known before, and seen again in {count(seen.times, 'program')}"),
        )
        name = ": ".join(filter(None, (fault.id, fault.about or fault.rule or "", fault.anchor)))
        yield Entry(f"fuzz {report.stack}", name, "expected", found=(told,))


def _sections(report: FuzzReport) -> Iterator[Section]:
    covered, *missing = covered_in_words(report.coverage)
    yield Section("What the programs covered of the model", (covered, *missing))
    if report.unsupported:
        yield Section("The stack lacks, and was not asked", report.unsupported)
    if report.troubles:
        told = (f"{count(times, 'time')}: {trouble}" for trouble, times in report.troubles.items())
        yield Section("Troubles", tuple(told))
