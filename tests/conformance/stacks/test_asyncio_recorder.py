"""The recorder for stacks in asyncio, with a stand-in for the stack."""

from __future__ import annotations

import ast
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from stand_in import ADD, OFFER, OPTIONS, StandIn, StandInStack, in_words, one_step

from negotiation.conformance.stacks.adapters import asyncio_recorder
from negotiation.conformance.stacks.adapters.asyncio_recorder.awaiting import Begun, start
from negotiation.conformance.stacks.adapters.asyncio_recorder.running import Method, Run
from negotiation.conformance.stacks.adapters.asyncio_recorder.stdio import (
    run_and_tell,
    run_program,
)
from negotiation.conformance.stacks.adapters.scripting.media import Media
from negotiation.conformance.stacks.adapters.scripting.output import unsupported

FOLDER = Path(asyncio_recorder.__file__).parent


class Looped(StandIn):
    """A peer connection whose calls take as long as their methods say."""

    def soon(self, body: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_soon(body)

    async def create_offer(self) -> Any:
        if self.signalingState == "closed":
            raise ConnectionError("closed")
        await asyncio.sleep(0.005)
        if self.signalingState == "closed":
            raise asyncio.CancelledError
        return SimpleNamespace(type="offer", sdp="v=0\r\n")

    def close(self) -> None:
        self.signalingState = "closed"


class LoopedStack(StandInStack):
    def __init__(self) -> None:
        super().__init__()
        self.methods: Mapping[str, Method] = {
            "addTransceiver": lambda connection, given: connection.add(given["kind"]),
            "createOffer": lambda connection, given: connection.create_offer(),
            "close": lambda connection, given: connection.close(),
            "stop": lambda connection, given: given["breaks"],
        }
        self.events: Sequence[str] = ("negotiationneeded",)

    def lacks(self, item: dict[str, Any]) -> str | None:
        return "options" if item.get("args", {}).get("options") else None

    def connection(self) -> Any:
        return Looped()


def recorded(*do: dict[str, Any], handlers: tuple[dict[str, Any], ...] = ()) -> list[str]:
    """What is observed of one step and its settling: "kind what task within" each."""
    return in_words(observed(one_step(do, handlers)))


def observed(program: dict[str, Any]) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []

    async def run() -> None:
        stack = LoopedStack()
        media = Media(program, stack.track, stack.stream)
        await run_program(Run(stack, program, media, seen.append, OPTIONS), program)

    asyncio.run(run())
    return seen


def test_a_conducted_program_does_its_steps_as_they_are_asked_for() -> None:
    given = {"message": "*"}
    taking = [{"receive": "*"}, {"call": "createOffer", "description": given}]
    program: dict[str, Any] = {
        "name": "p",
        "peers": ["B"],
        "steps": [{"peer": "B", "do": [{"mark": "one"}]}, {"peer": "B", "do": [{"deliver": True}]}],
        "handlers": [{"peer": "B", "event": "message", "do": taking}],
    }
    order = {"program": program, "options": OPTIONS, "conducted": True}
    offer = {"type": "offer", "sdp": "v=0"}
    commands = [{"step": 1}, {"message": "m", "description": offer}, {"step": 0}, {"step": 1}]
    seen: list[dict[str, Any]] = []

    async def run() -> None:
        told: asyncio.Queue[bytes | None] = asyncio.Queue()
        for each in (*commands, {"end": True}):
            told.put_nowait(json.dumps(each).encode())
        await run_and_tell(LoopedStack(), order, seen.append, told)

    asyncio.run(run())
    observed = [each for each in seen if each["kind"] not in ("return", "resolve")]
    assert [(one["kind"], one.get("text") or one.get("message")) for one in observed] == [
        ("began", None),
        ("mark", "skipped deliver: no message is under way"),
        ("did", None),
        ("mark", "one"),
        ("did", None),
        ("receive", "m"),
        ("call", None),
        ("did", None),
        ("ended", None),
    ]
    assert observed[6]["args"] == {"description": offer}


def test_a_conducted_program_ends_with_the_input() -> None:
    program = {"name": "p", "peers": ["A"], "steps": []}
    order = {"program": program, "options": OPTIONS, "conducted": True}
    seen: list[dict[str, Any]] = []

    async def run() -> None:
        told: asyncio.Queue[bytes | None] = asyncio.Queue()
        told.put_nowait(None)
        await run_and_tell(LoopedStack(), order, seen.append, told)
        assert told.get_nowait() is None  # the loop that takes orders has to see it, too

    asyncio.run(run())
    assert [each["kind"] for each in seen] == ["began", "ended"]


def test_a_call_begins_when_it_is_made_and_settles_later() -> None:
    assert recorded(OFFER, ADD) == [
        "call createOffer 1 None",
        "return 1 1 None",
        "call addTransceiver 1 None",
        "return 2 1 None",
        "event negotiationneeded None None",
        "resolve 1 None None",
        "idle [] None None",
    ]


def test_who_awaits_goes_on_when_the_settlement_is_recorded() -> None:
    assert recorded({**OFFER, "wait": True}, ADD)[:4] == [
        "call createOffer 1 None",
        "return 1 1 None",
        "resolve 1 None None",
        "call addTransceiver None None",
    ]


def test_what_ended_at_once_is_settled_when_the_script_is_over() -> None:
    assert recorded({"call": "close"}, OFFER, ADD) == [
        "call close 1 None",
        "return 1 1 None",
        "call createOffer 1 None",
        "return 2 1 None",
        "call addTransceiver 1 None",
        "return 3 1 None",
        "reject 2 None None",
        "event negotiationneeded None None",
        "idle [] None None",
    ]


def test_what_was_cancelled_by_the_stack_never_settles() -> None:
    seen = recorded({**OFFER, "wait": True, "as": "x"}, ADD, handlers=())
    assert seen[2] == "resolve 1 None None"
    closing = {"peer": "A", "event": "negotiationneeded", "do": [{"call": "close"}]}
    assert recorded(ADD, {**OFFER, "wait": True}, ADD, handlers=(closing,)) == [
        "call addTransceiver 1 None",
        "return 1 1 None",
        "call createOffer 1 None",
        "return 2 1 None",
        "event negotiationneeded None None",
        "call close None negotiationneeded",
        "return 3 None negotiationneeded",
        "mark step abandoned: an awaited promise did not settle None None",
        "idle [2] None None",
    ]


def test_what_is_not_there_is_remarked() -> None:
    assert recorded({"call": "stop", "args": {"transceiver": "t7"}})[0] == (
        "mark skipped stop: there is no transceiver t7 1 None"
    )


def test_a_mistake_of_the_recorder_is_no_fault_of_the_stack() -> None:
    broken = {"peer": "A", "event": "negotiationneeded", "do": [{"call": "no such call"}]}
    with pytest.raises(KeyError, match="no such call"):
        recorded(ADD, {**OFFER, "wait": True}, handlers=(broken,))


async def _steps(said: list[str], suspension: Awaitable[Any]) -> str:
    said.append("begun")
    await suspension
    said.append("gone on")
    return "done"


def test_a_coroutine_is_begun_by_hand() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        for awaited in (asyncio.sleep(0), loop.create_future()):
            said: list[str] = []
            doing = start(_steps(said, awaited))
            assert said == ["begun"]
            if isinstance(awaited, asyncio.Future):
                await asyncio.sleep(0)
                awaited.set_result(None)
            assert await doing == "done"
            assert said == ["begun", "gone on"]

    asyncio.run(run())


def test_an_error_of_what_is_awaited_reaches_the_coroutine() -> None:
    async def mends(future: asyncio.Future[None]) -> str:
        try:
            await future
        except ValueError:
            await asyncio.sleep(0)
            return "mended"
        return "nothing to mend"

    async def outer(future: asyncio.Future[None]) -> Any:
        return await Begun(mends(future)).rest()

    async def run() -> None:
        for makes in (mends, outer):
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            doing = start(makes(future))
            future.set_exception(ValueError("wrong"))
            assert await doing == "mended"

    asyncio.run(run())


def test_what_a_program_needs_and_the_stack_lacks_is_told_once() -> None:
    lacking = {"call": "createOffer", "args": {"options": {"iceRestart": True}}}
    program = {
        "steps": [
            {"peer": "A", "do": [lacking, lacking, {"call": "restartIce"}]},
            {"settle": True},
        ],
        "handlers": [
            {"peer": "A", "event": event, "do": [OFFER]} for event in ("track", "message")
        ],
    }
    assert unsupported(LoopedStack(), program) == ["track event", "restartIce", "options"]


def test_how_a_coroutine_ended_at_once_is_kept() -> None:
    async def raises(error: BaseException | None) -> int:
        if error is not None:
            raise error
        return 7

    async def run() -> None:
        assert await start(raises(None)) == 7
        assert await Begun(raises(None)).rest() == 7
        for error in (ValueError("wrong"), asyncio.CancelledError()):
            with pytest.raises(type(error)):
                await Begun(raises(error)).rest()
            with pytest.raises(type(error)):
                await start(raises(error))
        already = asyncio.get_running_loop().create_future()
        already.set_result(8)
        assert await Begun(already).rest() == 8

    asyncio.run(run())


@pytest.mark.parametrize("path", sorted(FOLDER.parent.rglob("*.py")), ids=lambda path: path.name)
def test_adapters_need_nothing_but_the_standard_library(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom):
            assert node.level in (1, 2) or str(node.module).split(".")[0] in sys.stdlib_module_names


def idle_after(*do: dict[str, Any]) -> dict[str, Any]:
    """The observation of quiet after a script."""
    return observed(one_step(do, ()))[-1]


LET_GO = {"collect": True, "drops": True}


def test_a_connection_that_is_let_go_can_be_collected() -> None:
    assert "state" not in idle_after(LET_GO)
    assert "state" in idle_after({"collect": True})


def test_a_connection_with_transceivers_is_held_for_their_names() -> None:
    assert idle_after(ADD, LET_GO)["state"]["transceivers"][0]["id"] == "t1"
