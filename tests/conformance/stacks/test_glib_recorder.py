"""The recorder for stacks with threads of their own, with a stand-in for the stack."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from stand_in import ADD, OFFER, OPTIONS, StandIn, StandInStack, in_words, one_step

from negotiation.conformance.stacks.adapters.glib_recorder.running import Outcome, Run
from negotiation.conformance.stacks.adapters.glib_recorder.stdio import missing, run_program
from negotiation.conformance.stacks.adapters.scripting.media import Media
from negotiation.conformance.stacks.adapters.scripting.peers import Method


class Reply:
    """A promise that its connection's thread replies to."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self.end: tuple[Any, BaseException | None] | None = None

    def then(self, outcome: Outcome) -> None:
        self.outcome = outcome
        if self.end is not None:
            outcome(*self.end)

    def come(self, value: Any, error: BaseException | None = None) -> None:
        self.end = (value, error)
        if self.outcome is not None:
            self.outcome(value, error)


class Threaded(StandIn):
    """A peer connection that does its work in a thread of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.work: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self.thread = threading.Thread(target=self._loop)

    def _loop(self) -> None:
        while (body := self.work.get()) is not None:
            body()

    def begin(self) -> None:
        self.thread.start()

    def soon(self, body: Callable[[], None]) -> None:
        self.work.put(body)

    def close(self) -> None:
        self.work.put(None)
        self.thread.join(5)

    def create_offer(self) -> Reply:
        reply = Reply()
        self.soon(lambda: reply.come({"type": "offer", "sdp": "v=0\r\n"}))
        return reply

    def refuse_at_once(self) -> Reply:
        reply = Reply()
        reply.come(None, ValueError("no"))
        return reply


class ThreadedStack(StandInStack):
    def __init__(self) -> None:
        super().__init__()
        self.methods: Mapping[str, Method] = {
            "addTransceiver": lambda connection, given: connection.add(given["kind"]),
            "createOffer": lambda connection, given: connection.create_offer(),
            "createAnswer": lambda connection, given: connection.refuse_at_once(),
            "restartIce": lambda connection, given: Reply(),
            "stop": lambda connection, given: given["breaks"],
        }

    def connection(self) -> Any:
        return Threaded()

    def lacks(self, item: dict[str, Any]) -> str | None:
        return "the kind video" if item.get("args", {}).get("kind") == "video" else None

    def lacks_event(self, event: str) -> bool:
        return event == "track"


def recorded(*do: dict[str, Any], handlers: tuple[dict[str, Any], ...] = ()) -> list[str]:
    """What is observed of one step and its settling: "kind what task within" each."""
    program = one_step(do, handlers)
    seen: list[dict[str, Any]] = []
    stack = ThreadedStack()
    media = Media(program, stack.track, stack.stream)
    run_program(Run(stack, program, media, seen.append, OPTIONS), program)
    return in_words(seen)


def test_nothing_of_the_stack_comes_between_the_calls_of_a_script() -> None:
    for _ in range(20):
        assert recorded(ADD, OFFER, ADD) == [
            "call addTransceiver 1 None",
            "return 1 1 None",
            "call createOffer 1 None",
            "return 2 1 None",
            "call addTransceiver 1 None",
            "return 3 1 None",
            "event negotiationneeded None None",
            "resolve 2 None None",
            "event negotiationneeded None None",
            "idle [] None None",
        ]


def test_who_awaits_goes_on_when_the_settlement_is_recorded() -> None:
    assert recorded({**OFFER, "wait": True}, ADD)[:4] == [
        "call createOffer 1 None",
        "return 1 1 None",
        "resolve 1 None None",
        "call addTransceiver None None",
    ]


def test_what_is_refused_at_once_is_settled_when_the_script_is_over() -> None:
    assert recorded({"call": "createAnswer"}, ADD)[:5] == [
        "call createAnswer 1 None",
        "return 1 1 None",
        "call addTransceiver 1 None",
        "return 2 1 None",
        "reject 1 None None",
    ]
    assert recorded({"call": "createAnswer", "wait": True}, ADD)[:4] == [
        "call createAnswer 1 None",
        "return 1 1 None",
        "reject 1 None None",
        "call addTransceiver None None",
    ]


def test_calls_in_a_handler_are_marked() -> None:
    handler = {"peer": "A", "event": "negotiationneeded", "do": [OFFER]}
    assert recorded(ADD, handlers=(handler,)) == [
        "call addTransceiver 1 None",
        "return 1 1 None",
        "event negotiationneeded None None",
        "call createOffer None negotiationneeded",
        "return 2 None negotiationneeded",
        "resolve 2 None None",
        "idle [] None None",
    ]


def test_a_promise_that_never_settles_ends_its_step() -> None:
    began = time.perf_counter()
    assert recorded({"call": "restartIce", "wait": True}, ADD)[2:] == [
        "mark step abandoned: an awaited promise did not settle None None",
        "idle [1] None None",
    ]
    assert time.perf_counter() - began < 5


def test_a_mistake_of_the_recorder_is_no_fault_of_the_stack() -> None:
    with pytest.raises(RuntimeError, match="no such call"):
        recorded({"call": "no such call"})


def test_what_is_unsupported_is_said_before_anything_is_done() -> None:
    video = {"call": "addTransceiver", "args": {"kind": "video"}}
    steps = [{"peer": "A", "do": [ADD, video, {"call": "close"}, video]}]
    handlers = [{"peer": "A", "event": "track", "do": []}]
    program = {"peers": ["A"], "steps": steps, "handlers": handlers}
    assert missing(ThreadedStack(), program) == ["close", "the kind video", "the event track"]
