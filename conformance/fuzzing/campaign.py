"""A campaign: programs are played until the time is over, and each new fault is cut to its core.

Known faults stop nothing. A new one is shrunk at once, tried again, and told: if the campaign is
cut short, what was found before is there. One that was only seen behind another fault waits: it
may be a consequence, and most of them are seen alone sooner or later.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from itertools import chain

import msgspec
from hypothesis.database import ExampleDatabase

from ..checking.findings import Finding
from ..programs.language import Program
from .cases import Fault
from .playing import Played, Times, contents
from .shrinking import shortest
from .supports import Kind, Supported

REPETITIONS = 3
"""How often a case is tried again before it is believed."""

SHRINKING = 60.0
"""Seconds after which a fault's shortest program is what has been reached."""

CUTTING = 2.5
"""Seconds that are kept at the end for each fault that was only seen behind another one."""

MOST_RESERVED = 0.3
"""Which part of the time is kept for them at most."""

OVERTIME = 0.1
"""By which part cutting may exceed the time: what waits even then is kept as it was seen."""

Known = Callable[[Fault], bool]
"""Whether a fault is known already."""


class Core(msgspec.Struct, frozen=True):
    """A new fault with the shortest program that shows it, and the run of it that is evidence.

    `confirmed` counts the repetitions that showed it, of `repeated`; `behind` are other faults that
    the same program shows before it. `number` is that of the program that showed it first.
    """

    fault: Fault
    played: Played
    finding: Finding
    minimal: bool
    confirmed: int
    number: int
    runs: int
    behind: tuple[Fault, ...] = ()
    repeated: int = REPETITIONS


class Bounds(msgspec.Struct, frozen=True):
    """When a campaign is over: after so many programs, or seconds; None is without a bound."""

    programs: int | None = None
    seconds: float | None = None
    shrinking: float = SHRINKING


class Tally(msgspec.Struct):
    """What has been seen so far. `times` counts the generated programs that showed a fault."""

    programs: int = 0
    runs: int = 0
    times: dict[Fault, int] = {}
    cores: dict[Fault, Core] = {}
    known: set[Fault] = set()
    took: Times = msgspec.field(default_factory=Times)
    seconds: float = 0.0
    troubles: dict[str, int] = {}
    lacking: tuple[Kind, ...] = ()


class Listener:
    """Is told how a campaign goes; does nothing with it."""

    def found(self, core: Core) -> None:
        """A new fault was cut to its core."""

    def goes_on(self, tally: Tally) -> None:
        """One program more was played."""


class Campaign:
    """Plays programs, and keeps what they showed.

    `database` is Hypothesis's, or none: programs that showed something are saved under `key`, so
    that other machines, and the next campaign, begin with them.
    """

    def __init__(
        self,
        player: Supported,
        known: Known,
        bounds: Bounds,
        *,
        listener: Listener | None = None,
        database: ExampleDatabase | None = None,
        key: str = "",
    ) -> None:
        self._player = player
        self._known = known
        self._bounds = bounds
        self.listener = listener or Listener()
        self._database = database
        self._key = f"negotiation/{key}".encode()
        self._waiting: dict[Fault, tuple[Played, int]] = {}
        self._taken: set[bytes] = set()
        self._began = time.monotonic()
        self.tally = Tally()

    def run(self, programs: Iterable[Program]) -> str:
        """Plays what the database has, then the programs, until a bound is reached; says which.

        Faults that were only seen behind others are cut at the end, as far as there is time.
        """
        began = self._began = time.monotonic()
        stopped = "there were no more programs"
        for program in chain(self._saved(), programs):
            over = self._over(began)
            if over:
                stopped = over
                break
            self._take(program)
        for fault in [*self._waiting]:
            if self._may_cut(began):
                self._cut(fault)
        self.leave()
        self.tally.seconds = time.monotonic() - began
        return stopped

    def leave(self) -> None:
        """Keeps what is still to be cut as it was seen: there is no more time."""
        for fault, (played, number) in self._waiting.items():
            self._keep(fault, played, number, repeated=0)
        self._waiting.clear()

    def _over(self, began: float) -> str:
        """Which bound is reached, in words; "" for none."""
        tally, bounds = self.tally, self._bounds
        tally.seconds = time.monotonic() - began
        if bounds.programs is not None and tally.programs >= bounds.programs:
            return "as many programs as were asked for"
        if bounds.seconds is not None and tally.seconds >= bounds.seconds - self._reserved():
            return "the time was over"
        return ""

    def _may_cut(self, began: float) -> bool:
        seconds = self._bounds.seconds
        return seconds is None or time.monotonic() - began < seconds * (1 + OVERTIME)

    def _for_cutting(self) -> float:
        """Seconds that one cut may take: none goes far beyond the campaign's time."""
        bounds = self._bounds
        if bounds.seconds is None:
            return bounds.shrinking
        left = self._began + bounds.seconds * (1 + OVERTIME) - time.monotonic()
        return min(bounds.shrinking, max(left, CUTTING))

    def _reserved(self) -> float:
        """The time that is kept for cutting what waits for it."""
        whole = self._bounds.seconds or 0.0
        return min(len(self._waiting) * CUTTING, whole * MOST_RESERVED)

    def _take(self, program: Program) -> None:
        key = hashlib.blake2b(contents(program), digest_size=8).digest()
        if key in self._taken:
            return
        self._taken.add(key)
        tally = self.tally
        tally.programs += 1
        played = self._play(program)
        for fault in played.faults:
            tally.times[fault] = tally.times.get(fault, 0) + 1
            if self._known(fault):
                tally.known.add(fault)
            elif fault not in tally.cores:
                self._note(fault, played)
        tally.lacking = tuple(self._player.lacking)
        self.listener.goes_on(tally)

    def _note(self, fault: Fault, played: Played) -> None:
        """A fault that is new. Behind another one it waits for a program that shows it alone."""
        if not played.before(fault):
            self._waiting[fault] = played, self.tally.programs
            self._cut(fault)
            return
        waiting = self._waiting.get(fault)
        if waiting is None or len(played.lines) < len(waiting[0].lines):
            self._waiting[fault] = played, self.tally.programs

    def _play(self, program: Program) -> Played:
        played = self._player.play(program)
        self.tally.runs += 1
        self.tally.took.add(played.times)
        if played.detail:
            told = f"{played.outcome}: {played.detail.partition('; it said')[0]}"
            self.tally.troubles[told] = self.tally.troubles.get(told, 0) + 1
        return played

    def _cut(self, fault: Fault) -> None:
        """Finds the shortest program of a new fault, and tries it again. Till then it waits."""
        witness, number = self._waiting[fault]
        last = witness
        alone = not witness.before(fault)

        def shows(program: Program) -> bool:
            nonlocal last
            played = self._play(program)
            if fault not in played.faults or (alone and played.before(fault)):
                return False
            last = played
            return True

        found = shortest(witness.program, shows, seconds=self._for_cutting())
        confirmed = sum(shows(found.program) for _ in range(REPETITIONS))
        evidence = last if last.program == self._player.fitting(found.program) else witness
        minimal = found.minimal and confirmed == REPETITIONS
        self._keep(fault, evidence, number, found.runs, confirmed, minimal=minimal)
        del self._waiting[fault]

    def _keep(
        self,
        fault: Fault,
        evidence: Played,
        number: int,
        runs: int = 0,
        confirmed: int = 0,
        *,
        repeated: int = REPETITIONS,
        minimal: bool = False,
    ) -> None:
        finding, behind = evidence.faults[fault], evidence.before(fault)
        core = Core(fault, evidence, finding, minimal, confirmed, number, runs, behind, repeated)
        self.tally.cores[fault] = core
        self._save(evidence.program)
        self.listener.found(core)

    def _saved(self) -> list[Program]:
        if self._database is None:
            return []
        found = []
        for value in sorted(self._database.fetch(self._key)):
            try:
                found.append(msgspec.json.decode(value, type=Program))
            except msgspec.DecodeError:
                self._database.delete(self._key, value)  # of another version of the language
        return found

    def _save(self, program: Program) -> None:
        if self._database is not None:
            self._database.save(self._key, msgspec.json.encode(program))
