"""A stand-in for a stack in Python: what its connections have in common, and programs for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from negotiation.conformance.stacks.adapters.scripting.peers import Stack

OPTIONS = {"quiet": 10.0, "turns": 2, "patience": 300.0}
OFFER = {"call": "createOffer"}
ADD = {"call": "addTransceiver", "args": {"kind": "audio"}}


class StandIn:
    """A peer connection; each way to run it says what is done `soon`."""

    def __init__(self) -> None:
        self.signalingState = "stable"
        self.localDescription: Any = None
        self.currentLocalDescription = self.currentRemoteDescription = None
        self.pendingLocalDescription = self.pendingRemoteDescription = None
        self.handlers: dict[str, list[Callable[[Any], None]]] = {}
        self.transceivers: list[Any] = []

    def soon(self, body: Callable[[], None]) -> None:
        raise NotImplementedError

    def getTransceivers(self) -> list[Any]:  # noqa: N802 - the method's own name
        return list(self.transceivers)

    def add(self, kind: str) -> Any:
        made = SimpleNamespace(direction="sendrecv", mid=None, currentDirection=None)
        made.receiver = SimpleNamespace(track=SimpleNamespace(kind=kind))
        self.transceivers.append(made)
        self.soon(lambda: self.fire("negotiationneeded"))
        return made

    def fire(self, event: str) -> None:
        for handler in self.handlers.get(event, []):
            handler(SimpleNamespace(type=event))


class StandInStack(Stack):
    """A stack of such connections; what else an adapter tells of its stack is its own."""

    def __init__(self) -> None:
        self.configuration: dict[str, Any] = {}

    def agent(self) -> str:
        return "stand-in 1.0"

    def listen(self, connection: Any, event: str, handler: Callable[[Any], None]) -> None:
        connection.handlers.setdefault(event, []).append(handler)

    def track(self, kind: str) -> Any:
        return SimpleNamespace(kind=kind, stop=lambda: None)

    def stream(self) -> Any:
        return SimpleNamespace(id="an-id")

    def error_name(self, error: BaseException) -> str:
        return type(error).__name__


def one_step(do: Sequence[dict[str, Any]], handlers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A program of one step, and its settling."""
    steps = [{"peer": "A", "do": list(do)}, {"settle": True}]
    return {"name": "p", "peers": ["A"], "steps": steps, "handlers": list(handlers)}


def in_words(seen: Sequence[dict[str, Any]]) -> list[str]:
    """What was observed: "kind what task within" each."""
    assert [each["n"] for each in seen] == list(range(1, len(seen) + 1))
    return [_told(each) for each in seen]


def _told(one: dict[str, Any]) -> str:
    what = one.get("method") or one.get("name") or one.get("text") or one.get("pending")
    told = (one["kind"], what if what is not None else one["call"], one["task"], one["within"])
    return " ".join(str(each) for each in told)
