"""Where the behaviour of a stack in one program changes between versions, with the evidence."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

import msgspec

from ..checking.findings import Finding
from ..checking.judging import Checker
from ..errors import NegotiationError
from ..importing.opening import read_recording
from ..traces.profiles import profile_named
from ..traces.reading import Trace
from .bisecting import Change, Walk
from .contrasting import Contrast, contrasts
from .judged import BREAKS_OFF, Quoted, judge_trace, no_more_is_asked
from .showing import Seeing, shown

Progress = Callable[[int, str], None]
"""Is told how many versions were asked for, and what is being done."""

Telling = Callable[[str], None]
"""Is told what is being done."""


class UntoldError(Exception):
    """Of a version nothing can be told; the message says why."""


class Ladder(Protocol):
    """The versions of a stack, the oldest first, with recordings of one program."""

    @property
    def versions(self) -> Sequence[str]:
        """All versions of which there can be a recording."""

    @property
    def recorded(self) -> Sequence[str]:
        """Those of which there is one already."""

    def recording(self, version: str, telling: Telling) -> str:
        """The file of a recording, made now if there is none; or an UntoldError."""


class Boundary(msgspec.Struct, frozen=True):
    """A change with its recordings, what differs in them, and the finding where one was asked for.

    `finding` is the one of the side that has it, `quoted` the observation that it is about.
    """

    change: Change
    traces: tuple[Trace, Trace]
    differences: tuple[Contrast, ...]
    finding: Finding | None = None
    quoted: Quoted | None = None


class Bisected(msgspec.Struct, frozen=True):
    """What was found: `boundaries` in the order of versions, more than one if it is not monotone.

    `behaviours` are the versions that were asked for, in order, with letters for what behaves
    alike ("A" is the first); of a finding "yes" and "no". `untold` has the reasons of the others.
    """

    program: str
    stack: str
    finding: str | None
    versions: tuple[str, ...]
    behaviours: dict[str, str]
    untold: dict[str, str]
    boundaries: tuple[Boundary, ...]

    @property
    def is_monotone(self) -> bool:
        """Whether nothing that was asked for says that it changes more than once."""
        return len(self.boundaries) <= 1


def bisected(
    program: str,
    stack: str,
    ladder: Ladder,
    versions: Sequence[str],
    *,
    finding: str | None,
    checker: Checker,
    progress: Progress,
) -> Bisected:
    """Bisect, then look at all that is recorded, as that costs little and may say more."""
    asking = _Asking(ladder, finding, checker, progress)
    walk = Walk(versions, asking.behaviour)
    walk.boundary()
    walk.look_at([one for one in versions if one in ladder.recorded])
    boundaries = tuple(asking.boundary(one) for one in walk.changes())
    told = [one for one in versions if walk.seen.get(one) is not None]
    behaviours = dict(zip(told, _named([walk.seen[one] for one in told]), strict=True))
    return Bisected(program, stack, finding, tuple(versions), behaviours, asking.untold, boundaries)


def _named(behaviours: Sequence[Hashable]) -> list[str]:
    """The behaviours as letters, in the order in which they come; a finding's as yes and no."""
    known: dict[Hashable, int] = {}
    places = [known.setdefault(one, len(known)) for one in behaviours]
    if all(isinstance(one, bool) for one in behaviours):
        return ["yes" if one else "no" for one in behaviours]
    return [chr(ord("A") + place) if place < 26 else str(place) for place in places]


class _Asking:
    """Asks a ladder for behaviours, and remembers the recordings."""

    def __init__(
        self, ladder: Ladder, finding: str | None, checker: Checker, progress: Progress
    ) -> None:
        self._ladder = ladder
        self._finding = finding
        self._checker = checker
        self._progress = progress
        self._files: dict[str, str] = {}
        self.untold: dict[str, str] = {}

    def behaviour(self, version: str) -> Hashable | None:
        """What is compared of a version: all that is shown, or whether it has the finding."""
        done = len(self._files) + len(self.untold)
        self._progress(done, version)
        try:
            file = self._ladder.recording(version, lambda doing: self._progress(done, doing))
            self._files[version] = file
            return self._has(file) if self._finding is not None else all_that_is_shown(file)
        except (UntoldError, NegotiationError) as reason:
            self.untold[version] = str(reason)
            return None

    def _has(self, file: str) -> bool:
        judged = judge_trace(file, self._checker, no_more_is_asked)
        if any(one.id == self._finding for one in judged.verdict.findings):
            return True
        if judged.reasons:
            raise UntoldError("; ".join(judged.reasons))
        return False

    def boundary(self, change: Change) -> Boundary:
        """The change with its evidence."""
        first = read_recording(self._files[change.before])
        second = read_recording(self._files[change.after])
        differences = tuple(contrasts(first, second))
        found = self._one_of(change) if self._finding is not None else (None, None)
        return Boundary(change, (first, second), differences, *found)

    def _one_of(self, change: Change) -> tuple[Finding | None, Quoted | None]:
        for version in (change.before, change.after):
            judged = judge_trace(self._files[version], self._checker)
            for one in judged.verdict.findings:
                if one.id == self._finding:
                    return one, judged.quoted.get(one.line)
        return None, None


def all_that_is_shown(file: str) -> Hashable:
    """What the peers of a recording show, without what differs between any two runs.

    Raises:
        UntoldError: the recording does not go to its end.
        NegotiationError: it cannot be read.
    """
    trace = read_recording(file)
    if trace.error is not None or trace.truncated:
        raise UntoldError(str(trace.error or BREAKS_OFF))
    return tuple((peer, _shown_by(trace, peer)) for peer in sorted(trace.header.peers))


def _shown_by(trace: Trace, peer: str) -> Hashable:
    """What comes late is by itself: its order among the rest says nothing."""
    profile = profile_named(trace.header.peers[peer].profile)
    late = "settlement" if profile.late else ""
    told = shown(trace, peer, Seeing.of(profile, profile))
    return (
        tuple(one.compared for one in told if one.kind != late),
        tuple(one.compared for one in told if one.kind == late),
    )
