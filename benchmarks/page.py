"""What the page of a long recording costs: `python -m benchmarks.page --observations 100000`.

The recording is of a long call that the model played: negotiations now and then, tracks that are
replaced and candidates that are sent in between, and some events that are missing. It is replayed
and written as a page, which is then opened in headless Chromium, several times: from the start of
the navigation until the first rows are drawn and a key has been answered, one jump to the end,
frames while it scrolls through all of it, and a search of the text. Medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs import model_stack
from negotiation.conformance.programs.language import Program
from negotiation.conformance.reports.replay_page import replay_as_page
from negotiation.conformance.reports.replaying import Replay
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces import format
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.writing import write_trace

from .machine import machine, say

BETWEEN = 300
"""Tracks that are replaced between two negotiations."""

IN_A_ROUND = 1080
"""Observations from one negotiation to the next, about."""

CANDIDATES = 10
"""Observations for one candidate that is sent and received."""

_FIRST_ROWS = """
(function look() {
  if (!document.querySelector(".row")) requestAnimationFrame(look);
  else requestAnimationFrame(() => { window.drawnAt = performance.now(); });
})();
"""

_A_KEY = """async key => {
  const begun = performance.now();
  document.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""

_SCROLL = """async () => {
  const box = document.getElementById("scroll");
  const frames = [];
  let before = await new Promise(requestAnimationFrame);
  const step = box.scrollHeight / 300;
  for (let at = 0; at < 300; at += 1) {
    box.scrollTop += step;
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - before);
    before = now;
  }
  return frames;
}"""

_SEARCH = """async () => {
  const begun = performance.now();
  const field = document.getElementById("q");
  field.value = "signalingstate";
  field.dispatchEvent(new Event("input"));
  await new Promise(requestAnimationFrame);
  return performance.now() - begun;
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--observations", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", metavar="FILE", help="keep the page")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(given.keep or Path(folder) / "page.html").resolve()
        told = written(Path(folder) / "long.jsonl", file, given.observations)
        told |= opened(file, given.rounds)
    told = {"machine": machine()} | told
    print(json.dumps(told, indent=2) if given.format == "json" else as_text(told))
    return 0


def as_text(told: dict[str, Any]) -> str:
    return "\n".join(f"{name:32} {value}" for name, value in told.items())


def written(trace: Path, page: Path, observations: int) -> dict[str, Any]:
    """The page of a recording of so many observations is written; what that took, in seconds."""
    say("recording")
    write_trace(trace, list(_lines(observations)))
    say("replaying")
    begun = time.process_time()
    replay = Replay(read_trace(str(trace)), Checker())
    followed = time.process_time()
    say("writing the page")
    text = replay_as_page(replay)
    done = time.process_time()
    page.write_text(text, encoding="utf-8")
    return {
        "observations": len(replay.observations),
        "findings": len(replay.verdict.findings),
        "CPU seconds to read and follow": round(followed - begun, 2),
        "CPU seconds to write the page": round(done - followed, 2),
        "bytes of the page": len(text),
    }


def _lines(observations: int) -> Iterator[format.Line]:
    """The recording, some of its events left out."""
    program = _program(max(1, observations // IN_A_ROUND))
    with mock.patch.object(model_stack, "LONGEST_RUN", 1 << 40):
        ran = model_stack.run_scheduled(program, lambda options: 0)
    told = [
        one for one in model_stack.trace_of(program, ran, profile="page") if not _is_missed(one)
    ]
    n = 0
    for place, line in enumerate(told):
        for one in (line, *(_candidate(line, place) if place % CANDIDATES == 0 else ())):
            if isinstance(one, format.Observation) and not isinstance(one, format.Header):
                if n >= observations:
                    return
                n += 1
                one = msgspec.structs.replace(one, n=n, t=n * 3.5)
            yield one


def _is_missed(line: format.Line) -> bool:
    return isinstance(line, format.Event) and line.n % 29 == 0


def _candidate(line: format.Line, place: int) -> Iterator[format.Line]:
    if isinstance(line, format.Event):
        return
    for kind, peer in ((format.Send, "A"), (format.Receive, "B")):
        yield kind(n=1, t=0.0, peer=peer, message=f"candidate {place}")


def _program(negotiations: int) -> Program:
    steps: list[dict[str, Any]] = [_do("A", "addTransceiver", kind="audio")]
    for number in range(negotiations):
        peer, other = ("A", "B") if number % 2 else ("B", "A")
        steps += [
            _do(peer, "restartIce") if number else _do(peer, "addTransceiver", kind="video"),
            _do(peer, "setLocalDescription", wait=True),
            _set(other, [peer, "pendingLocalDescription"]),
            _do(other, "setLocalDescription", wait=True),
            _set(peer, [other, "currentLocalDescription"]),
            {"settle": True},
        ]
        for track in range(BETWEEN):
            name = f"audio:{'ab'[track % 2]}"
            steps.append(_do("AB"[track // 2 % 2], "replaceTrack", transceiver="t1", track=name))
        steps.append({"settle": True})
    told = {
        "format": "negotiation-program",
        "version": 1,
        "name": "a-long-call",
        "about": "drawn for the benchmark",
        "rule": "#dom-rtcpeerconnection",
        "area": "generated",
        "peers": ("A", "B"),
        "steps": steps,
        "handlers": [],
    }
    return msgspec.convert(told, Program)


def _do(peer: str, method: str, *, wait: bool = False, **arguments: Any) -> dict[str, Any]:
    call = {"call": method, "args": arguments} if arguments else {"call": method}
    return {"peer": peer, "do": [call | {"wait": True} if wait else call]}


def _set(peer: str, of: list[str]) -> dict[str, Any]:
    call = {"call": "setRemoteDescription", "wait": True, "description": {"of": of}}
    return {"peer": peer, "do": [call]}


def opened(page: Path, rounds: int) -> dict[str, Any]:
    """The page is opened so often; medians, in milliseconds."""
    from playwright.sync_api import sync_playwright

    told: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        executable = str(row("chromium").located())
        for number in range(rounds):
            say(f"opening it, {number + 1} of {rounds}")
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            for name, value in _used(browser, page).items():
                told.setdefault(name, []).append(value)
            browser.close()
    return {name: round(statistics.median(values), 1) for name, values in told.items()}


def _used(browser: Any, page: Path) -> dict[str, float]:
    tab = browser.new_page(viewport={"width": 1400, "height": 900})
    tab.add_init_script(_FIRST_ROWS)
    tab.goto(page.as_uri())
    tab.wait_for_function("window.drawnAt")
    drawn = tab.evaluate("window.drawnAt")
    key = tab.evaluate(_A_KEY, "ArrowDown")
    nodes = tab.evaluate("document.querySelectorAll('*').length")
    end = tab.evaluate(_A_KEY, "End")
    frames = sorted(tab.evaluate(_SCROLL))
    return {
        "ms to the first rows": drawn,
        "ms to answer a key then": key,
        "elements in the document": nodes,
        "ms to the end": end,
        "ms a frame, scrolling": statistics.median(frames),
        "ms a frame, slowest of 100": frames[len(frames) * 99 // 100],
        "ms to search": tab.evaluate(_SEARCH),
    }


if __name__ == "__main__":
    raise SystemExit(main())
