"""The recorder in Node, with a stand-in for the library: nothing but Node is needed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from negotiation.conformance.stacks import node as nodes
from negotiation.conformance.stacks.node import folder_with, node, node_adapter
from negotiation.conformance.stacks.registry import MissingStackError, row

LIBRARY = """
console.log("a library that talks");
const {EventEmitter} = require("node:events");
class Transceiver {
  constructor(kind) {
    this.receiver = {track: {kind}};
    this.sender = new Sender();
    this.mid = this.currentDirection = null;
  }
  get direction() { return "sendrecv"; }
  set direction(value) { throw new DOMException("no", "InvalidStateError"); }
  stop() {}
}
class Sender { replaceTrack() {} }
class Event { constructor() { this.all = []; } subscribe(one) { this.all.push(one); } }
class RTCPeerConnection extends EventEmitter {
  constructor() {
    super();
    this.signalingState = "stable";
    this.transceivers = [];
    this.signalingStateChange = new Event();
    this.onNegotiationneeded = new Event();
  }
  addEventListener(type, listener) { this.on(type, listener); }
  getTransceivers() { return this.transceivers; }
  addTransceiver(kind) {
    this.transceivers.push(new Transceiver(kind));
    setImmediate(() => {
      for (const one of this.onNegotiationneeded.all) one();
      if (this.onnegotiationneeded) this.onnegotiationneeded({});
    });
    return this.transceivers.at(-1);
  }
  async createOffer() { console.log("creating"); return {type: "offer", sdp: "v=0"}; }
  async setLocalDescription() {}
  async close() { this.signalingState = "closed"; }
}
module.exports = {
  RTCPeerConnection, RTCRtpTransceiver: Transceiver, RTCRtpSender: Sender, nonstandard: {},
};
"""

pytestmark = pytest.mark.skipif(node() is None, reason=nodes.NEEDED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for package in ("werift", "@roamhq/wrtc"):
        place = tmp_path / "node_modules" / package
        place.mkdir(parents=True)
        (place / "package.json").write_text('{"version": "7.8.9", "main": "index.js"}')
        (place / "index.js").write_text(LIBRARY)
    return tmp_path


def told(
    folder: Path, module: str, *do: dict[str, Any], handlers: Any = (), without: str = ""
) -> list[Any]:
    """What the recorder says when it is told to do this and to settle."""
    steps = [{"peer": "A", "do": list(do)}, {"settle": True}]
    program = {"name": "p", "peers": ["A"], "steps": steps, "handlers": list(handlers)}
    order = {"program": program, "options": {"quiet": 10.0, "turns": 2, "patience": 300.0}}
    done = subprocess.run(
        [each for each in node_adapter(module)(folder) if each != without],
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr.startswith("a library that talks\n")
    return [json.loads(line) for line in done.stdout.splitlines()]


def in_words(said: list[Any]) -> list[str]:
    """Each observation as "kind what task within"."""
    seen = [each for each in said if "n" in each]
    whats = [each.get("method") or each.get("name") or each.get("error") for each in seen]
    return [
        f"{each['kind']} {what} {each['task']} {each['within']}"
        for each, what in zip(seen, whats, strict=True)
    ]


ADD = {"call": "addTransceiver", "args": {"kind": "audio"}}


def test_the_recorder_of_the_pages_runs_in_node(folder: Path) -> None:
    handler = {"peer": "A", "event": "negotiationneeded", "do": [{"call": "createOffer"}]}
    said = told(folder, "werift", ADD, handlers=[handler])
    assert said[0]["kind"] == "hello"
    assert said[0]["agent"].startswith("werift 7.8.9 on Node ")
    assert [each["kind"] for each in (said[1], said[-1])] == ["began", "ended"]
    assert in_words(said) == [
        "call addTransceiver 1 None",
        "return None 1 None",
        "event negotiationneeded None None",
        "call createOffer None negotiationneeded",
        "return None None negotiationneeded",
        "resolve None None None",
        "idle None None None",
    ]


def test_listeners_are_told_before_the_property_s_handler(folder: Path) -> None:
    def marking(via: str) -> dict[str, Any]:
        return {"peer": "A", "event": "negotiationneeded", "via": via, "do": [{"mark": via}]}

    said = told(folder, "werift", ADD, handlers=[marking("property"), marking("listener")])
    assert [each["text"] for each in said if each["kind"] == "mark"] == ["listener", "property"]


def test_closing_returns_no_promise(folder: Path) -> None:
    said = told(folder, "werift", {"call": "close"})
    assert in_words(said)[:2] == ["call close 1 None", "return None 1 None"]
    assert "resolve" not in {each["kind"] for each in said}


def test_what_throws_is_recorded_by_its_name(folder: Path) -> None:
    args = {"transceiver": "t1", "direction": "inactive"}
    said = told(folder, "werift", ADD, {"call": "direction", "args": args})
    assert "throw InvalidStateError 1 None" in in_words(said)


LET_GO = {"collect": True, "drops": True}


def test_a_connection_that_is_let_go_can_be_collected(folder: Path) -> None:
    (idle,) = [each for each in told(folder, "werift", LET_GO) if each["kind"] == "idle"]
    assert "state" not in idle
    (held,) = [each for each in told(folder, "werift", {"collect": True}) if each["kind"] == "idle"]
    assert held["state"]["signalingState"] == "stable"


def test_what_still_needs_a_connection_keeps_it(folder: Path) -> None:
    handler = {"peer": "A", "event": "negotiationneeded", "do": [{"call": "createOffer"}, LET_GO]}
    said = told(folder, "werift", ADD, LET_GO, handlers=[handler])
    assert in_words(said)[2:4] == [
        "event negotiationneeded None None",
        "call createOffer None negotiationneeded",
    ]
    assert said[4]["state"]["transceivers"][0]["id"] == "t1"


def test_without_a_collector_to_ask_collecting_is_unsupported(folder: Path) -> None:
    said = told(folder, "werift", {"collect": True}, without="--expose-gc")
    assert said[1:] == [{"kind": "unsupported", "what": ["collect"]}]


LEGACY = {"call": "createOffer", "args": {"options": {"offerToReceiveAudio": True}}}
LACKED = [
    ("werift", {"call": "setStreams", "args": {"transceiver": "t1"}}, "setStreams"),
    ("werift", {"call": "restartIce"}, "restartIce"),
    ("werift", LEGACY, "createOffer with offerToReceive"),
    ("roamhq_wrtc", {"call": "setLocalDescription"}, "setLocalDescription()"),
]


@pytest.mark.parametrize(("module", "item", "name"), LACKED)
def test_what_is_lacked_is_said(folder: Path, module: str, item: Any, name: str) -> None:
    said = told(folder, module, item)
    assert said[1:] == [{"kind": "unsupported", "what": [name]}]


def test_the_version_is_that_of_the_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEGOTIATION_WERIFT", str(folder))
    found = row("werift").stack()
    assert (found.name, found.version) == ("werift", "7.8.9")


def test_a_package_is_found_in_its_folder(folder: Path) -> None:
    assert folder_with("werift")(str(folder)) == folder
    assert folder_with("other")(str(folder)) is None


def test_a_missing_package_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEGOTIATION_WERIFT", str(tmp_path))
    with pytest.raises(MissingStackError, match=r"npm install werift.*NEGOTIATION_WERIFT.*Node 20"):
        row("werift").located()


def test_an_older_node_will_not_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = folder / "old-node"
    old.write_text("#!/bin/sh\necho v18.19.0\n")
    old.chmod(0o755)
    monkeypatch.setenv("NEGOTIATION_NODE", str(old))
    assert node() is None
    assert folder_with("werift")(str(folder)) is None
    monkeypatch.setenv("NEGOTIATION_NODE", str(folder / "none"))
    assert node() is None
