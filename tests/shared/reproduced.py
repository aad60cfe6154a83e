"""Reproductions of programs in which nothing is wrong: what is written, without a fault."""

from __future__ import annotations

import io

from recordings import recording

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.programs.language import Program
from negotiation.conformance.reproducing.sites import sites_of
from negotiation.conformance.reproducing.subjects import Subject, with_drops
from negotiation.conformance.reproducing.witnesses import Count, Witness
from negotiation.conformance.reproducing.wording import QUIET, Line, Wording
from negotiation.conformance.traces.format import Stack
from negotiation.conformance.traces.reading import Trace, read_trace

NOTHING = Count("nothing", Line(QUIET), "most", 0)


def model_trace(program: Program, seed: int = 1) -> Trace:
    return read_trace(io.BytesIO(b"".join(recording(program, seed))))


def subject_of(program: Program, stack: str, witness: Witness = NOTHING) -> Subject:
    trace = model_trace(program)
    sites = sites_of(program, trace)
    finding = Finding(
        id="NN-EARLY",
        class_="departure",
        blame="stack",
        trace="trace.jsonl",
        line=1,
        peer=program.peers[0],
        message="nothing is wrong here",
        anchor="#dfn-update-the-negotiation-needed-flag",
    )
    return Subject(
        name=program.name,
        finding=finding,
        stack=Stack(stack, "1.0"),
        program=with_drops(program),
        trace=trace,
        sites=sites,
        wording=Wording(program, trace, sites),
        witness=witness,
    )
