"""docs/adapters.md: its examples keep to the protocol, and so do the minimal adapters."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from negotiation.conformance.programs.language import Program
from negotiation.conformance.stacks.auditing import audited
from negotiation.conformance.stacks.schema import FILE, schema, schema_text
from negotiation.conformance.stacks.taking import Outcome, Taker
from negotiation.conformance.stacks.trials import Adapter, Result, tried
from negotiation.conformance.stacks.wire import Hello, Order, decoded
from negotiation.conformance.traces.format import VERSION, Header, Peer, Stack
from negotiation.conformance.traces.profiles import PROFILES

jsonschema = pytest.importorskip("jsonschema")

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "adapters.md").read_text("utf-8")
SAID = [json.loads(line) for line in re.findall(r"^    < (.*)$", PAGE, re.M)]
TOLD = [json.loads(line) for line in re.findall(r"^    > (.*)$", PAGE, re.M)]
PACKAGES = Path(__file__).parent / "doubles" / "packages"


def test_the_committed_schema_is_the_one_the_types_make() -> None:
    regenerate = "run: python -m negotiation.conformance.stacks.schema"
    assert FILE.read_text("utf-8") == schema_text(), regenerate
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("message", [*SAID, *TOLD], ids=lambda one: one.get("kind", "order"))
def test_the_examples_are_valid(message: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema()).validate(message)


@pytest.mark.parametrize("message", [*SAID, *TOLD], ids=lambda one: one.get("kind", "order"))
def test_an_example_with_a_wrong_member_is_not(message: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(schema())
    name = next(
        (
            each
            for each in ("n", "agent", "streams", "options", "step", "message", "end")
            if each in message
        ),
        "kind",
    )
    assert not validator.is_valid({**message, name: [None]})


def test_the_example_is_a_whole_conversation() -> None:
    hello, *rest = [decoded(json.dumps(one)) for one in SAID]
    assert isinstance(hello, Hello)
    order = msgspec.convert(TOLD[0], Order)
    program = msgspec.convert(order.program, Program)
    peers = {"A": Peer(Stack("mine"), recorder="mine")}
    taker = Taker(program, Header("negotiation-trace", VERSION, "2026-01-01", peers))
    for message in rest:
        taker.take(message)
        if taker.outcome is not None:
            break
    assert taker.outcome is Outcome.COMPLETE
    assert list(audited(taker, settles=1)) == []


def test_every_kind_of_message_is_on_the_page() -> None:
    for name in schema()["$defs"]["Said"]["oneOf"]:
        kind = schema()["$defs"][name["$ref"].rpartition("/")[2]]["properties"]["kind"]["const"]
        assert f"`{kind}`" in PAGE or f"**{kind}**" in PAGE, kind


def test_every_profile_for_adapters_is_on_the_page() -> None:
    half_seen = {one.name for one in PROFILES.values() if one.is_half_seen}
    for name in set(PROFILES) - half_seen - {"full", "no-reads"}:
        assert f"| `{name}` |" in PAGE, name


def results(*command: str, at: Path | None = None) -> dict[str, Result]:
    adapter = Adapter(command, 20.0, None if at is None else str(at))
    return {one.check.id: one for one in asyncio.run(tried(adapter))}


def assert_good(told: dict[str, Result]) -> None:
    assert {id: one.problems for id, one in told.items() if one.problems} == {}
    assert [id for id, one in told.items() if one.problems is None] == ["interrupted", "conducted"]


def test_the_minimal_adapter_in_javascript(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    adapter = str(DOCS / "adapters" / "minimal.mjs")
    # The version is asked for where this process is.
    command = ("sh", "-c", f'cd "{tmp_path}" && exec "$@"', "sh", node, adapter, "peer_connection")
    assert_good(results(*command))


def test_the_minimal_adapter_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PACKAGES))
    adapter = str(DOCS / "adapters" / "minimal.py")
    assert_good(results(sys.executable, adapter, "peer_connection"))


@pytest.mark.live
def test_the_minimal_adapter_with_a_real_stack() -> None:
    if importlib.util.find_spec("webrtc") is None:
        pytest.skip("wrtc is not here: pip install wrtc")
    assert_good(results(sys.executable, str(DOCS / "adapters" / "minimal.py"), "webrtc"))
