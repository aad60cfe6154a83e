"""A real webrtcbin's log, against what the recorder in its process saw of the same calls."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.stacks.recording import LiveStack
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces.format import (
    Call,
    Event,
    Line,
    Observation,
    Reject,
    Resolve,
    Sdp,
)
from negotiation.conformance.traces.reading import read_trace

pytestmark = pytest.mark.live

PROGRAMS = (
    "change-inside-the-handler",
    "local-offer-and-remote-answer",
    "remote-offer-and-local-answer",
    "data-channels-of-two-peers",
    "second-local-offer",
    "second-remote-offer",
    "unawaited-calls-settle-in-order",
    "late-answer-to-a-rolled-back-offer",
    "offer-and-answer-of-two-peers",
    "broken-answer-in-the-wrong-state",
)
OPERATIONS = ("createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription")

Told = tuple[str | None, ...]


def told(lines: Iterable[Line], peer: str) -> list[Told]:
    """Events, and ends of operations with what was set, in their order."""
    texts: dict[str | None, str] = {}
    calls: dict[int, Call] = {}
    found: list[Told] = []
    for one in lines:
        if isinstance(one, Sdp):
            texts[one.id] = one.text
        if not isinstance(one, Observation) or one.peer != peer:
            continue
        if isinstance(one, Call) and one.method in OPERATIONS:
            calls[one.id] = one
        elif isinstance(one, Event):
            found.append((one.name, one.state.signalingState if one.state else None))
        elif isinstance(one, Resolve | Reject) and one.call in calls:
            call = calls[one.call]
            given = call.args.description
            what = (given.type, texts.get(given.sdp)) if given else ()
            found.append((call.method, *what, "" if isinstance(one, Resolve) else "rejected"))
    # What could be read with negotiationneeded is not in the log.
    return [(one[0],) if one[0] == "negotiationneeded" else one for one in found]


@pytest.mark.parametrize("colours", ["off", "on"])
def test_the_log_tells_what_the_recorder_saw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colours: str
) -> None:
    stack = row("webrtcbin")
    if stack.executable() is None:
        pytest.skip(f"{stack.title} is not here: {stack.install}")
    log = tmp_path / "gstreamer.log"
    monkeypatch.setenv("GST_DEBUG", "webrtcbin:7")
    monkeypatch.setenv("GST_DEBUG_FILE", str(log))
    monkeypatch.setenv("GST_DEBUG_COLOR_MODE", colours)
    recorded = recordings(stack.name)
    assert len(recorded) >= 8
    found = import_dump(io.BytesIO(log.read_bytes()))
    assert found is not None
    assert (found.format.name, found.broken_off) == ("gstreamer", None)
    imported = [one for call in found.calls for one in of_dump(call.trace)]
    for name, one in recorded:
        # That the last operation succeeded is not told where the log ends soon after it.
        assert one in imported or (one[-1][-1] == "" and one[:-1] in imported), name


def recordings(name: str) -> list[tuple[str, list[Told]]]:
    """What each connection told of the programs that the stack has."""
    recorded: list[tuple[str, list[Told]]] = []
    with LiveStack(row(name)) as live:
        for program in PROGRAMS:
            made = written_out(load(program)) or load(program)
            lines = list(live.run(made).lines)
            for peer in made.peers:
                if of_peer := told(lines, peer):
                    recorded.append((program, of_peer))
    return recorded


def of_dump(trace: bytes) -> list[list[Told]]:
    read = read_trace(io.BytesIO(trace))
    lines: list[Line] = [*read.sdps.values(), *(one for _, one in read.observations)]
    of: Callable[[str], list[Told]] = lambda peer: told(lines, peer)  # noqa: E731
    return [of(peer) for peer in read.header.peers]
