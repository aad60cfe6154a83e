"""A program on the model: every way in which it can run, as a transition system of its own.

A `Run` is a value. `Execution.options` tells what may happen next, with the observations that it
makes. A seed picks one (`model_stack`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
from negotiation.model.specification import Transition

from .descriptions import attribute, edited, fitted, invented, text_of
from .language import Do, Program, Step
from .naming import is_created, named
from .runs import (
    Fiber,
    PeerRun,
    Run,
    abandoned,
    holds,
    is_step_running,
    remembered,
    with_fiber,
    with_fiber_at,
    with_flag,
    with_peer,
    with_results,
    without_running,
)

replace = msgspec.structs.replace


class Emission(msgspec.Struct, frozen=True, gc=False):
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
            return iter(self._script_goes_on(run, *run.running))
        if run.position == len(self.steps):
            return iter(())
        return self._between_scripts(run)

    def _between_scripts(self, run: Run) -> Iterator[Option]:
        for index, peer in enumerate(run.peers):
            if peer.listeners and not peer.connection.microtasks:
                yield (), self._next_listener(run, index)
                return
            for label, connection in self.successors(peer):
                yield self._happens(run, index, label, connection)
        yield from self._next_step(run)

    def successors(self, peer: PeerRun) -> Iterable[Transition]:
        """What a peer's connection may do by itself."""
        return self.specification.successors(peer.connection)

    def reading(self, connection: Connection) -> format.Reading:
        """What a script reads of a connection."""
        return reading_of(attributes_of(connection))

    # Steps of the program.

    def _next_step(self, run: Run) -> Iterator[Option]:
        step = self.steps[run.position]
        if (step.settle or is_step_running(run)) and not self.is_quiet(run):
            return
        if step.settle:
            yield self._idle(run)
            return
        index = self.program.peers.index(step.peer or self.program.peers[0])
        if run.peers[index].connection.turn is Turn.IDLE:
            fiber = Fiber(step.do, task=run.tasks + 1, is_step=True)
            begun = replace(abandoned(run), position=run.position + 1, tasks=run.tasks + 1)
            yield (), with_fiber(begun, index, fiber)

    def is_quiet(self, run: Run) -> bool:
        """Whether nothing has to happen any more before the next step."""
        return all(self.specification.is_quiescent(peer.connection) for peer in run.peers)

    def _idle(self, run: Run) -> Option:
        emissions = tuple(
            self._emission(
                peer,
                format.Idle(
                    n=0, t=0, peer=peer.name, quiet=100, turns=10, pending=peer.pending, canary=True
                ),
            )
            for peer in run.peers
        )
        return emissions, replace(abandoned(run), position=run.position + 1)

    # Scripts.

    def _script_goes_on(self, run: Run, index: int, at: int) -> Iterable[Option]:
        peer = run.peers[index]
        fiber = peer.fibers[at]
        if not fiber.items:
            fibers = peer.fibers[:at] + peer.fibers[at + 1 :]
            return (((), without_running(with_peer(run, index, replace(peer, fibers=fibers)))),)
        do, rest = fiber.items[0], replace(fiber, items=fiber.items[1:])
        advanced = with_peer(run, index, with_fiber_at(peer, at, rest))
        try:
            if do.when and not all(holds(advanced, peer, fiber, each) for each in do.when):
                return (((), advanced),)
            return self._does(advanced, index, at, do)
        except LookupError as missing:
            what = do.call or do.send or do.receive or "deliver"
            text = f"skipped {what}: {missing.args[0]}"
            mark = format.Mark(n=0, t=0, peer=peer.name, text=text)
            return (((Emission(mark),), advanced),)

    def _does(self, run: Run, index: int, at: int, do: Do) -> Iterable[Option]:
        """What an item does that is not left out; `run` has gone past it."""
        if do.call is not None:
            return self._call(run, index, at, do)
        peer = run.peers[index]
        if do.end:
            ended = with_fiber_at(peer, at, replace(peer.fibers[at], items=()))
            return (((), with_peer(run, index, ended)),)
        if do.set is not None:
            value = any(
                all(holds(run, peer, peer.fibers[at], one) for one in each) for each in do.to
            )
            return (((), with_peer(run, index, with_flag(peer, do.set, value))),)
        if do.deliver:
            return (((), self._delivered(run, index, at)),)
        if do.collect:
            return (((), run),)  # what is not needed any more is nobody's observation
        return (self._message_or_mark(run, index, at, do),)

    def _call(self, run: Run, index: int, at: int, do: Do) -> list[Option]:
        peer = run.peers[index]
        _known(peer.connection, do)
        number = run.calls + 1
        description = self._description(run, index, at, do, f"invented{number}")
        arguments = trace_arguments(do, description)
        call = Call(number, do.call or "", self._arguments(do, arguments, description))
        told = format.Call(n=0, t=0, peer=peer.name, id=number, method=call.method, args=arguments)
        marks = peer.fibers[at]
        used = (description,) if description is not None and description.sdp else ()
        first = Emission(_marked(told, marks), used)
        options: list[Option] = []
        for connection in self.specification.call(peer.connection, call):
            called = self._called(replace(run, calls=number), index, at, do, connection)
            returned = self._returned(called.peers[index], connection, marks)
            options.append(((first, returned), called))
        return options

    def _arguments(
        self, do: Do, arguments: format.Arguments, description: Description | None
    ) -> Arguments:
        return model_arguments(do.call or "", arguments, lambda name, type: description)

    def _called(self, run: Run, index: int, at: int, do: Do, connection: Connection) -> Run:
        peer = _at(run.peers[index], replace(connection, outcome=None))
        promised = do.call in PROMISED
        if promised:
            peer = replace(peer, pending=(*peer.pending, run.calls))
        if do.call == "setLocalDescription":
            peer = replace(peer, setting=(*peer.setting, run.calls))
        if do.name is not None:
            peer = replace(peer, results=(*peer.results, (run.calls, do.name)))
        if do.wait and promised:
            waiting = replace(peer.fibers[at], awaits=run.calls, task=None, within=None)
            peer = with_fiber_at(peer, at, waiting)
            run = without_running(run)
        return with_peer(run, index, peer)

    def _returned(self, peer: PeerRun, connection: Connection, marks: Fiber) -> Emission:
        outcome = connection.outcome
        if isinstance(outcome, Throw):
            told: format.Observation = format.Throw(
                n=0, t=0, peer=peer.name, call=outcome.call, error=outcome.error
            )
        else:
            assert isinstance(outcome, Return)
            told = format.Return(n=0, t=0, peer=peer.name, call=outcome.call, value=outcome.value)
        return self._emission(peer, _marked(told, marks))

    def _message_or_mark(self, run: Run, index: int, at: int, do: Do) -> Option:
        peer = run.peers[index]
        fiber = peer.fibers[at]
        if do.mark is not None:
            return (Emission(format.Mark(n=0, t=0, peer=peer.name, text=do.mark)),), run
        if do.receive is not None:
            message = fiber.message if do.receive == "*" else do.receive
            _found(dict(run.messages), message or "*", "message")
            told = format.Receive(n=0, t=0, peer=peer.name, message=message or "*")
            return (Emission(_marked(told, fiber)),), run
        return self._sent(run, index, at, do)

    def _sent(self, run: Run, index: int, at: int, do: Do) -> Option:
        description = self._description(run, index, at, do, f"sent{len(run.messages) + 1}")
        run = with_peer(run, index, replace(run.peers[index], sent=run.peers[index].sent + 1))
        peer = run.peers[index]
        name = (do.send or "").replace("*", str(peer.sent))
        told = format.Send(n=0, t=0, peer=peer.name, message=name, description=_ref(description))
        messages = (*run.messages, (name, description))
        run = replace(run, messages=messages, senders=(*run.senders, peer.name))
        used = (description,) if description is not None else ()
        return (Emission(_marked(told, peer.fibers[at]), used),), run

    def _delivered(self, run: Run, index: int, at: int) -> Run:
        """The oldest message of the others arrives: its handler runs on top of this script."""
        peer = run.peers[index]
        others = [
            name for (name, _), by in zip(run.messages, run.senders, strict=True) if by != peer.name
        ]
        if peer.delivered >= len(others):
            raise LookupError("no message is under way")
        arrived = with_peer(run, index, replace(peer, delivered=peer.delivered + 1))
        handled = self._handled(arrived, index, "message")
        called = handled.peers[index].listeners
        run = with_peer(handled, index, replace(handled.peers[index], listeners=peer.listeners))
        if not called:
            return run
        below = peer.fibers[at]
        fiber = Fiber(
            self.program.handlers[called[0]].do,
            task=below.task,
            within=below.within,
            message=others[peer.delivered],
        )
        return replace(with_fiber(run, index, fiber), interrupted=(*run.interrupted, (index, at)))

    # What the connections do by themselves.

    def _happens(self, run: Run, index: int, label: Label, connection: Connection) -> Option:
        peer = _at(run.peers[index], connection)
        run = with_peer(run, index, peer)
        if isinstance(label, Event):
            told = format.Event(
                n=0,
                t=0,
                peer=peer.name,
                name=label.name,
                transceiver=label.transceiver,
                streams=label.streams if label.transceiver is not None else None,
            )
            return (self._emission(peer, told),), self._handled(run, index, label.name)
        if isinstance(label, Resolve | Reject):
            return self._settled(run, index, label)
        return (), run

    def _settled(self, run: Run, index: int, label: Resolve | Reject) -> Option:
        peer = run.peers[index]
        emission = self._settlement(peer, label)
        peer = replace(
            peer,
            pending=tuple(one for one in peer.pending if one != label.call),
            setting=tuple(one for one in peer.setting if one != label.call),
        )
        if isinstance(label, Resolve) and label.description is not None:
            run = with_results(run, peer, label.call, label.description)
            peer = remembered(peer, label.description)
        run = with_peer(run, index, peer)
        for at, fiber in enumerate(peer.fibers):
            if fiber.awaits == label.call:
                rejected = isinstance(label, Reject)
                woken = replace(fiber, awaits=None, rejected=rejected)
                going_on = with_fiber_at(peer, at, woken)
                run = replace(with_peer(run, index, going_on), running=(index, at))
        return (emission,), run

    def _settlement(self, peer: PeerRun, label: Resolve | Reject) -> Emission:
        if isinstance(label, Reject):
            told = format.Reject(n=0, t=0, peer=peer.name, call=label.call, error=label.error)
            return self._emission(peer, told)
        description = label.description
        if description is None and label.call in peer.setting:
            description = peer.connection.local_description
        told_resolved = format.Resolve(
            n=0, t=0, peer=peer.name, call=label.call, description=_ref(description)
        )
        return self._emission(peer, told_resolved, description)

    def _emission(
        self, peer: PeerRun, told: format.Observation, description: Description | None = None
    ) -> Emission:
        used = (description,) if description is not None else ()
        return Emission(replace(told, state=self.reading(peer.connection)), used)

    def _handled(self, run: Run, index: int, event: str) -> Run:
        if not self.program.handlers:
            return run
        peer = run.peers[index]
        called = tuple(
            at
            for at, handler in enumerate(self.program.handlers)
            if handler.peer == peer.name and handler.event == event and peer.handled[at] > 0
        )
        left = tuple(times - 1 if at in called else times for at, times in enumerate(peer.handled))
        return with_peer(run, index, replace(peer, handled=left, listeners=called))

    def _next_listener(self, run: Run, index: int) -> Run:
        """The next handler of the event: microtasks have run since the one before."""
        peer = run.peers[index]
        handler = self.program.handlers[peer.listeners[0]]
        rest = with_peer(run, index, replace(peer, listeners=peer.listeners[1:]))
        return with_fiber(rest, index, Fiber(handler.do, within=handler.event))

    # Descriptions.

    def _description(self, run: Run, index: int, at: int, do: Do, name: str) -> Description | None:
        source = do.description
        if source is None:
            return None
        if source.sections is not None or source.sdp is not None:
            ours = run.peers[index].connection
            fitting = fitted(source, ours) if do.call == "setRemoteDescription" else source
            found = invented(fitting, name)
        elif source.result is not None:
            found = _found(dict(run.named), source.result, "result")
        elif source.message is not None:
            delivered = run.peers[index].fibers[at].message or "*"
            name = delivered if source.message == "*" else source.message
            found = _found(dict(run.messages), name, "message")
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


def _at(peer: PeerRun, connection: Connection) -> PeerRun:
    """The peer with its connection here, and with names for what was created."""
    if not is_created(peer.connection, connection):
        return replace(peer, connection=connection)
    connection, texts = named(connection, peer.name, peer.texts)
    return replace(peer, connection=connection, texts=texts)


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
