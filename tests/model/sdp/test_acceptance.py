"""Real browsers accept what `write` writes, and `read` finds no problem in what they write.

Run with `pytest -m live tests/model/sdp`. A page from a loopback server does the negotiating; each
browser starts once, with a fresh profile.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from negotiation.model.description import Description, Section
from negotiation.model.enums import Direction, Kind, SdpType
from negotiation.model.sdp import describe, read, write

pytestmark = pytest.mark.live

PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}
CHROMIUM = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIREFOX_PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
}
SECONDS = 60

AUDIO = Section(Kind.AUDIO, "0", msids=("stream1",))
VIDEO = Section(Kind.VIDEO, "1", Direction.SENDONLY, msids=("stream1", "stream2"))
DATA = Section(Kind.APPLICATION, "2")


def offer(*sections: Section) -> Description:
    return Description(SdpType.OFFER, sections=sections, ice=frozenset({"c1"}))


OFFERS = {
    "audio": offer(AUDIO),
    "audio without stream": offer(Section(Kind.AUDIO, "a")),
    "everything": offer(AUDIO, VIDEO, DATA),
    "recvonly": offer(Section(Kind.VIDEO, "v", Direction.RECVONLY)),
    "inactive": offer(Section(Kind.AUDIO, "v", Direction.INACTIVE)),
    "rejected first": offer(Section(Kind.AUDIO, "0", Direction.INACTIVE, rejected=True), VIDEO),
    "rejected last": offer(AUDIO, Section(Kind.VIDEO, "1", Direction.INACTIVE, rejected=True)),
    "rejected only": offer(Section(Kind.VIDEO, "1", Direction.INACTIVE, rejected=True)),
    "rejected data": offer(AUDIO, Section(Kind.APPLICATION, "d", rejected=True)),
    "data": offer(Section(Kind.APPLICATION, "d")),
    "empty": offer(),
}

SETUPS: dict[str, list[list[Any]]] = {
    "audio": [["audio", "sendrecv", ["s"]]],
    "everything": [["audio", "sendrecv", ["s"]], ["video", "sendrecv", ["s"]], ["data"]],
    "recvonly": [["video", "recvonly", []]],
    "sendonly": [["audio", "sendonly", []], ["video", "sendonly", ["s"]]],
    "data": [["data"]],
}

PAGE = """<!doctype html><meta charset="utf-8"><title>acceptance</title><script>
const post = async (path, value) =>
  (await fetch(path, {method: "POST", body: JSON.stringify(value)})).json();
const summary = pc => ({
  state: pc.signalingState,
  directions: pc.getTransceivers().map(t => t.currentDirection),
});
async function answerTo(texts) {
  const pc = new RTCPeerConnection();
  try {
    const answers = [];
    for (const sdp of texts) {
      await pc.setRemoteDescription({type: "offer", sdp});
      await pc.setLocalDescription(await pc.createAnswer());
      answers.push(pc.localDescription.sdp);
    }
    return {answers, ...summary(pc)};
  } catch (error) { return {error: `${error.name}: ${error.message}`}; }
  finally { pc.close(); }
}
async function offerWith(setup, reject) {
  const pc = new RTCPeerConnection();
  try {
    const streams = {};
    for (const [kind, direction, names] of setup) {
      if (kind === "data") pc.createDataChannel("d");
      else pc.addTransceiver(kind, {direction,
        streams: names.map(name => streams[name] ??= new MediaStream())});
    }
    const offers = [], answers = [];
    for (let round = 0; round < 2; round++) {
      await pc.setLocalDescription(await pc.createOffer());
      const offer = pc.localDescription.sdp;
      const {answer} = await post("answer", {offer, reject});
      offers.push(offer);
      answers.push(answer);
      await pc.setRemoteDescription({type: "answer", sdp: answer});
    }
    return {offers, answers, ...summary(pc)};
  } catch (error) { return {error: `${error.name}: ${error.message}`}; }
  finally { pc.close(); }
}
(async () => {
  const {offers, setups} = await post("cases", null);
  const result = {agent: navigator.userAgent, answered: {}, offered: {}, refused: {}};
  for (const name in offers) result.answered[name] = await answerTo(offers[name]);
  for (const name in setups) result.offered[name] = await offerWith(setups[name], "none");
  for (const name in setups) result.refused[name] = await offerWith(setups[name], "all");
  result.refusedFirst = await offerWith(setups.everything, "first");
  await post("result", result);
})();
</script>"""


def written_offers() -> dict[str, list[str]]:
    """Each offer, and the same again after an ICE restart."""
    restarted = {"c2"}
    return {
        name: [
            write(description, version=1),
            write(Description(SdpType.OFFER, sections=description.sections,
                              ice=frozenset(restarted)), version=2),
        ]
        for name, description in OFFERS.items()
    }  # fmt: skip


def answered(offer_text: str, *, reject: str) -> str:
    """An answer to a browser's offer that rejects "none", "all" or the "first" of its sections."""
    offered = describe(offer_text, SdpType.OFFER, sdp_name="s1", ice_names=lambda pair: pair[0])
    sections = tuple(
        Section(
            section.kind,
            section.mid,
            section.direction.reversed,
            rejected=section.rejected or reject == "all" or (reject == "first" and index == 0),
        )
        for index, section in enumerate(offered.sections)
    )
    answer = Description(SdpType.ANSWER, sections=sections, ice=frozenset({"c1"}))
    return write(answer, offer_text=offer_text)


class _Handler(http.server.BaseHTTPRequestHandler):
    """Serves the page and its questions under a secret path."""

    token = ""
    results: Queue[dict[str, Any]] = Queue()

    def do_GET(self) -> None:
        if self.path == f"/{self.token}/":
            self._reply("text/html", PAGE)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        if self.headers["Origin"] != f"http://{self.headers['Host']}":
            self.send_error(403)
            return
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == f"/{self.token}/cases":
            self._reply_json({"offers": written_offers(), "setups": SETUPS})
        elif self.path == f"/{self.token}/answer":
            self._reply_json({"answer": answered(question["offer"], reject=question["reject"])})
        elif self.path == f"/{self.token}/result":
            self._reply_json({})
            self.results.put(question)
        else:
            self.send_error(404)

    def _reply_json(self, value: object) -> None:
        self._reply("application/json", json.dumps(value))

    def _reply(self, type: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def command(browser: str, program: str, profile: Path, url: str) -> list[str]:
    if browser == "chromium":
        return [program, *CHROMIUM, f"--user-data-dir={profile}", url]
    (profile / "user.js").write_text(
        "".join(
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
            for name, value in FIREFOX_PREFERENCES.items()
        )
    )
    return [program, "--headless", "--no-remote", "--profile", str(profile), url]


def negotiate(browser: str, program: str) -> dict[str, Any]:
    """Everything that the page did in the browser."""
    token = secrets.token_urlsafe(16)
    results: Queue[dict[str, Any]] = Queue()
    handler = type("Handler", (_Handler,), {"token": token, "results": results})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        url = f"http://127.0.0.1:{server.server_port}/{token}/"
        process = subprocess.Popen(
            command(browser, program, Path(profile), url),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "HOME": profile},
        )  # fmt: skip
        try:
            return wait(results, process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            server.shutdown()
            server.server_close()


def wait(results: Queue[dict[str, Any]], process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """The page's result; the test fails when the browser dies or takes too long."""
    for _ in range(SECONDS):
        try:
            return results.get(timeout=1)
        except Empty:
            if process.poll() is not None:
                pytest.fail(f"{process.args!r} ended with code {process.returncode}")
    pytest.fail(f"{process.args!r} did not finish in {SECONDS} s")


@pytest.fixture(scope="module", params=PROGRAMS)
def results(request: pytest.FixtureRequest) -> dict[str, Any]:
    program = next(filter(None, map(shutil.which, PROGRAMS[request.param])), None)
    if program is None:
        pytest.skip(f"none of {', '.join(PROGRAMS[request.param])} is installed")
    return negotiate(request.param, program)


@pytest.mark.parametrize("name", OFFERS)
def test_a_written_offer_is_answered(results: dict[str, Any], name: str) -> None:
    result = results["answered"][name]
    assert "error" not in result, result["error"]
    assert result["state"] == "stable"
    for answer in map(read, result["answers"]):
        assert answer.problem is None, answer.reason
        kept = [(s.kind.value, s.mid, s.rejected) for s in OFFERS[name].sections]
        assert [(s.kind, s.mid, s.rejected) for s in answer.sections] == kept


@pytest.mark.parametrize("name", SETUPS)
def test_a_written_answer_is_accepted_twice(results: dict[str, Any], name: str) -> None:
    result = results["offered"][name]
    assert "error" not in result, result["error"]
    assert result["state"] == "stable"
    wanted = [line[1] for line in SETUPS[name] if line[0] != "data"]
    assert result["directions"] == wanted
    assert [read(text).problem for text in result["offers"]] == [None, None]


@pytest.mark.parametrize("name", SETUPS)
def test_a_written_answer_may_reject_everything(results: dict[str, Any], name: str) -> None:
    result = results["refused"][name]
    assert "error" not in result, result["error"]
    assert result["state"] == "stable"
    assert [read(text).problem for text in result["offers"]] == [None, None]


def test_a_written_answer_may_reject_the_tagged_section(results: dict[str, Any]) -> None:
    result = results["refusedFirst"]
    assert "error" not in result, result["error"]
    assert result["state"] == "stable"
