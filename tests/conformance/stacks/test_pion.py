"""Pion: how its recorder is found and built, and what it records (marker live)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alike import normalised, observations
from tried_programs import with_steps

from negotiation.conformance.programs.language import Edit, Program
from negotiation.conformance.programs.texts import edit
from negotiation.conformance.stacks import wire
from negotiation.conformance.stacks.preparing import prepared
from negotiation.conformance.stacks.recording import LiveStack, Outcome
from negotiation.conformance.stacks.registry import MissingStackError, go_with, row
from negotiation.conformance.traces.format import Call, Event, Mark, Resolve, Return, Sdp

from .test_edits import EDITS, TEXT

HERE = Path(__file__).parent
MINIMAL = HERE.parents[2] / "docs" / "adapters" / "minimal.go"
PION = row("pion")
GO = shutil.which("go")

here = pytest.mark.skipif(PION.executable() is None, reason=f"Pion is not here: {PION.install}")
go = pytest.mark.skipif(GO is None, reason=f"the Go compiler is not here: {PION.install}")


def named(name: str) -> Program:
    return msgspec.json.decode((HERE / "programs" / f"{name}.json").read_bytes(), type=Program)


def program(*do: dict[str, Any], **more: Any) -> Program:
    return with_steps({"peer": "A", "do": do}, **more)


@pytest.fixture(scope="module")
def live() -> Iterator[LiveStack]:
    with LiveStack(PION) as running:
        yield running


# Without the stack.


def test_a_recorder_that_is_built_already_needs_no_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = tmp_path / "recorder"
    recorder.write_text("#!/bin/sh\necho pion 9.8.7\n")
    recorder.chmod(0o755)
    monkeypatch.setenv("NEGOTIATION_PION", str(recorder))
    assert PION.command(PION.located()) == (str(recorder),)
    assert PION.stack().version == "9.8.7"


def test_the_compiler_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEGOTIATION_PION", raising=False)
    without = msgspec.structs.replace(PION, find=go_with("github.com/no-such/package"))
    with pytest.raises(MissingStackError, match=r"install.*golang-github-pion-webrtc.v3-dev"):
        without.located()


def test_a_recorder_that_cannot_be_built_says_what_to_install(tmp_path: Path) -> None:
    compiler = tmp_path / "go"
    compiler.write_text("#!/bin/sh\necho no such package >&2\nexit 1\n")
    compiler.chmod(0o755)
    done = subprocess.run(
        PION.command(compiler),
        env={"XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "no such package" in done.stderr
    assert "apt-get install --no-install-recommends golang-go" in done.stderr


def test_the_compiler_runs_through_the_adapters_start(tmp_path: Path) -> None:
    interpreter, start, module, compiler = PION.command(tmp_path / "go")
    assert (interpreter, compiler) == (sys.executable, str(tmp_path / "go"))
    assert Path(start).parent.joinpath(*module.split(".")).with_suffix(".py").is_file()


@go
def test_the_smallest_adapter_speaks_the_protocol(tmp_path: Path) -> None:
    adapter = tmp_path / "minimal"
    subprocess.run(
        [str(GO), "build", "-o", str(adapter), str(MINIMAL)],
        env={"GO111MODULE": "off", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=True,
    )
    close, offer = {"call": "close"}, {"call": "createOffer"}
    orders = (prepared(program(close)), prepared(program(close, offer)))
    done = subprocess.run(
        [adapter],
        input=b"\n".join(map(msgspec.json.encode, orders)),
        stdout=subprocess.PIPE,
        check=True,
    )
    kinds = [
        type(wire.decoded(line)).__name__.partition(" ")[0] for line in done.stdout.splitlines()
    ]
    assert kinds == ["Hello", "Began", "Call", "Return", "Idle", "Ended", "Unsupported"]


# With it.


@here
@pytest.mark.live
@pytest.mark.parametrize("name", ["transceiver", "glare", "close", "sections", "channel"])
def test_runs_repeat_themselves(live: LiveStack, name: str) -> None:
    first, second = live.run(named(name)), live.run(named(name))
    assert (first.outcome, first.detail) == (Outcome.COMPLETE, "")
    assert normalised(observations(first)) == normalised(observations(second))


@here
@pytest.mark.live
def test_what_pion_lacks_is_said(live: LiveStack) -> None:
    lacking = live.run(
        program(
            {"call": "restartIce"},
            {"call": "createOffer", "args": {"options": {"offerToReceiveAudio": True}}},
            {"call": "addTrack", "args": {"track": "audio:a", "streams": ["s1", "s2"]}},
            handlers=[{"peer": "A", "event": "track", "do": []}],
        )
    )
    assert lacking.outcome is Outcome.UNSUPPORTED
    expected = "a track in several streams, createOffer with offerToReceiveAudio, restartIce"
    assert lacking.detail == f"{expected}, the event track"


@here
@pytest.mark.live
def test_a_call_is_settled_behind_the_callbacks_that_it_caused(live: LiveStack) -> None:
    add = {"call": "addTransceiver", "args": {"kind": "audio"}}
    recording = live.run(program(add, {"call": "setLocalDescription"}))
    told = [
        getattr(one, "method", None) or getattr(one, "name", None) or type(one).__name__
        for one in recording.lines
        if isinstance(one, Call | Event | Return | Resolve | Mark)
    ]
    assert told == [
        *("addTransceiver", "Return", "negotiationneeded", "Mark"),
        *("createOffer", "Return", "Resolve"),
        *("setLocalDescription", "Return", "signalingstatechange", "Resolve"),
    ]
    returns = [one for one in recording.lines if isinstance(one, Return)]
    assert [one.state is None for one in returns] == [False, True, True]
    assert all(one.task is None for one in returns)


@here
@pytest.mark.live
@pytest.mark.parametrize("edits", EDITS, ids=range(len(EDITS)))
def test_texts_are_edited_as_the_language_says(live: LiveStack, edits: tuple[Edit, ...]) -> None:
    source = {"type": "offer", "sdp": TEXT, "edits": msgspec.to_builtins(edits)}
    recording = live.run(program({"call": "setRemoteDescription", "description": source}))
    (text,) = (one.text for one in recording.lines if isinstance(one, Sdp))
    assert text == edit(TEXT, edits)


@here
@pytest.mark.live
def test_the_recorder_tells_its_version() -> None:
    command = PION.command(PION.located())
    said = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("pion 3.")
    assert json.dumps(PION.stack().version) in json.dumps(said.stdout.split())
