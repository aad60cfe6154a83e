"""`negotiation redact`: makes dumps and traces fit to be shown to others."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from ..errors import TraceError, UsageError, reason_of
from ..redacting.files import NoTextError, Redaction, Report
from ..redacting.json_texts import NestedTooDeeplyError
from ..traces.finding_files import STDIN
from .printing import warn

EXAMPLES = (
    "negotiation redact webrtc_internals_dump.txt --output shared.txt --report",
    "negotiation redact caller.jsonl.gz callee.jsonl.gz --into shared",
    "negotiation redact dump.json --shift-times > shared.json",
)

UNREADABLE = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Replaces what is private in dumps and traces: addresses, credentials, fingerprints, "
        "labels, ids, pages, and every text that is not known to be needed. Equal texts stay "
        "equal, in all files of one run, so that `negotiation check` finds the same. The "
        "replacements are another each time; nobody can go back."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a dump or a trace; - for stdin")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--output", metavar="FILE", help="where to write (gzip: NAME.gz)")
    where.add_argument("--into", metavar="FOLDER", help="where to write all, by their own names")
    parser.add_argument(
        "--shift-times", action="store_true", help="move all moments by the same number of days"
    )
    parser.add_argument(
        "--seed",
        metavar="TEXT",
        help="replace alike in every run with this text (who knows it can check a guess)",
    )
    parser.add_argument(
        "--report", action="store_true", help="tell how much was replaced, on standard error"
    )


def run(arguments: argparse.Namespace) -> int:
    """Redact."""
    pairs = _pairs(arguments)
    seed = arguments.seed
    key = None if seed is None else hashlib.blake2b(seed.encode(), digest_size=32).digest()
    redaction = Redaction(key, shift_times=arguments.shift_times)
    is_whole = True
    for source, target in pairs:
        _redact(redaction, source, target)
        torn = redaction.report().torn
        if torn is not None:
            warn(f"{source}: {torn}; what came before is there")
            is_whole = False
    if arguments.report:
        _tell(redaction.report())
    return 0 if is_whole else UNREADABLE


def _pairs(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """Each file with where its redaction goes.

    Raises:
        UsageError: that cannot be, or would be written over what is read.
    """
    files: list[str] = arguments.files
    if arguments.into is not None:
        names = [Path(file).name for file in files]
        if STDIN in files or len(set(names)) < len(names):
            raise UsageError("--into needs files with names, and no two alike; redact one by one")
        pairs = [(file, str(Path(arguments.into) / Path(file).name)) for file in files]
    elif len(files) > 1:
        raise UsageError("several files need --into FOLDER")
    else:
        pairs = [(files[0], arguments.output or STDIN)]
    for source, _ in pairs:
        for _, target in pairs:
            if _is_same(source, target):
                raise UsageError(f"{source}: this would be written over; choose another place")
    return pairs


def _is_same(source: str, target: str) -> bool:
    if STDIN in (source, target):
        return False
    try:
        return os.path.samefile(source, target)
    except OSError:
        return False


def _redact(redaction: Redaction, source: str, target: str) -> None:
    with ExitStack() as opened:
        stream = opened.enter_context(_read(source))
        try:
            redaction.redact(stream, opened.enter_context(_written(target)))
        except NestedTooDeeplyError:
            what = "it is nested too deeply to be redacted"
            raise TraceError(source, None, None, what) from None
        except NoTextError as why:
            raise TraceError(source, None, None, str(why)) from None


@contextmanager
def _read(file: str) -> Iterator[BinaryIO]:
    if file == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        message = f"{file}: cannot be read ({reason_of(error)}); check the path"
        raise UsageError(message) from None
    with stream:
        yield stream


@contextmanager
def _written(file: str) -> Iterator[BinaryIO]:
    """A file that is there when it is whole, and not before."""
    if file == STDIN:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(file)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            if not path.name.endswith(".gz"):
                yield stream
            else:
                with gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as packed:
                    yield cast(BinaryIO, packed)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _tell(report: Report) -> None:
    rows = [(kind, report.different.get(kind, 0), n) for kind, n in report.replaced.items()]
    if not rows:
        print("nothing was replaced", file=sys.stderr)
    for kind, different, times in rows:
        print(f"{different:8} {kind}, replaced {times} times", file=sys.stderr)
