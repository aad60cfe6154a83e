"""Fuzzes the importers with atheris: `python fuzz_importers.py SECONDS FOLDER`.

Coverage of the importers guides it, from dumps of every format in FOLDER (made there if it is
empty). What fails is left in the current folder, as a file that begins with `crash-` or
`timeout-`; running out of memory is a crash.
"""

from __future__ import annotations

import io
import resource
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["negotiation.conformance.importing"]):
    from negotiation.conformance.importing.dumps import import_dump
    from negotiation.conformance.importing.formats import FORMATS

    for each in FORMATS:
        each.recognises(b"")

from dump_writers.every import WRITERS

from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces.reading import read_trace

MOST_MEMORY = 2 << 30

PROGRAMS = (
    "two-peers-glare",
    "late-answer-to-a-rolled-back-offer",
    "restart-ice-after-negotiation",
)


def seed(folder: Path) -> None:
    """Dumps of every format to begin with."""
    for name in PROGRAMS:
        program = load(name)
        lines = trace_of(program, run_program(program), profile="page")
        for format, write in WRITERS.items():
            (folder / f"{format}-{name}").write_bytes(write(lines))


def try_one(data: bytes) -> None:
    """Whatever the bytes are: traces that can be read, or nothing."""
    dump = import_dump(io.BytesIO(data))
    for call in dump.calls if dump is not None else ():
        assert read_trace(io.BytesIO(call.trace)).error is None


def main() -> None:
    """Fuzz for so many seconds."""
    seconds, folder = sys.argv[1], Path(sys.argv[2])
    if not any(folder.iterdir()):
        seed(folder)
    # The fuzzer's own limit counts what the process had that started this one.
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=0", "-max_len=65536"]
    atheris.Setup([sys.argv[0], str(folder), *limits], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
