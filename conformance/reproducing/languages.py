"""What the writer asks of a language: how each thing that a script does is said in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Lines = list[str]


class Given(dict[str, Any]):
    """The arguments of a call, as expressions of the language, by the program's names.

    `options`, `init`, `candidate` and `configuration` are dictionaries of plain values, and
    `direction`, `kind` and `label` plain values; `description` is None where none is given.
    """


class Language(Protocol):
    """One programming language, and the API of one stack in it.

    `lets_go`: a connection is garbage once its variable is null, whatever its listeners are.
    """

    lets_go: bool

    def name(self, wanted: str) -> str:
        """A name that can be a variable's."""

    def literal(self, value: Any) -> str:
        """A plain value."""

    def text(self, sdp: str) -> str:
        """An SDP text, readable if it can be."""

    def connection(self) -> str:
        """A new peer connection."""

    def track(self, kind: str) -> str:
        """A new track."""

    def stream(self) -> str:
        """A new MediaStream."""

    def constant(self, name: str, value: str) -> str:
        """A variable that is set once."""

    def variables(self, names: Sequence[str], value: str | None = None) -> Lines:
        """Variables that are set later."""

    def assignment(self, name: str, value: str) -> str:
        """A variable set anew."""

    def reaches_out(self, names: Sequence[str]) -> Lines:
        """The first lines of a function that sets variables of the one around it."""

    def call(self, connection: str, method: str, given: Given) -> str:
        """The call."""

    def statement(self, expression: str) -> str:
        """The expression, done for what it does."""

    def tried(self, label: str, call: str) -> str:
        """The call; how it returned or threw is logged."""

    def logged(self, label: str, call: str, *, wait: bool) -> str:
        """The call of a promising method; how it settles is logged."""

    def kept(self, name: str, logged: str) -> str | None:
        """Sets the variable once what `logged` gave has settled; None: that cannot be said."""

    def awaited(self, name: str) -> str:
        """Waits for what `logged` gave without waiting."""

    def note(self, text: str) -> str:
        """A line in the log."""

    def transceiver(self, connection: str, index: int) -> str:
        """One of getTransceivers()."""

    def attribute(self, connection: str, name: str) -> str:
        """An attribute that holds a description."""

    def described(self, type: str | None, sdp: str | None, of: str | None) -> str:
        """A description of its own: type and text are expressions, or those of another one."""

    def sdp_of(self, description: str) -> str:
        """The text of a description."""

    def edited(self, sdp: str, edit: dict[str, Any]) -> str:
        """The text with one change."""

    def condition(self, told: Sequence[str], connection: str, flags: dict[str, str]) -> str:
        """All of these conditions of the program language."""

    def any_of(self, conditions: Sequence[str]) -> str:
        """At least one of these expressions."""

    def only_if(self, condition: str, lines: Lines) -> Lines:
        """The lines, if the condition holds."""

    def leave(self) -> str:
        """Return from the function."""

    def new_task(self) -> str:
        """Goes on in a new task of the event loop."""

    def quiet(self) -> str:
        """Waits until it is quiet, and logs that."""

    def collect(self) -> str:
        """Collects garbage."""

    def watch(
        self, connection: str, event: str, prefix: str, streams: Mapping[str, str] | None
    ) -> Lines:
        """Logs an event; with the names of streams by variable, a track event's streams, too."""

    def handler(
        self,
        connection: str,
        event: str,
        body: Lines,
        *,
        via: str,
        times: int,
        waits: bool,
        name: str,
        hands_over: bool,
    ) -> Lines:
        """A handler of an event; `hands_over`: it takes the connection from the event."""

    def receiver(self, name: str, body: Lines, waits: bool, reaches_out: Sequence[str]) -> Lines:
        """A function that gets a message."""

    def push(self, queue: str, message: str) -> str:
        """Puts a message into a queue."""

    def deliver(self, queue: str, receiver: str) -> Lines:
        """Gives the oldest message of a queue to the function."""
