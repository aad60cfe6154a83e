"""Watching peer connections of Python inside the process: the stack's methods are wrapped.

It is the classes that are wrapped, for as long as a test runs, and put back as they were:
connections may have no room for attributes of their own, and stay what they are, whoever holds
them. Only what was watched is recorded, and only what the application calls: what a stack calls of
itself is told apart by the module that the call comes from.

An operation is a coroutine function. Its call is recorded when its coroutine begins, as nothing
happens before; its return when it waits for the first time, or directly where the stack does
nothing in the call itself; its settlement when it ends.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from negotiation.model import PROMISED

from ..errors import UsageError
from ..stacks.adapters.asyncio_recorder.awaiting import Begun
from ..traces.format import Arguments
from . import arguments
from .arguments import bound
from .peers import Log, Peer
from .stacks import STACKS, stack_of

_ABSENT = object()


class Watcher:
    """The connections that a test watches; `end` puts everything back."""

    def __init__(self) -> None:
        self.log = Log()
        self.peers: list[Peer] = []
        self._classes: list[type] = []
        self._making_a_canary = False
        self._put_back: list[Callable[[], None]] = []
        self._wrapped: set[tuple[type, str]] = set()

    def watch(self, watched: Any, name: str | None = None) -> None:
        """Watches a connection, or each that a class will make.

        Raises:
            UsageError: it is none, it is watched already, or it has handlers.
        """
        if isinstance(watched, type):
            self._watch_class(watched)
            return
        stack = stack_of(type(watched))
        if self.peer_of(watched) is not None:
            raise UsageError("this connection is watched already; watch it once")
        owner = stack.owner(type(watched))
        peer = Peer(self.log, watched, stack, name, len(self.peers) + 1)
        self._listen(peer, owner)
        self._wrap_methods(owner, arguments.METHODS, self.peer_of)
        self.peers.append(peer)

    def end(self) -> None:
        """Wraps nothing any more, and records nothing more."""
        while self._put_back:
            self._put_back.pop()()
        self._wrapped.clear()

    def peer_of(self, connection: Any) -> Peer | None:
        """Who a connection is, if it is watched."""
        return next((one for one in self.peers if one.connection is connection), None)

    @contextmanager
    def canary(self) -> Iterator[None]:
        """Connections that are made meanwhile are not watched."""
        self._making_a_canary = True
        try:
            yield
        finally:
            self._making_a_canary = False

    def _watch_class(self, watched: type) -> None:
        owner = stack_of(watched).owner(watched)
        self._classes.append(watched)
        self._replace(owner, "__init__", self._constructing)

    def _constructing(self, original: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(original)
        def constructed(connection: Any, *args: Any, **kwargs: Any) -> None:
            original(connection, *args, **kwargs)
            if isinstance(connection, tuple(self._classes)) and not self._making_a_canary:
                self.watch(connection)

        return constructed

    def _listen(self, peer: Peer, owner: type) -> None:
        """Hears of events before any handler does."""
        if peer.stack.emits:
            self._replace(owner, "emit", self._emitting)
            return
        connection = peer.connection
        names = getattr(connection, "event_names", tuple)
        if set(names()) & set(peer.stack.events):
            raise UsageError("the connection has handlers already; watch it when it is made")
        for event in peer.stack.events:
            listener = _listener(peer, event)
            connection.on(event, listener)
            self._put_back.append(functools.partial(_let_go, connection, event, listener))

    def _emitting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def emit(connection: Any, event: str, *args: Any, **kwargs: Any) -> Any:
            peer = self.peer_of(connection)
            if peer is not None and event in peer.stack.events:
                track = args[0] if event == "track" else None
                peer.happened(event, _transceiver_of(connection, track))
            return original(connection, event, *args, **kwargs)

        return emit

    def _wrap_methods(
        self, of: type, methods: tuple[str, ...], find: Callable[[Any], Peer | None]
    ) -> None:
        """Wraps methods where they are defined, under all their names: a stack may have aliases."""
        for method in methods:
            owner = next((one for one in of.__mro__ if method in vars(one)), None)
            if owner is None or (owner, method) in self._wrapped:
                continue
            original = vars(owner)[method]
            recorded = functools.partial(self._recorded, method=method, find=find)
            for name, value in list(vars(owner).items()):
                if value is original:
                    self._replace(owner, name, recorded)

    def _replace(self, owner: type, name: str, wrap: Callable[[Any], Any]) -> None:
        if (owner, name) in self._wrapped:
            return
        self._wrapped.add((owner, name))
        before = vars(owner).get(name, _ABSENT)
        setattr(owner, name, wrap(getattr(owner, name) if before is _ABSENT else before))

        def put_back() -> None:
            if before is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, before)

        self._put_back.append(put_back)

    def _recorded(self, original: Any, *, method: str, find: Callable[[Any], Peer | None]) -> Any:
        """The method, or the attribute, with a record of its calls."""
        if isinstance(original, property):
            assert original.fset is not None
            setter = self._plain(original.fset, method, find)
            return property(original.fget, setter, original.fdel, original.__doc__)
        if inspect.iscoroutinefunction(original):
            return self._operation(original, method, find)
        return self._plain(original, method, find)

    def _plain(
        self, original: Callable[..., Any], method: str, find: Callable[[Any], Peer | None]
    ) -> Callable[..., Any]:
        @functools.wraps(original)
        def recorded(of: Any, *args: Any, **kwargs: Any) -> Any:
            peer = self._caller(of, find, sys._getframe(1))
            if peer is None:
                return original(of, *args, **kwargs)
            call = peer.call(method, _arguments(peer, method, of, original, args, kwargs))
            try:
                value = original(of, *args, **kwargs)
            except Exception as error:
                _ended_plainly(peer, call, method, error)
                raise
            self._meet_parts(peer)
            peer.returned(call, method, value)
            if method in PROMISED:
                peer.resolved(call, method, value)
            return value

        return recorded

    def _operation(
        self, original: Callable[..., Any], method: str, find: Callable[[Any], Peer | None]
    ) -> Callable[..., Any]:
        @functools.wraps(original)
        async def recorded(of: Any, *args: Any, **kwargs: Any) -> Any:
            peer = self._caller(of, find, sys._getframe(1))
            coroutine = original(of, *args, **kwargs)
            if peer is None:
                return await coroutine
            call = peer.call(method, _arguments(peer, method, of, original, args, kwargs))
            if method not in PROMISED:
                return await _followed_to_its_return(peer, call, method, coroutine)
            return await self._followed(peer, call, method, coroutine)

        return recorded

    async def _followed(self, peer: Peer, call: int, method: str, coroutine: Any) -> Any:
        """What the operation gives, its return and its settlement recorded."""
        peer.pending[call] = None
        begun = None if peer.stack.begins_later else Begun(coroutine)
        peer.returned(call, method, None)
        try:
            value = await (coroutine if begun is None else begun.rest())
        except Exception as error:
            self._meet_parts(peer)
            peer.rejected(call, error)
            raise
        except BaseException:
            _interrupted(peer, method)
            raise
        self._meet_parts(peer)
        peer.resolved(call, method, value)
        return value

    def _caller(
        self, of: Any, find: Callable[[Any], Peer | None], frame: FrameType | None
    ) -> Peer | None:
        """Whose call it is; None if it is nobody's who is watched, or the stack's own."""
        if self.log.ended is not None:
            return None
        peer = find(of)
        if peer is None or _is_of_the_stack(frame, peer, of):
            return None
        self._meet_parts(peer)
        return peer

    def _meet_parts(self, peer: Peer) -> None:
        """The calls of transceivers and senders are recorded from their first sight on."""
        try:
            self._wrap_parts(peer)
        except Exception as error:
            peer.log.end(peer, "failed", f"the recorder failed: {error!r}")

    def _wrap_parts(self, peer: Peer) -> None:
        for each in peer.scan():
            for part, methods in (
                (each, arguments.OF_TRANSCEIVERS),
                (each.sender, arguments.OF_SENDERS),
            ):
                self._wrap_methods(type(part), methods, self._peer_of_part)

    def _peer_of_part(self, part: Any) -> Peer | None:
        return next((one for one in self.peers if one.part_name(part) is not None), None)


def _is_of_the_stack(frame: FrameType | None, peer: Peer, of: Any) -> bool:
    """Whether a call was made by the stack itself.

    A connection that is nobody's may stand in a module with the application: there it is what one
    of its own methods does.
    """
    if frame is None:
        return False
    module = str(frame.f_globals.get("__name__", ""))
    if module.partition(".")[0] != peer.stack.package:
        return False
    return peer.stack.package in STACKS or frame.f_locals.get("self") is of


def _arguments(
    peer: Peer, method: str, of: Any, original: Callable[..., Any], args: Any, kwargs: Any
) -> Callable[[], Arguments]:
    """How to read the arguments of a call."""

    def read() -> Arguments:
        given = bound(original, of, args, kwargs)
        if of is peer.connection:
            return arguments.arguments(method, given, peer.stack, peer.part_name)
        return arguments.arguments_of_part(method, given, peer.part_name(of))

    return read


def _ended_plainly(peer: Peer, call: int, method: str, error: Exception) -> None:
    """A plain method has raised; one that stands for a promise has been rejected."""
    if method not in PROMISED:
        peer.threw(call, error)
        return
    peer.returned(call, method, None)
    peer.rejected(call, error)


async def _followed_to_its_return(peer: Peer, call: int, method: str, coroutine: Any) -> Any:
    """A coroutine function whose method in JavaScript returns nothing: it begins, that is all."""
    begun = Begun(coroutine)
    peer.returned(call, method, None)
    return await begun.rest()


def _interrupted(peer: Peer, method: str) -> None:
    """The application gave up waiting, or the stack ended an operation without a result.

    The first tells nothing of the operation, which does not go on either: the recording ends.
    """
    import asyncio

    task = asyncio.current_task()
    if task is not None and task.cancelling():
        peer.log.end(peer, "cut", f"{method} was cancelled by the application")


def _let_go(connection: Any, event: str, listener: Callable[[Any], None]) -> None:
    """Listens no longer: the connection may live longer than the test."""
    off = getattr(connection, "off", None) or getattr(connection, "remove_listener", None)
    if off is not None:
        with contextlib.suppress(Exception):
            off(event, listener)


def _listener(peer: Peer, name: str) -> Callable[[Any], None]:
    def listener(event: Any = None) -> None:
        if name == "track":
            peer.happened(name, event.transceiver, event.streams)
        else:
            peer.happened(name)

    return listener


def _transceiver_of(connection: Any, track: Any) -> Any:
    if track is None:
        return None
    every = connection.getTransceivers()
    return next((one for one in every if one.receiver.track is track), None)
