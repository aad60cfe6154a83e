"""Where in a program each call of its recording was made.

The scripts of a program run one after another and inside each other; a recording says of a call
in which task and handler it was made, not which item of the program it is. That is found by
following both: an item is done when a call of its method, with its arguments, is next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from ..programs.language import Do, Program
from ..traces import format
from ..traces.reading import Trace

Site = tuple[str, int, int]
"""An item: of "step" or "handler", the number of that, and its own."""

SKIPPED = "skipped "


class Sites(msgspec.Struct):
    """The site of each call, by the call's id; and the sites that were skipped, never done."""

    of_call: dict[int, Site] = {}
    skipped: set[Site] = set()
    last_step: int = 0

    def calls_at(self, site: Site) -> list[int]:
        """The calls that were made there."""
        return [call for call, where in self.of_call.items() if where == site]


class _Script:
    """A script that is running: a step's, or a handler's."""

    def __init__(self, kind: str, number: int, peer: str, does: tuple[Do, ...]) -> None:
        self.kind = kind
        self.number = number
        self.peer = peer
        self.does = does
        self.next = 0

    def find(self, call: format.Call, *, strict: bool) -> int | None:
        """The item that the call is, if it is among those still to come."""
        for index in range(self.next, len(self.does)):
            item = self.does[index]
            if item.call is None:
                continue
            if item.call == call.method and _is_alike(item, call):
                return index
            if strict and not item.when:
                return None
        return None

    def site(self, index: int) -> Site:
        self.next = index + 1
        return (self.kind, self.number, index)


def _is_alike(item: Do, call: format.Call) -> bool:
    told = msgspec.to_builtins(call.args)
    plain = (key for key in item.args if key in ("transceiver", "kind", "track", "label"))
    return all(item.args[key] is None or told.get(key) == item.args[key] for key in plain)


def sites_of(program: Program, trace: Trace) -> Sites:
    """Where the recording's calls are in the program that was recorded."""
    follower = _Follower(program)
    for _, one in trace.observations:
        follower.take(one)
    return follower.sites


class _Follower:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.sites = Sites(of_call={}, skipped=set())
        self.handlers: list[_Script] = []
        self.step: _Script | None = None
        self.fired: dict[int, int] = defaultdict(int)

    def take(self, one: format.AnyObservation) -> None:
        match one:
            case format.Call():
                self._call(one)
            case format.Event():
                self._fired(one.peer, one.name)
            case format.Receive():
                self._fired(one.peer, "message")
            case format.Mark() if one.text.startswith(SKIPPED):
                self._skipped(one)

    def _fired(self, peer: str, event: str) -> None:
        for number, handler in enumerate(self.program.handlers):
            if (handler.peer, handler.event) != (peer, event):
                continue
            self.fired[number] += 1
            if self.fired[number] <= handler.times:
                self.handlers.append(_Script("handler", number, peer, handler.do))

    def _call(self, call: format.Call) -> None:
        for strict in (True, False):
            for script in self._scripts(call):
                index = script.find(call, strict=strict)
                if index is not None:
                    self.sites.of_call[call.id] = script.site(index)
                    return

    def _scripts(self, one: format.AnyObservation) -> Iterator[_Script]:
        """Those that may have done it, the likeliest first; a step begins when it is asked for."""
        handlers = [script for script in reversed(self.handlers) if script.peer == one.peer]
        if one.within is not None:
            yield from handlers
        if self.step is not None and self.step.peer == one.peer:
            yield self.step
        if one.within is None:
            yield from reversed(handlers)
        yield from self._steps_to_come(one.peer)

    def _steps_to_come(self, peer: str) -> Iterator[_Script]:
        last = self.step.number if self.step is not None else -1
        for number in range(last + 1, len(self.program.steps)):
            step = self.program.steps[number]
            if step.peer == peer:
                script = _Script("step", number, peer, step.do)
                before, self.step = self.step, script
                yield script
                if script.next:
                    return
                self.step = before

    def _skipped(self, mark: format.Mark) -> None:
        method = mark.text.removeprefix(SKIPPED).partition(":")[0]
        for script in self._scripts(mark):
            for index in range(script.next, len(script.does)):
                item = script.does[index]
                if method in (item.call, f"send {item.send}", f"receive {item.receive}"):
                    self.sites.skipped.add(script.site(index))
                    return
