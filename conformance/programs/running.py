"""A program on the model: every way in which it can run, as a transition system of its own.

A `Run` is a value. `Execution.options` tells what may happen next, with the observations that it
makes. A seed picks one (`model_stack`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.interpreting import model_arguments, reading_of
from negotiation.model import (
    PROMISED,
    Arguments,
    Call,
    Connection,
    Description,
    Event,
    Label,
    Reject,
    Resolve,
    Return,
    Specification,
    Throw,
    Turn,
)
from negotiation.model.attributes import attributes_of

from .descriptions import attribute, edited, invented, text_of
from .language import DescriptionSource, Do, Program, Step
from .naming import named

replace = msgspec.structs.replace


class Fiber(msgspec.Struct, frozen=True):
    """A script: what is left of it, the call that it awaits, and where it runs.

    `task` numbers the task that it began in, until it has awaited something; `within` is the event
    in whose handler it runs, likewise.
    """

    items: tuple[Do, ...]
    awaits: int | None = None
    task: int | None = None
    within: str | None = None
    is_step: bool = False


class PeerRun(msgspec.Struct, frozen=True):
    """One peer of a run: its connection, its scripts, and what it has named so far.

    `listeners` are the handlers that the event being dispatched has still to run, by index.
    """

    name: str
    connection: Connection
    fibers: tuple[Fiber, ...] = ()
    handled: tuple[int, ...] = ()
    listeners: tuple[int, ...] = ()
    results: tuple[tuple[int, str], ...] = ()
    last_offer: Description | None = None
    last_answer: Description | None = None
    pending: tuple[int, ...] = ()
    texts: int = 0


class Run(msgspec.Struct, frozen=True):
    """Where a program is. `running` is (peer, fiber) while a script holds the stack."""

    peers: tuple[PeerRun, ...]
    position: int = 0
    running: tuple[int, int] | None = None
    calls: int = 0
    tasks: int = 0
    named: tuple[tuple[str, Description], ...] = ()
    messages: tuple[tuple[str, Description | None], ...] = ()


class Emission(msgspec.Struct, frozen=True):
    """An observation (not yet numbered), and the descriptions that it refers to."""

    observation: format.Observation
    descriptions: tuple[Description, ...] = ()


Option = tuple[tuple[Emission, ...], Run]


class Execution:
    """The transition system of one program on one specification."""

    def __init__(self, program: Program, specification: Specification) -> None:
        self.program = program
        self.specification = specification
        self.steps = program.steps
        if not self.steps or not self.steps[-1].settle:
            self.steps = (*self.steps, Step(settle=True))

    def start(self) -> Run:
        """The run before anything happened."""
        times = tuple(handler.times for handler in self.program.handlers)
        initial = self.specification.initial()
        return Run(tuple(PeerRun(name, initial, handled=times) for name in self.program.peers))

    def options(self, run: Run) -> Iterator[Option]:
        """What may happen next; nothing when the program has ended."""
        if run.running is not None:
            yield from self._script_goes_on(run, *run.running)
            return
        if run.position == len(self.steps):
            return
        for index, peer in enumerate(run.peers):
            if peer.listeners and not peer.connection.microtasks:
                yield (), self._next_listener(run, index)
                return
            for label, connection in self.specification.successors(peer.connection):
                yield self._happens(run, index, label, connection)
        quiet = all(self.specification.is_quiescent(peer.connection) for peer in run.peers)
        yield from self._next_step(run, quiet=quiet)

    # Steps of the program.

    def _next_step(self, run: Run, *, quiet: bool) -> Iterator[Option]:
        if self._is_step_running(run) and not quiet:
            return
        step = self.steps[run.position]
        if step.settle:
            if quiet:
                yield self._idle(run)
            return
        index = self.program.peers.index(step.peer or self.program.peers[0])
        if run.peers[index].connection.turn is Turn.IDLE:
            fiber = Fiber(step.do, task=run.tasks + 1, is_step=True)
            begun = replace(_abandoned(run), position=run.position + 1, tasks=run.tasks + 1)
            yield (), _with_fiber(begun, index, fiber)

    def _is_step_running(self, run: Run) -> bool:
        return any(fiber.is_step for peer in run.peers for fiber in peer.fibers)

    def _idle(self, run: Run) -> Option:
        emissions = tuple(
            _emission(
                peer,
                format.Idle(
                    n=0, t=0, peer=peer.name, quiet=100, turns=10, pending=peer.pending, canary=True
                ),
            )
            for peer in run.peers
        )
        return emissions, replace(_abandoned(run), position=run.position + 1)

    # Scripts.

    def _script_goes_on(self, run: Run, index: int, at: int) -> Iterator[Option]:
        peer = run.peers[index]
        fiber = peer.fibers[at]
        if not fiber.items:
            fibers = peer.fibers[:at] + peer.fibers[at + 1 :]
            yield (), replace(_with_peer(run, index, replace(peer, fibers=fibers)), running=None)
            return
        do, rest = fiber.items[0], replace(fiber, items=fiber.items[1:])
        advanced = _with_peer(run, index, _with_fiber_at(peer, at, rest))
        try:
            if do.call is not None:
                yield from self._call(advanced, index, at, do)
            else:
                yield self._message_or_mark(advanced, index, rest, do)
        except LookupError as missing:
            text = f"skipped {do.call or do.send or do.receive}: {missing.args[0]}"
            yield (Emission(format.Mark(n=0, t=0, peer=peer.name, text=text)),), advanced

    def _call(self, run: Run, index: int, at: int, do: Do) -> Iterator[Option]:
        peer = run.peers[index]
        _known(peer.connection, do)
        number = run.calls + 1
        description = self._description(run, do.description, number)
        arguments = trace_arguments(do, description)
        call = Call(number, do.call or "", self._arguments(do, arguments, description))
        for connection in self.specification.call(peer.connection, call):
            called = self._called(replace(run, calls=number), index, at, do, connection)
            first = format.Call(
                n=0, t=0, peer=peer.name, id=number, method=call.method, args=arguments
            )
            used = (description,) if description is not None and description.sdp else ()
            marks = peer.fibers[at]
            yield (
                (
                    Emission(_marked(first, marks), used),
                    self._returned(called.peers[index], connection, marks),
                ),
                called,
            )

    def _arguments(
        self, do: Do, arguments: format.Arguments, description: Description | None
    ) -> Arguments:
        return model_arguments(do.call or "", arguments, lambda name, type: description)

    def _called(self, run: Run, index: int, at: int, do: Do, connection: Connection) -> Run:
        peer = replace(run.peers[index], connection=replace(connection, outcome=None))
        promised = do.call in PROMISED
        if promised:
            peer = replace(peer, pending=(*peer.pending, run.calls))
        if do.name is not None:
            peer = replace(peer, results=(*peer.results, (run.calls, do.name)))
        if do.wait and promised:
            waiting = replace(peer.fibers[at], awaits=run.calls, task=None, within=None)
            peer = _with_fiber_at(peer, at, waiting)
            run = replace(run, running=None)
        return _with_peer(run, index, self._named(peer))

    def _returned(self, peer: PeerRun, connection: Connection, marks: Fiber) -> Emission:
        outcome = connection.outcome
        if isinstance(outcome, Throw):
            told: format.Observation = format.Throw(
                n=0, t=0, peer=peer.name, call=outcome.call, error=outcome.error
            )
        else:
            assert isinstance(outcome, Return)
            told = format.Return(n=0, t=0, peer=peer.name, call=outcome.call, value=outcome.value)
        return _emission(peer, _marked(told, marks))

    def _message_or_mark(self, run: Run, index: int, fiber: Fiber, do: Do) -> Option:
        peer = run.peers[index]
        if do.mark is not None:
            return (Emission(format.Mark(n=0, t=0, peer=peer.name, text=do.mark)),), run
        if do.receive is not None:
            _found(dict(run.messages), do.receive, "message")
            told = format.Receive(n=0, t=0, peer=peer.name, message=do.receive)
            return (Emission(_marked(told, fiber)),), run
        description = self._description(run, do.description, run.calls)
        ref = _ref(description)
        sent = format.Send(n=0, t=0, peer=peer.name, message=do.send or "", description=ref)
        messages = (*run.messages, (do.send or "", description))
        used = (description,) if description is not None else ()
        return (Emission(_marked(sent, fiber), used),), replace(run, messages=messages)

    # What the connections do by themselves.

    def _happens(self, run: Run, index: int, label: Label, connection: Connection) -> Option:
        peer = self._named(replace(run.peers[index], connection=connection))
        run = _with_peer(run, index, peer)
        if isinstance(label, Event):
            told = format.Event(
                n=0,
                t=0,
                peer=peer.name,
                name=label.name,
                transceiver=label.transceiver,
                streams=label.streams if label.transceiver is not None else None,
            )
            return (_emission(peer, told),), self._handled(run, index, label.name)
        if isinstance(label, Resolve | Reject):
            return self._settled(run, index, label)
        return (), run

    def _settled(self, run: Run, index: int, label: Resolve | Reject) -> Option:
        peer = run.peers[index]
        peer = replace(peer, pending=tuple(one for one in peer.pending if one != label.call))
        emission = self._settlement(peer, label)
        if isinstance(label, Resolve) and label.description is not None:
            run = _with_results(run, peer, label.call, label.description)
            peer = _remembered(peer, label.description)
        run = _with_peer(run, index, peer)
        for at, fiber in enumerate(peer.fibers):
            if fiber.awaits == label.call:
                going_on = _with_fiber_at(peer, at, replace(fiber, awaits=None))
                run = replace(_with_peer(run, index, going_on), running=(index, at))
        return (emission,), run

    def _settlement(self, peer: PeerRun, label: Resolve | Reject) -> Emission:
        if isinstance(label, Reject):
            told = format.Reject(n=0, t=0, peer=peer.name, call=label.call, error=label.error)
            return _emission(peer, told)
        description = label.description
        if description is None and self._sets_local(peer, label.call):
            description = peer.connection.local_description
        told_resolved = format.Resolve(
            n=0, t=0, peer=peer.name, call=label.call, description=_ref(description)
        )
        return _emission(peer, told_resolved, description)

    def _sets_local(self, peer: PeerRun, call: int) -> bool:
        operations = peer.connection.operations
        return any(one.call == call and one.method == "setLocalDescription" for one in operations)

    def _handled(self, run: Run, index: int, event: str) -> Run:
        peer = run.peers[index]
        called = tuple(
            at
            for at, handler in enumerate(self.program.handlers)
            if handler.peer == peer.name and handler.event == event and peer.handled[at] > 0
        )
        left = tuple(times - 1 if at in called else times for at, times in enumerate(peer.handled))
        return _with_peer(run, index, replace(peer, handled=left, listeners=called))

    def _next_listener(self, run: Run, index: int) -> Run:
        """The next handler of the event: microtasks have run since the one before."""
        peer = run.peers[index]
        handler = self.program.handlers[peer.listeners[0]]
        rest = _with_peer(run, index, replace(peer, listeners=peer.listeners[1:]))
        return _with_fiber(rest, index, Fiber(handler.do, within=handler.event))

    def _named(self, peer: PeerRun) -> PeerRun:
        connection, texts = named(peer.connection, peer.name, peer.texts)
        return replace(peer, connection=connection, texts=texts)

    # Descriptions.

    def _description(
        self, run: Run, source: DescriptionSource | None, number: int
    ) -> Description | None:
        if source is None:
            return None
        if source.sections is not None or source.sdp is not None:
            found = invented(source, f"invented{number}")
        elif source.result is not None:
            found = _found(dict(run.named), source.result, "result")
        elif source.message is not None:
            found = _found(dict(run.messages), source.message, "message")
        elif source.of is not None:
            found = self._of(run, *source.of)
        else:
            return None
        return edited(found, source, text_of)

    def _of(self, run: Run, name: str, slot: str) -> Description:
        peer = next(peer for peer in run.peers if peer.name == name)
        kept = {"lastOffer": peer.last_offer, "lastAnswer": peer.last_answer}
        known = kept[slot] if slot in kept else attribute(peer.connection, slot)
        return _found({slot: known}, slot, f"{name}'s")


def _known(connection: Connection, do: Do) -> None:
    """A call may name a transceiver that is not there: it is skipped, as every recorder does."""
    name = do.args.get("transceiver")
    if name is not None and connection.transceiver(name) is None:
        raise LookupError(f"there is no transceiver {name}")


def _found(known: Mapping[str, Description | None], name: str, what: str) -> Description:
    description = known.get(name)
    if description is None:
        raise LookupError(f"there is no {what} {name}")
    return description


def trace_arguments(do: Do, description: Description | None) -> format.Arguments:
    """The arguments of a call as a trace tells them."""
    arguments = msgspec.convert(do.args, format.Arguments)
    if do.description is None:
        return arguments
    type = do.description.type or (str(description.type) if description else None)
    ref = format.DescriptionRef(type, description.sdp if description else None)
    return replace(arguments, description=ref)


def _marked(observation: format.Observation, fiber: Fiber) -> format.Observation:
    return replace(observation, task=fiber.task, within=fiber.within)


def _ref(description: Description | None) -> format.DescriptionRef | None:
    if description is None:
        return None
    return format.DescriptionRef(str(description.type), description.sdp or None)


def _emission(
    peer: PeerRun, observation: format.Observation, description: Description | None = None
) -> Emission:
    reading = reading_of(attributes_of(peer.connection))
    used = (description,) if description is not None else ()
    return Emission(replace(observation, state=reading), used)


def _with_peer(run: Run, index: int, peer: PeerRun) -> Run:
    return replace(run, peers=(*run.peers[:index], peer, *run.peers[index + 1 :]))


def _with_fiber(run: Run, index: int, fiber: Fiber) -> Run:
    peer = run.peers[index]
    run = _with_peer(run, index, replace(peer, fibers=(*peer.fibers, fiber)))
    return replace(run, running=(index, len(peer.fibers)))


def _with_fiber_at(peer: PeerRun, at: int, fiber: Fiber) -> PeerRun:
    return replace(peer, fibers=(*peer.fibers[:at], fiber, *peer.fibers[at + 1 :]))


def _with_results(run: Run, peer: PeerRun, call: int, description: Description) -> Run:
    names = [name for number, name in peer.results if number == call]
    return replace(run, named=(*run.named, *((name, description) for name in names)))


def _remembered(peer: PeerRun, description: Description) -> PeerRun:
    if description.type == "offer":
        return replace(peer, last_offer=description)
    return replace(peer, last_answer=description)


def _abandoned(run: Run) -> Run:
    """The run without step scripts that await what will never come (nothing can happen)."""
    peers = tuple(
        replace(peer, fibers=tuple(one for one in peer.fibers if not one.is_step))
        for peer in run.peers
    )
    return replace(run, peers=peers)
