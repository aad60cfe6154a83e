"""`python docs/site OUTPUT`: builds the documentation site from the repository.

It needs `pip install '.[site]'`. Each page of docs/ is in it, and pages made from the registry of
findings, the model's rules and readings, and the recordings.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from building import BuildError, build
from gathering import BrokenLinkError

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.opening import find_recordings
from negotiation.conformance.reports.expectations import expectations_for
from negotiation.conformance.reports.matrix.cells import Matrix
from negotiation.conformance.reports.matrix.surveying import Survey

ROOT = Path(__file__).parent.parent.parent


def main() -> int:
    """Build the site; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python docs/site", description=__doc__)
    parser.add_argument(
        "output", type=Path, help="the folder of the site: a new one, or that of an earlier build"
    )
    parser.add_argument(
        "--traces",
        default="traces",
        help="the recordings in which findings are looked for (default: all of the repository's)",
    )
    arguments = parser.parse_args()
    output = arguments.output.resolve()
    try:
        with contextlib.chdir(ROOT):
            pages = build(ROOT, output, _surveyed(arguments.traces), _tell)
    except (BrokenLinkError, BuildError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{pages} pages; open {output / 'index.html'}")
    return 0


def _surveyed(traces: str) -> Matrix:
    _tell(f"judging {traces}")
    survey = Survey(Checker(), expectations_for([traces]))
    for file in find_recordings([traces]):
        survey.take(file)
    return survey.matrix()


def _tell(doing: str) -> None:
    print(doing, file=sys.stderr)


sys.exit(main())
