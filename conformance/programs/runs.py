"""Where a program that runs on the model is: the values of a run, and how they change.

They are made of older values, never in a circle: the garbage collector need not look at them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from negotiation.model import Connection, Description

from .language import Do

replace = msgspec.structs.replace


class Fiber(msgspec.Struct, frozen=True, gc=False):
    """A script: what is left of it, the call that it awaits, and where it runs.

    `task` numbers the task that it began in, until it has awaited something; `within` is the event
    in whose handler it runs, likewise. `message` was delivered to it; `rejected`: what it awaited
    last was.
    """

    items: tuple[Do, ...]
    awaits: int | None = None
    task: int | None = None
    within: str | None = None
    is_step: bool = False
    message: str | None = None
    rejected: bool = False


class PeerRun(msgspec.Struct, frozen=True, gc=False):
    """One peer of a run: its connection, its scripts, and what it has named so far.

    `listeners` are the handlers that the event being dispatched has still to run, by index;
    `pending` the calls that have not settled, `setting` those of setLocalDescription among them.
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
    setting: tuple[int, ...] = ()
    texts: int = 0
    flags: frozenset[str] = frozenset()
    sent: int = 0
    delivered: int = 0


class Run(msgspec.Struct, frozen=True, gc=False):
    """Where a program is. `running` is (peer, fiber) while a script holds the stack.

    `interrupted` are the scripts below it on the stack, which delivered a message to it.
    """

    peers: tuple[PeerRun, ...]
    position: int = 0
    running: tuple[int, int] | None = None
    interrupted: tuple[tuple[int, int], ...] = ()
    calls: int = 0
    tasks: int = 0
    named: tuple[tuple[str, Description], ...] = ()
    messages: tuple[tuple[str, Description | None], ...] = ()
    senders: tuple[str, ...] = ()


def with_peer(run: Run, index: int, peer: PeerRun, **changed: Any) -> Run:
    """The run with another value of one peer, and of these fields of its own."""
    peers = (*run.peers[:index], peer, *run.peers[index + 1 :])
    return replace(run, peers=peers, **changed)


def with_fiber(run: Run, index: int, fiber: Fiber) -> Run:
    """The run with one script more, which begins to run."""
    peer = run.peers[index]
    running = (index, len(peer.fibers))
    return with_peer(run, index, replace(peer, fibers=(*peer.fibers, fiber)), running=running)


def with_fiber_at(peer: PeerRun, at: int, fiber: Fiber) -> PeerRun:
    """The peer with another value of one script."""
    return replace(peer, fibers=(*peer.fibers[:at], fiber, *peer.fibers[at + 1 :]))


def with_results(run: Run, peer: PeerRun, call: int, description: Description) -> Run:
    """The run in which a call has resolved with this description."""
    names = [name for number, name in peer.results if number == call]
    return replace(run, named=(*run.named, *((name, description) for name in names)))


def remembered(peer: PeerRun, description: Description) -> PeerRun:
    """The peer with the last offer or answer that it created."""
    if description.type == "offer":
        return replace(peer, last_offer=description)
    return replace(peer, last_answer=description)


def is_step_running(run: Run) -> bool:
    """Whether the script of a step has not ended."""
    return any(fiber.is_step for peer in run.peers for fiber in peer.fibers)


def abandoned(run: Run) -> Run:
    """The run without step scripts that await what will never come (nothing can happen)."""
    if not is_step_running(run):
        return run
    peers = tuple(
        replace(peer, fibers=tuple(one for one in peer.fibers if not one.is_step))
        for peer in run.peers
    )
    return replace(run, peers=peers)


def without_running(run: Run) -> Run:
    """The run when the script on top of the stack awaits something, or has ended."""
    below = run.interrupted[-1] if run.interrupted else None
    return replace(run, running=below, interrupted=run.interrupted[:-1])


def with_flag(peer: PeerRun, name: str, value: bool) -> PeerRun:
    """The peer with a flag of its application set or cleared."""
    flags = peer.flags | {name} if value else peer.flags - {name}
    return replace(peer, flags=flags)


def holds(run: Run, peer: PeerRun, fiber: Fiber, condition: str) -> bool:
    """Whether a condition of an application (see `Do`) holds for one of its scripts now."""
    if condition.startswith("!"):
        return not holds(run, peer, fiber, condition[1:])
    kind, colon, value = condition.partition(":")
    if not colon:
        return condition in peer.flags
    if kind == "state":
        return peer.connection.signaling_state == value
    if kind == "type":
        description = dict(run.messages).get(fiber.message or "")
        return description is not None and description.type == value
    return fiber.rejected
