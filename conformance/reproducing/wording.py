"""What the lines of a script's log are called, and which of them an observation is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from ..programs.language import Do, Program
from ..traces import format
from ..traces.reading import Trace
from .sites import Site, Sites

QUIET = "quiet"
PROMISING = frozenset(
    {
        "addIceCandidate",
        "createAnswer",
        "createOffer",
        "replaceTrack",
        "setLocalDescription",
        "setParameters",
        "setRemoteDescription",
    }
)
"""Methods that return promises. One that returned is in the log only where that matters."""


class Line(msgspec.Struct, frozen=True):
    """The `nth` line of a log that begins with `text`."""

    text: str
    nth: int = 1


class Wording:
    """The words for the calls of a program, and the lines for the observations of its trace.

    `streams`: the line of a track event tells its streams.
    """

    def __init__(
        self, program: Program, trace: Trace, sites: Sites, *, streams: bool = False
    ) -> None:
        self.streams = streams
        self.program = program
        self.trace = trace
        self.sites = sites
        self.labels = dict(self._labelled())
        self._calls = {one.id: one for _, one in trace.observations if isinstance(one, format.Call)}

    def said(self, peer: str, text: str) -> str:
        """With two peers, whose line it is."""
        return text if len(self.program.peers) == 1 else f"{peer}: {text}"

    def _labelled(self) -> Iterator[tuple[Site, str]]:
        named = list(self._items())
        several = Counter((peer, item.call) for _, peer, item in named)
        counted: Counter[tuple[str, str | None]] = Counter()
        for site, peer, item in named:
            counted[peer, item.call] += 1
            which = f" #{counted[peer, item.call]}" if several[peer, item.call] > 1 else ""
            yield site, self.said(peer, f"{item.call}{which}")

    def _items(self) -> Iterator[tuple[Site, str, Do]]:
        for number, handler in enumerate(self.program.handlers):
            for index, item in enumerate(handler.do):
                if item.call is not None:
                    yield ("handler", number, index), handler.peer, item
        for number, step in enumerate(self.program.steps):
            for index, item in enumerate(step.do):
                if item.call is not None:
                    yield ("step", number, index), step.peer or "", item

    def label(self, call: int) -> str:
        """What a call of the trace is called in the log."""
        site = self.sites.of_call.get(call)
        made = self._calls[call]
        return self.labels[site] if site in self.labels else self.said(made.peer, made.method)

    def text(self, one: format.AnyObservation) -> str | None:
        """The line that the observation is; None: it is none. A call's is its label."""
        match one:
            case format.Return() if self._calls[one.call].method in PROMISING:
                return f"{self.label(one.call)}: returned"
            case format.Return():
                return f"{self.label(one.call)} returns"
            case format.Throw():
                return f"{self.label(one.call)} throws {one.error}"
            case format.Resolve():
                return f"{self.label(one.call)} resolves"
            case format.Reject():
                return f"{self.label(one.call)} rejects with {one.error}"
            case format.Event():
                told = event_text(one)
                if self.streams and one.name == "track" and one.streams is not None:
                    told += in_streams(", ".join(one.streams))
                return self.said(one.peer, told)
            case format.Idle():
                return QUIET
            case format.Call():
                return f"calling {self.label(one.id)}"
        return None

    def line(self, number: int) -> Line:
        """The line of the log for the observation in this line of the trace.

        A settlement is any settlement of that call: the log has one of them, whichever it is.
        """
        of = dict(self.trace.observations)[number]
        wanted = self.opening(of)
        return Line(wanted, self.count(wanted, of.peer, number) + 1)

    def opening(self, one: format.AnyObservation) -> str:
        """How the line begins, whatever the outcome."""
        if isinstance(one, format.Return | format.Throw | format.Resolve | format.Reject):
            text = self.text(one) or ""
            return text if text.endswith(": returned") else f"{self.label(one.call)} "
        return self.text(one) or ""

    def count(self, opening: str, peer: str, before: int) -> int:
        """How many lines with this beginning stand before a line of the trace."""
        return sum(
            (self.text(one) or "").startswith(opening)
            for line, one in self.trace.observations
            if line < before and one.peer == peer
        )


def event_text(event: format.Event) -> str:
    """An event's line: what it tells, and the state that can be read."""
    read = event.state
    if event.name == "signalingstatechange" and read is not None and read.signalingState:
        return f"{event.name} ({read.signalingState})"
    if event.name == "track":
        return f"{event.name} of transceiver {position(event.transceiver, read)}"
    return event.name


def in_streams(listed: str) -> str:
    """The streams of a track event."""
    return f" in {{{listed}}}"


def position(transceiver: str | None, read: format.Reading | None) -> int:
    """Where a transceiver is in getTransceivers(), from 1; 0: it is not there."""
    there = [one.id for one in (read.transceivers if read else None) or ()]
    return there.index(transceiver) + 1 if transceiver in there else 0
