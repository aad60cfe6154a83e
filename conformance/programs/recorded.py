"""A recording, turned back into a program: the same calls in the same order, on any stack.

A program has no clock. What the recording shows of the order is said with what the language has:

* calls with nothing observed in between, or in one task, are in one script;
* a call that was made when an earlier one of its peer had settled comes after it was awaited, and
  one that was made before that does not;
* a call that an event's handler made is in a handler;
* where something else had to happen first, an event for instance, the program settles before, if
  nothing was pending that should stay so; else a note says that the order may be another.

Peers are ordered among themselves by what one needs of the other, and otherwise as recorded.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import msgspec
from msgspec.structs import replace

from negotiation.conformance.errors import UsageError
from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import profile_named
from negotiation.conformance.traces.reading import Trace

from .language import Do, Handler, Program, Step
from .recorded_descriptions import Descriptions, Found

AREA = "recordings"
RULE = "#peer-to-peer-connections"
MOST_NOTES = 20

_OF_TRANSCEIVERS = frozenset(
    {"direction", "removeTrack", "replaceTrack", "setParameters", "setStreams", "stop"}
)
_UFRAG = re.compile(r" ufrag \S+")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


class Made(msgspec.Struct, frozen=True):
    """The program of a recording, and what it does not say as the recording does."""

    program: Program
    notes: tuple[str, ...] = ()


def program_of(trace: Trace, name: str = "") -> Made:
    """The program that makes the recording's calls.

    Raises:
        UsageError: there is no call in it.
    """
    maker = _Maker(trace)
    for _, observation in trace.observations:
        maker.take(observation)
    if not maker.has_calls:
        raise UsageError(f"{trace.file}: no call was recorded, so there is no program in it")
    program = Program(
        format="negotiation-program",
        version=1,
        name=_name(name or trace.header.program or "recording"),
        about=f"What was recorded in {trace.file.rpartition('/')[2]}, to be tried again.",
        rule=RULE,
        area=AREA,
        steps=maker.steps(),
        peers=tuple(trace.header.peers),
        handlers=maker.handlers(),
    )
    return Made(program, (*_limits(trace), *maker.told()))


def _name(wanted: str) -> str:
    """A name that can be a file's."""
    kept = _NOT_IN_NAMES.sub("-", wanted).strip("-.")[:120]
    return f"{kept or 'recording'}-again"


def _limits(trace: Trace) -> list[str]:
    notes = []
    for name, peer in trace.header.peers.items():
        if peer.begins == "unknown":
            notes.append(f"{name}: what came before the recording is not in the program")
        if profile_named(peer.profile).hidden:
            missed = ", ".join(sorted(profile_named(peer.profile).hidden))
            notes.append(f"{name}: the recorder misses calls of {missed}; so does the program")
        if peer.configuration and set(peer.configuration) - {"sdpSemantics"}:
            notes.append(f"{name}: a program has no configuration; the stack's default is used")
    if trace.error is not None or trace.truncated:
        notes.append("the recording breaks off; the program has what came before")
    return notes


class _Item(msgspec.Struct):
    """Something to do, and the id of the call that it is."""

    do: Do
    call: int | None = None


class _Script(msgspec.Struct):
    """A step's list, or a handler's; `number` counts the steps, handlers have that of none."""

    peer: str
    number: int
    task: int | None = None
    items: list[_Item] = []
    is_handler: bool = False

    @property
    def last_call(self) -> int | None:
        """The id of the last call, if nothing else comes after it."""
        return self.items[-1].call if self.items else None

    def await_last(self) -> None:
        """Go on only when the last call has settled."""
        self.items[-1].do = replace(self.items[-1].do, wait=True)


class _Peer:
    """What is known of a peer, at a place of the recording."""

    def __init__(self) -> None:
        self.script: _Script | None = None
        self.step: _Script | None = None
        """The latest of its steps, whatever its handlers did since."""
        self.since: list[format.AnyObservation] = []
        """What was seen since the last thing that was done, its returning excepted."""
        self.since_step: list[format.AnyObservation] = []
        """What was seen since the last thing that a step did, whatever handlers did."""
        self.pending: set[int] = set()
        self.firings: Counter[str] = Counter()
        self.is_quiet = True

    @property
    def has_begun(self) -> bool:
        """Whether it has done something since the program settled, of which nothing was seen."""
        return self.script is not None and not self.is_quiet

    def saw(self, one: format.AnyObservation) -> None:
        """Something happened that what comes next may depend on."""
        self.since.append(one)
        self.since_step.append(one)


class _Maker:
    def __init__(self, trace: Trace) -> None:
        self._steps: list[_Script | None] = []  # None: settle
        self._handlers: dict[tuple[str, str, int], _Script] = {}
        self._peers = {name: _Peer() for name in trace.header.peers}
        self._knows_tasks = {
            name: profile_named(peer.profile).tasks for name, peer in trace.header.peers.items()
        }
        self._settling = {
            one.call
            for _, one in trace.observations
            if isinstance(one, format.Resolve | format.Reject)
        }
        self._items: dict[int, _Item] = {}
        self._methods: dict[int, str] = {}
        peers = trace.header.peers.items()
        whole = {name for name, one in peers if not profile_named(one.profile).is_half_seen}
        self._descriptions = Descriptions(trace.sdps, whole)
        self._credentials = {
            section.ice for sdp in trace.sdps.values() for section in sdp.summary.sections
        }
        self._notes: dict[str, None] = {}

    @property
    def has_calls(self) -> bool:
        """Whether anything is called at all."""
        return bool(self._items)

    def steps(self) -> tuple[Step, ...]:
        """The program's steps; it ends settled."""
        made = [
            Step(settle=True) if one is None else Step(one.peer, _done(one.items))
            for one in self._steps
        ]
        return tuple(made if made and made[-1].settle else [*made, Step(settle=True)])

    def handlers(self) -> tuple[Handler, ...]:
        """The handlers, each of which does something the one time that an event fires."""
        last: dict[tuple[str, str], int] = {}
        for peer, event, firing in self._handlers:
            last[peer, event] = max(firing, last.get((peer, event), 0))
        return tuple(
            self._handler(peer, event, firing)
            for (peer, event), firings in last.items()
            for firing in range(firings, 0, -1)
        )

    def _handler(self, peer: str, event: str, firing: int) -> Handler:
        """The handler for the event's firing of that number: they stand in reverse, so that each
        finds the flag of the one before only at the next firing."""
        script = self._handlers.get((peer, event, firing))
        guard = [Do(end=True, when=(f"!{event}-{firing - 1}",))] if firing > 1 else []
        does = (*guard, Do(set=f"{event}-{firing}"), *_done(script.items if script else []))
        return Handler(peer, event, does, via="listener", times=firing)

    def told(self) -> list[str]:
        """The notes, not too many."""
        notes = list(self._notes)
        more = len(notes) - MOST_NOTES
        return notes[:MOST_NOTES] + ([f"and {more} more notes like these"] if more > 0 else [])

    # Observations.

    def take(self, one: format.AnyObservation) -> None:
        """Take the next observation."""
        peer = self._peers[one.peer]
        match one:
            case format.Call():
                self._called(peer, one)
            case format.Send() | format.Receive():
                self._messaged(peer, one)
            case format.Resolve() | format.Reject():
                self._settled(peer, one)
            case format.Throw():
                peer.pending.discard(one.call)
            case format.Event():
                peer.firings[one.name] += 1
                peer.saw(one)
            case format.Idle():
                peer.is_quiet = True
                self._settle()

    def _settled(self, peer: _Peer, one: format.Resolve | format.Reject) -> None:
        peer.pending.discard(one.call)
        peer.saw(one)
        if isinstance(one, format.Resolve):
            told = one.description or format.DescriptionRef()
            self._descriptions.resolved(one.peer, one.call, self._methods[one.call], told)

    def _called(self, peer: _Peer, call: format.Call) -> None:
        self._methods[call.id] = call.method
        problem = _missing(call)
        found = Found()
        if not problem and call.args.description is not None:
            found, problem = self._source(call)
        if problem:
            self._notes[f"{call.peer}: {call.method} #{call.id} is left out: {problem}"] = None
            return
        args = self._arguments(call.args)
        item = _Item(Do(call=call.method, args=args, description=found.source), call.id)
        self._place(peer, call, item, found)
        self._items[call.id] = item
        if call.id in self._settling:
            peer.pending.add(call.id)

    def _source(self, call: format.Call) -> tuple[Found, str]:
        assert call.args.description is not None
        found = self._descriptions.find(call.peer, call.method, call.args.description)
        if found is None:
            return Found(), "the recording has not the text of its description"
        if found.note:
            self._notes[f"{call.peer}: {call.method} #{call.id}: {found.note}"] = None
        return found, ""

    def _messaged(self, peer: _Peer, one: format.Send | format.Receive) -> None:
        if isinstance(one, format.Receive):
            if self._descriptions.received(one.peer, one.message):
                producer = Found(producer=self._descriptions.sender(one.message))
                self._place(peer, one, _Item(Do(receive=one.message)), producer)
            return
        found = Found()
        if one.description is not None:
            found = self._descriptions.find(one.peer, "send", one.description) or Found()
        self._place(peer, one, _Item(Do(send=one.message, description=found.source)), found)
        self._descriptions.sent(one.message, one.description, peer.script)

    def _arguments(self, args: format.Arguments) -> dict[str, Any]:
        told: dict[str, Any] = msgspec.to_builtins(args)
        told.pop("description", None)
        if args.candidate is not None:
            candidate = told["candidate"]
            # Credentials are others in each run; one that belongs to none is kept as it is.
            if args.candidate.usernameFragment in self._credentials:
                candidate.pop("usernameFragment", None)
                candidate["candidate"] = _UFRAG.sub("", args.candidate.candidate)
        return told

    # Where it is done.

    def _place(self, peer: _Peer, one: Any, item: _Item, found: Found) -> None:
        """Put the item where the recording has it."""
        needed = self._made_ready(found)
        script = self._handled(peer, one) or self._going_on(peer, one, needed)
        if script is None:
            script = self._begun(peer, one)
        script.items.append(item)
        peer.script = script
        peer.is_quiet = False
        peer.since.clear()
        if not script.is_handler:
            peer.step = script
            peer.since_step.clear()

    def _made_ready(self, found: Found) -> int:
        """The number of the step that makes what is needed; it is awaited there."""
        item = None if found.call is None else self._items.get(found.call)
        if item is None:
            return found.producer.number if isinstance(found.producer, _Script) else -1
        if item.do.name is None:
            item.do = replace(item.do, name=f"call-{found.call}")
        for script in self._steps:
            if script is not None and item in script.items:
                if script.items[-1] is item:
                    script.await_last()
                return script.number
        return -1

    def _handled(self, peer: _Peer, one: Any) -> _Script | None:
        """The script of the handler in which it was done."""
        if one.within is None or not peer.firings[one.within]:
            return None
        key = (one.peer, one.within, peer.firings[one.within])
        if key not in self._handlers:
            number = len(self._steps)
            self._handlers[key] = _Script(one.peer, number, items=[], is_handler=True)
        return self._handlers[key]

    def _going_on(self, peer: _Peer, one: Any, needed: int) -> _Script | None:
        """The script that goes on, in one task with what came before or when that has settled."""
        script = peer.script
        if script is None:
            return None
        knows_task = self._knows_tasks[one.peer] and one.task is not None
        if knows_task or not peer.since:
            is_one_task = not knows_task or one.task == script.task
            return script if is_one_task and self._can_go_on(script, needed) else None
        for each in (script, peer.step):
            if each is not None and self._can_go_on(each, needed) and _is_reaction(each, peer):
                each.await_last()
                return each
        return None

    def _can_go_on(self, script: _Script, needed: int) -> bool:
        """Whether what is needed is there by then, and the program does not settle before."""
        return script.is_handler or (
            needed <= script.number and not self._is_settled_behind(script)
        )

    def _is_settled_behind(self, script: _Script) -> bool:
        """Whether the program settles after this script, so that it is over."""
        return not script.is_handler and None in self._steps[script.number + 1 :]

    def _begun(self, peer: _Peer, one: Any) -> _Script:
        """A new step, after what has to come before it."""
        if peer.since_step and not self._is_awaited(peer):
            self._wait_for_quiet(peer, one)
        script = _Script(one.peer, len(self._steps), one.task, [])
        self._steps.append(script)
        return script

    def _is_awaited(self, peer: _Peer) -> bool:
        """Whether awaiting the last call of the step before is all that has to come before."""
        before = peer.step
        if before is None:
            return False
        if self._is_settled_behind(before):
            return True
        ended = [n for n, each in enumerate(peer.since_step) if _ends(each, before.last_call)]
        if not ended:
            return False
        before.await_last()
        return ended[0] == len(peer.since_step) - 1

    def _wait_for_quiet(self, peer: _Peer, one: Any) -> None:
        if any(each.pending for each in self._peers.values()):
            seen = peer.since_step[-1]
            what = seen.name if isinstance(seen, format.Event) else f"the end of #{seen.call}"  # type: ignore[union-attr]
            told = f"{one.peer}: line {one.n} comes after {what} there, and may come before it here"
            self._notes[told] = None
            return
        for name, other in self._peers.items():
            if other is not peer and other.has_begun and not other.since:
                told = f"{name}: what follows line {one.n} there may come before it here"
                self._notes[told] = None
        self._settle()

    def _settle(self) -> None:
        if self._steps and self._steps[-1] is not None:
            self._steps.append(None)


def _done(items: list[_Item]) -> tuple[Do, ...]:
    return tuple(item.do for item in items)


def _missing(call: format.Call) -> str:
    """What a call cannot do without, and the recording has not."""
    args = call.args
    if call.method in _OF_TRANSCEIVERS and args.transceiver is None:
        return "the recording does not say of which transceiver"
    if call.method == "addTransceiver" and args.kind is None and args.track is None:
        return "the recording does not say of which kind"
    if call.method == "addTrack" and args.track is None:
        return "the recording does not say of which track"
    return ""


def _ends(one: format.AnyObservation, call: int | None) -> bool:
    return isinstance(one, format.Resolve | format.Reject) and one.call == call


def _is_reaction(script: _Script, peer: _Peer) -> bool:
    """Whether the end of its last call is the last that was seen: what goes on is its reaction."""
    return script.last_call is not None and _ends(peer.since[-1], script.last_call)
