"""A recording as a value that can be perturbed: evidence is not edited, a new value is made."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import msgspec

from negotiation.conformance.importing.opening import read_recording
from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.profiles import Profile, profile_named
from negotiation.conformance.traces.writing import write_trace

replace = msgspec.structs.replace

Settlement = format.Resolve | format.Reject
Ending = format.Return | format.Throw


class Recording(msgspec.Struct, frozen=True):
    """What one recording says.

    `told` are the observations, `lines` the lines of `file` that they are in (of what a
    perturbation inserted, the line beside it). `sdps` are the texts, by id.
    """

    file: str
    header: format.Header
    sdps: dict[str, format.Sdp]
    told: tuple[AnyObservation, ...]
    lines: tuple[int, ...]

    def profile(self, peer: str) -> Profile:
        """What is seen of a peer."""
        return profile_named(self.header.peers[peer].profile)

    def of(self, peer: str) -> list[int]:
        """Where the observations of a peer are."""
        return [at for at, one in enumerate(self.told) if one.peer == peer]

    def later(self, at: int) -> Iterator[int]:
        """Where the observations of the same peer are that come after this one."""
        peer = self.told[at].peer
        return (i for i in range(at + 1, len(self.told)) if self.told[i].peer == peer)

    def earlier(self, at: int) -> Iterator[int]:
        """Where the observations of the same peer are that come before this one, backwards."""
        peer = self.told[at].peer
        return (i for i in range(at - 1, -1, -1) if self.told[i].peer == peer)

    def calls(self) -> dict[int, format.Call]:
        """The calls, by id."""
        return {one.id: one for one in self.told if isinstance(one, format.Call)}

    def cut(self, length: int) -> Recording:
        """The first observations alone."""
        return replace(self, told=self.told[:length], lines=self.lines[:length])

    def written_line(self, at: int) -> int:
        """The line of an observation where the recording is written by `written`."""
        return 2 + len(self.sdps) + at


def read_recorded(source: str) -> Recording:
    """The recording in a file, or in a dump, up to where it can be read.

    Raises as `read_recording` does.
    """
    trace = read_recording(source)
    return Recording(
        source,
        trace.header,
        trace.sdps,
        tuple(one for _, one in trace.observations),
        tuple(line for line, _ in trace.observations),
    )


def lines_of(recording: Recording) -> list[format.Line]:
    """The lines of a trace that says what the recording says, the texts first.

    Numbers rise, and the times of a peer do not run backwards: what was moved is told when it is
    there to be told.
    """
    lines: list[format.Line] = [recording.header, *recording.sdps.values()]
    n, latest = 0, dict.fromkeys(recording.header.peers, 0.0)
    for one in recording.told:
        n = max(one.n, n + 1)
        latest[one.peer] = t = max(one.t, latest[one.peer])
        lines.append(one if (one.n, one.t) == (n, t) else replace(one, n=n, t=t))
    return lines


def written(recording: Recording) -> bytes:
    """The recording as a trace file has it."""
    target = io.BytesIO()
    write_trace(target, lines_of(recording))
    return target.getvalue()


# What can be done to it.


def replaced(recording: Recording, at: int, *others: AnyObservation) -> Recording:
    """With others in the place of an observation; with none, without it."""
    told, lines = recording.told, recording.lines
    return replace(
        recording,
        told=(*told[:at], *others, *told[at + 1 :]),
        lines=(*lines[:at], *(lines[at] for _ in others), *lines[at + 1 :]),
    )


def inserted(recording: Recording, at: int, one: AnyObservation) -> Recording:
    """With one more observation before that at `at` (or at the end)."""
    told, lines = recording.told, recording.lines
    line = lines[min(at, len(lines) - 1)]
    return replace(
        recording,
        told=(*told[:at], one, *told[at:]),
        lines=(*lines[:at], line, *lines[at:]),
    )


def moved(recording: Recording, at: int, to: int, one: AnyObservation | None = None) -> Recording:
    """With an observation (as `one`) told before the one that is at `to` now, or at the end."""
    order = [i for i in range(len(recording.told)) if i != at]
    order.insert(to - (at < to), at)
    told = [recording.told[i] if i != at or one is None else one for i in order]
    return replace(recording, told=tuple(told), lines=tuple(recording.lines[i] for i in order))


def with_all(recording: Recording, told: Sequence[AnyObservation]) -> Recording:
    """With each observation told otherwise, in the same order."""
    return replace(recording, told=tuple(told))


def reading_before(recording: Recording, at: int, peer: str) -> format.Reading | None:
    """What was read last of a peer before this place."""
    for one in reversed(recording.told[:at]):
        if one.peer == peer and one.state is not None:
            return one.state
    return None
