"""Dumps read back: what the importers make of them, and what the checker says of that."""

from __future__ import annotations

import io

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.dumps import ImportedDump, import_dump
from negotiation.conformance.traces.reading import Trace, open_trace, read_trace


def imported(dump: bytes) -> ImportedDump:
    found = import_dump(io.BytesIO(dump))
    assert found is not None
    assert found.broken_off is None
    return found


def traces(dump: ImportedDump) -> dict[str, Trace]:
    """The trace of each connection."""
    found = {}
    for call in dump.calls:
        trace = read_trace(io.BytesIO(call.trace))
        assert trace.error is None
        found.update(dict.fromkeys(trace.header.peers, trace))
    return found


def departures(dump: ImportedDump, checker: Checker) -> list[str]:
    """What the checker holds against the stack, told with the names of connections."""
    found = []
    for call in dump.calls:
        _, verdict = checker.follow(call.name, open_trace(io.BytesIO(call.trace)))
        assert verdict.error is None
        found += [f"{one.peer} {one.id}" for one in verdict.findings if one.blame == "stack"]
    return found
