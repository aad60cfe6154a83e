"""`--format` and `--output`, both repeatable: what a command tells, in several forms at once.

Each `--output` belongs to the `--format` before it; one of each belong together in any order. An
output without a format has the one that its ending names. At most one goes to standard output.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ..errors import UsageError, reason_of
from .printing import put, warn

if TYPE_CHECKING:
    from ..reports.formats.report import Report

STDOUT = "-"
TEXT = "text"
SUMMARY = "GITHUB_STEP_SUMMARY"
RUNNER = "GITHUB_ACTIONS"


class Row(msgspec.Struct, frozen=True):
    """A format: the function that writes it of a `Report`, and what its files end with.

    `is_for_people`: it may be put on a terminal.
    """

    module: str
    function: str
    endings: tuple[str, ...] = ()
    is_for_people: bool = True


FORMATS = {
    TEXT: Row("", ""),
    "json": Row("", "", (".json",)),
    "junit": Row("junit", "report_as_junit", (".xml",)),
    "sarif": Row("sarif", "report_as_sarif", (".sarif", ".sarif.json")),
    "codequality": Row("codequality", "report_as_codequality", (".codequality.json",)),
    "github": Row("github", "report_as_annotations"),
    "markdown": Row("markdown", "report_as_markdown", (".md", ".markdown")),
    "html": Row("page", "report_as_page", (".html", ".htm"), is_for_people=False),
}
"""The formats; text and JSON are each command's own."""

Tell = Callable[["Output"], str]


class Output(msgspec.Struct, frozen=True):
    """A report that is asked for: its format, and its file (None: standard output)."""

    format: str
    file: str | None = None


class _Take(argparse.Action):
    """Keeps formats and outputs in the order in which they are given."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        given = [*(getattr(namespace, self.dest) or ()), (self.metavar, values)]
        setattr(namespace, self.dest, given)


def add_output_options(parser: argparse.ArgumentParser, *, besides: str = "") -> None:
    """The two options; `besides` is what the help says of formats besides."""
    group = parser.add_argument_group(
        "reports",
        "both can be repeated: an --output belongs to the --format before it, and the ending of "
        f"a file names a format, too (docs/reports.md){besides}",
    )
    group.add_argument(
        "--format",
        action=_Take,
        dest="reports",
        choices=tuple(FORMATS),
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} (default: {TEXT})",
    )
    group.add_argument(
        "--output",
        action=_Take,
        dest="reports",
        metavar="FILE",
        help="write that report to a file; - is standard output",
    )


def outputs_of(
    arguments: argparse.Namespace, only: Sequence[str] | None = None, of: str = ""
) -> list[Output]:
    """What is asked for; where there are `only` some formats, `of` says for what.

    Raises:
        UsageError: it does not fit together, or a file cannot be written there.
    """
    outputs = _paired(arguments.reports or [])
    for one in outputs:
        if only is not None and one.format not in only:
            raise UsageError(
                f"--format {one.format} is not for {of}; take one of {', '.join(only)}"
            )
        _check(one)
    shown = [one.format for one in outputs if one.file is None]
    if shown[1:]:
        raise UsageError(
            f"{' and '.join(shown)} cannot both go to standard output; "
            f"name a file after --format {shown[-1]}, with --output"
        )
    files = [one.file for one in outputs if one.file is not None]
    for file in files:
        if files.count(file) > 1:
            raise UsageError(f"{file} is named for two reports; give each its own file")
    return outputs


def _paired(given: Sequence[tuple[str, str]]) -> list[Output]:
    if [kind for kind, _ in given] == ["FILE", "FORMAT"]:
        given = given[::-1]
    outputs: list[Output] = []
    waiting: str | None = None
    for kind, value in given:
        if kind == "FORMAT":
            if waiting is not None:
                outputs.append(Output(waiting))
            waiting = value
            continue
        outputs.append(Output(waiting or _format_of(value), None if value == STDOUT else value))
        waiting = None
    if waiting is not None or not outputs:
        outputs.append(Output(waiting or TEXT))
    return outputs


def _format_of(file: str) -> str:
    """The format that the ending of a file names; text, where it names none."""
    name = file.lower()
    fitting = [
        (len(ending), format)
        for format, row in FORMATS.items()
        for ending in row.endings
        if name.endswith(ending)
    ]
    return max(fitting)[1] if fitting else TEXT


def _check(output: Output) -> None:
    """Refuses, before any work is done, what could not be written or looked at after it."""
    if output.file is None:
        if not FORMATS[output.format].is_for_people and sys.stdout.isatty():
            raise UsageError("a page is not for a terminal; name its file with --output")
        return
    folder = os.path.dirname(output.file) or os.curdir
    if os.path.isdir(output.file) or not os.path.isdir(folder):
        reason = "it is a folder" if os.path.isdir(output.file) else f"there is no folder {folder}"
        raise UsageError(f"{output.file}: cannot be written ({reason}); check the path")


def put_reports(
    outputs: Sequence[Output], own: Mapping[str, Tell], report: Callable[[], Report]
) -> None:
    """Write what is asked for: in the command's `own` ways, or of the report.

    Raises:
        UsageError: a file cannot be written.
    """
    made: Report | None = None
    for one in outputs:
        if one.format in own:
            put_own([one], own)
        else:
            made = made or report()
            put(_written(one, made), one.file)


def put_own(outputs: Sequence[Output], own: Mapping[str, Tell]) -> None:
    """Write what is asked for, where the command has no `Report`.

    Raises:
        UsageError: a file cannot be written.
    """
    for one in outputs:
        put(_for_a_runner(one, own[one.format](one)), one.file)


def _written(output: Output, report: Report) -> str:
    row = FORMATS[output.format]
    module = importlib.import_module(f"negotiation.conformance.reports.formats.{row.module}")
    told = _for_a_runner(output, getattr(module, row.function)(report))
    if output.format == "github":
        add_summary(report)
    return told


def add_summary(report: Report) -> None:
    """Add the report to the summary of GitHub's job, where there is one, and room in it."""
    from ..reports.formats.markdown import MOST_SUMMARY, report_as_markdown

    file = os.environ.get(SUMMARY)
    if not file:
        return
    try:
        room = MOST_SUMMARY - (os.path.getsize(file) if os.path.exists(file) else 0)
        with open(file, "ab") as summary:
            summary.write(report_as_markdown(report, max(room, 0)).encode("utf-8", "replace"))
    except OSError as error:
        # The annotations and the exit code say what is needed.
        warn(f"{file}: cannot be written ({reason_of(error)}); the job has no summary")


def _for_a_runner(output: Output, told: str) -> str:
    """On one of GitHub's runners text from a trace must be no command to it."""
    if output.file is not None or output.format not in (TEXT, "markdown"):
        return told
    if os.environ.get(RUNNER) != "true":
        return told
    from ..reports.formats.github import no_command

    return no_command(told)
