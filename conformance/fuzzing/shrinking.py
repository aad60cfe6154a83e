"""The shortest program that still shows a fault, found by Hypothesis.

A witness has parts: steps, the things that they do, optional arguments. A reduction says of each
part whether it stays, so that Hypothesis, which makes every choice as simple as it can, drops what
is not needed. That is far fewer runs than to write the program anew would take.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, count
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase, choices_to_bytes
from hypothesis.errors import HypothesisException
from msgspec.structs import replace

from ..programs.language import DescriptionSource, Do, Handler, Program, SectionText, Step
from .playing import contents

Shows = Callable[[Program], bool]
"""Whether a program shows the fault."""

Keeps = Callable[[], bool]
"""Whether the next part stays."""

_KEY = b"witness"


class _EndedError(BaseException):
    """The process is to end: Hypothesis would take a SystemExit for what was looked for."""

    def __init__(self, exit: SystemExit) -> None:
        super().__init__(exit)
        self.exit = exit


class Tried:
    """What was tried, so that nothing is played twice; after the deadline nothing is any more."""

    def __init__(self, shows: Shows, seconds: float) -> None:
        self._shows = shows
        self._until = time.monotonic() + seconds
        self._known: dict[bytes, bool] = {}
        self.cut = False

    def __call__(self, program: Program) -> bool:
        """Whether the program shows it."""
        key = contents(program)
        if key not in self._known:
            if time.monotonic() > self._until:
                self.cut = True
                return False
            self._known[key] = bool(program.steps) and self._shows(program)
        return self._known[key]

    @property
    def runs(self) -> int:
        """How many programs were played."""
        return len(self._known)


class Shortest(msgspec.Struct, frozen=True):
    """What is left of a witness. `minimal`: without any one of its parts the fault is not seen."""

    program: Program
    minimal: bool
    runs: int


def shortest(program: Program, shows: Shows, *, seconds: float = 60.0) -> Shortest:
    """The shortest program that shows it, of those that leave parts of this one out.

    `seconds` bounds the time; then what has been reached is given.
    """
    tried = Tried(shows, seconds)
    best = _found(_without_tail(program, tried), tried)
    while not tried.cut:
        shorter = next((one for one in without_one(best) if tried(one)), None)
        if shorter is None:
            return Shortest(best, minimal=not tried.cut, runs=tried.runs)
        best = shorter
    return Shortest(best, minimal=False, runs=tried.runs)


def _without_tail(program: Program, tried: Tried) -> Program:
    """The fewest first steps that show it: most of what was generated came after it."""
    low, high = 1, len(program.steps)
    while low < high:
        middle = (low + high) // 2
        if tried(replace(program, steps=program.steps[:middle])):
            high = middle
        else:
            low = middle + 1
    cut = replace(program, steps=program.steps[:high])
    return cut if tried(cut) else program


def _found(program: Program, tried: Tried) -> Program:
    """The simplest reduction that Hypothesis finds, beginning with the one that keeps all."""
    sizes = _sizes(program)
    database = InMemoryExampleDatabase()
    # One choice too many: an example that Hypothesis saved itself is not shrunk once more.
    database.save(_KEY, choices_to_bytes((True,) * (sum(sizes) + 1)))

    def shows(kept: Kept) -> bool:
        try:
            return tried(with_kept(program, kept))
        except SystemExit as exit:
            raise _EndedError(exit) from None

    try:
        kept = find(
            reductions(sizes),
            shows,
            settings=settings(
                database=database,
                phases=(Phase.reuse, Phase.shrink),
                max_examples=10_000,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                verbosity=Verbosity.quiet,
            ),
            database_key=_KEY,
        )
    except _EndedError as ended:
        raise ended.exit from None
    except HypothesisException:
        return program  # it did not show it again: chance, which confirming will tell
    return with_kept(program, kept)


Kept = tuple[tuple[bool, ...], ...]
"""Of the parts of each handler and each step, whether they stay."""


def reductions(sizes: Sequence[int]) -> st.SearchStrategy[Kept]:
    """What may stay of handlers and steps with so many parts; nothing is the simplest."""
    return st.tuples(*(st.tuples(*(st.booleans() for _ in range(size))) for size in sizes))


def with_kept(program: Program, kept: Kept) -> Program:
    """The program with what stays of it."""
    return reduced(program, chain.from_iterable(kept).__next__)


def _sizes(program: Program) -> list[int]:
    """How many parts each handler and each step has."""
    counts: list[int] = []

    def counted(asked: Callable[[Keeps], object]) -> None:
        parts: list[bool] = []

        def keeps() -> bool:
            parts.append(True)
            return True

        asked(keeps)
        counts.append(len(parts))

    for handler in program.handlers:
        counted(partial(_handler, handler))
    for step in program.steps:
        counted(partial(_step, step))
    return counts


def reduced(program: Program, keeps: Keeps) -> Program:
    """The program with those of its parts that stay; `keeps` is asked as often each time."""
    handlers = [_handler(one, keeps) for one in program.handlers]
    steps = [_step(one, keeps) for one in program.steps]
    return trimmed(
        replace(
            program,
            steps=tuple(one for one in steps if one is not None),
            handlers=tuple(one for one in handlers if one is not None),
        )
    )


def trimmed(program: Program) -> Program:
    """The program without steps that do nothing, and without a peer that nothing speaks of."""
    handlers = tuple(one for one in program.handlers if one.do)
    steps = tuple(one for one in program.steps if one.do or one.settle)
    if len(program.peers) == 2:
        scripts = [*(one.do for one in steps), *(one.do for one in handlers)]
        acting = {*(one.peer for one in steps), *(one.peer for one in handlers)}
        spoken = acting | {*_spoken_of(scripts)}
        peers = tuple(one for one in program.peers if one in spoken) or program.peers[:1]
        program = replace(program, peers=peers)
    return replace(program, steps=steps, handlers=handlers)


def _spoken_of(scripts: Iterable[tuple[Do, ...]]) -> Iterator[str]:
    for script in scripts:
        for item in script:
            if item.description is not None and item.description.of is not None:
                yield item.description.of[0]


def _handler(handler: Handler, keeps: Keeps) -> Handler | None:
    stays, repeats, listens = keeps(), keeps(), keeps()
    script = _script(handler.do, keeps)
    times = handler.times if repeats else 1
    via = handler.via if listens else "property"
    return replace(handler, do=script, times=times, via=via) if stays else None


def _step(step: Step, keeps: Keeps) -> Step | None:
    stays = keeps()
    script = _script(step.do, keeps)
    return replace(step, do=script) if stays else None


def _script(script: tuple[Do, ...], keeps: Keeps) -> tuple[Do, ...]:
    items = [_item(one, keeps) for one in script]
    return tuple(one for one in items if one is not None)


_OPTIONAL = ("streams", "direction", "init", "options")
_NEEDED = {("setStreams", "streams"), ("direction", "direction")}


def _item(item: Do, keeps: Keeps) -> Do | None:
    stays = keeps()
    waits = keeps() if item.wait else False
    when = item.when if item.when and keeps() else ()
    args: dict[str, Any] = {}
    for name, value in item.args.items():
        optional = name in _OPTIONAL and (item.call, name) not in _NEEDED
        needed = not optional or keeps()
        reduced = _members(value, keeps)
        if needed:
            args[name] = reduced
    source = _source(item.description, keeps) if item.description is not None else None
    changed = replace(item, wait=waits, when=when, args=args, description=source)
    return changed if stays else None


def _members(value: Any, keeps: Keeps) -> Any:
    """A dictionary, or a list of streams, with those of its members that stay."""
    if isinstance(value, dict):
        return {name: member for name, member in value.items() if keeps()}
    return [one for one in value if keeps()] if isinstance(value, list | tuple) else value


def _source(source: DescriptionSource, keeps: Keeps) -> DescriptionSource:
    edits = tuple(one for one in source.edits if keeps())
    ice = source.ice if source.ice == "remote1" or keeps() else "remote1"
    type = source.type
    if source.of is not None and type is not None and not keeps():
        type = None
    sections = source.sections
    if sections is not None:
        kept = tuple(one for one in (_section(one, keeps) for one in sections) if one is not None)
        sections = kept or sections[:1]
    return replace(source, edits=edits, ice=ice, type=type, sections=sections)


def _section(section: SectionText, keeps: Keeps) -> SectionText | None:
    stays = keeps()
    if section.direction != "sendrecv" and not keeps():
        section = replace(section, direction="sendrecv")
    if section.rejected and not keeps():
        section = replace(section, rejected=False)
    msids = tuple(one for one in section.msids if keeps())
    return replace(section, msids=msids) if stays else None


def without_one(program: Program) -> Iterator[Program]:
    """The program without one of its parts, each in turn: a step, a handler, a call, an argument.

    What cannot do without the part, as an m-section that is the only one, is left out.
    """
    whole = contents(program)
    for index in range(sum(_sizes(program))):
        smaller = reduced(program, _all_but(index))
        if contents(smaller) != whole:
            yield smaller


def _all_but(left_out: int) -> Keeps:
    """That all parts stay but this one, by its number."""
    asked = count()
    return lambda: next(asked) != left_out
