"""Reproductions, run in the plain stacks: where the fault is they say so, elsewhere they do not.

Nothing of this project runs in them: a browser loads a page, Node and Python run a script.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from reproduced_pages import REPORTING, TELLING, told_by

from negotiation.conformance.reproducing.forms import as_html, as_js, as_pytest, as_python, as_wpt
from negotiation.conformance.reproducing.subjects import Subject, of_trace
from negotiation.conformance.stacks.registry import StackRow, row

pytestmark = pytest.mark.live

TRACES = Path(__file__).parents[3] / "traces"
DOUBLE = Path(__file__).parent / "doubles" / "testharness.js"
SECONDS = 60

CHROMIUM = [
    ("altered-offer", 6),  # NN-EARLY
    ("data-channel-with-a-rejected-section", 15),  # NN-SPURIOUS
    ("two-updates-around-a-legacy-offer", 29),  # NN-MISSED
    ("add-ice-candidate-errors", 27),  # OP-ACCEPTED
    ("broken-answer-in-the-wrong-state", 5),  # OP-ERROR
    ("call-in-a-handler-goes-to-the-end", 11),  # OP-ORDER
    ("a-description-waits-for-set-parameters", 11),  # OP-PENDING
    ("close-while-a-candidate-or-a-track-is-handled", 19),  # OP-AFTER-CLOSE, two peers
    ("add-track-needs-its-kind-and-no-stopping", 12),  # CALL-REJECTED
    ("change-while-an-operation-is-outstanding", 7),  # SDP-SHAPE
    ("created-descriptions-are-forgotten-with-the-answer", 23),  # OP-ACCEPTED
    ("answers-that-do-not-fit-their-offer", 34),  # EVENT-WRONG
]
FIREFOX = [
    ("altered-offer", 11),  # OP-ACCEPTED
    ("add-track-again-after-its-transceiver-stopped", 13),  # TRANSCEIVER-STATE
    ("data-channel-with-a-rejected-section", 20),  # DESCRIPTION-STATE
    ("perfect-negotiation-both-add-audio-and-video", 31),  # EVENT-WRONG, an application
    ("set-configuration-errors", 17),  # CALL-ACCEPTED
]
WRTC = [
    ("altered-offer", 11),  # OP-ACCEPTED
    ("candidates-after-a-rollback", 13),  # NN-SPURIOUS
    ("an-answer-and-a-change-update-the-flag-once", 31),  # NN-DUPLICATE
    ("direction-changes-after-a-local-provisional-answer", 22),  # DESCRIPTION-STATE
    ("wrong-calls-in-have-local-offer", 26),  # OP-ERROR
]
AIORTC = [
    ("add-transceiver-errors", 6),  # STATE-REPEATED
    ("answer-and-change-in-one-task", 14),  # OP-REJECTED
    ("add-ice-candidate-waits-for-the-description", 9),  # OP-ORDER
    ("close-before-the-track-event", 10),  # OP-AFTER-CLOSE
]
WERIFT = [
    ("a-rejected-section-is-recycled", 8),  # DESCRIPTION-STATE
    ("a-rejected-section-is-recycled", 21),  # TRANSCEIVER-STATE
    ("add-transceiver-errors", 3),  # CALL-ACCEPTED
    ("answered-direction-changed-later", 16),  # NN-MISSED
    ("a-description-waits-for-set-parameters", 12),  # OP-PENDING
]


def here(stack: str) -> StackRow:
    found = row(stack)
    if found.executable() is None:
        pytest.skip(f"{found.title} is not here: {found.install}")
    return found


def subject(folder: str, name: str, line: int) -> Subject:
    return of_trace(str(TRACES / folder / f"{name}.jsonl.gz"), line)


def verdict(log: str) -> str:
    found = re.search(r"^(DEPARTS|AS SPECIFIED)$", log, re.MULTILINE)
    assert found is not None, log
    return found[0]


def shown(stack: str, page: str) -> str:
    return verdict(told_by(here(stack), {"/": page + TELLING}))


def harnessed(stack: str, page: str) -> str:
    real = Path(os.environ.get("NEGOTIATION_TESTHARNESS") or DOUBLE)
    files = {"/": page, "/resources/testharness.js": real.read_text("utf-8")}
    return told_by(here(stack), {**files, "/resources/testharnessreport.js": REPORTING})


def run_by(command: list[str], **added: str) -> str:
    """What a program of its own prints, with nothing of this project's in its environment."""
    environment = {name: told for name, told in os.environ.items() if "PYTHON" not in name}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**environment, **added},
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(("name", "line"), CHROMIUM)
def test_a_page_shows_the_fault_in_chromium(name: str, line: int) -> None:
    page = as_html(subject("chromium/156.0.8078.79", name, line))
    assert shown("chromium", page) == "DEPARTS"


@pytest.mark.parametrize(("name", "line"), FIREFOX)
def test_a_page_shows_the_fault_in_firefox(name: str, line: int) -> None:
    page = as_html(subject("firefox/153.7.0esr", name, line))
    assert shown("firefox", page) == "DEPARTS"


@pytest.mark.parametrize(
    ("folder", "name", "line", "other"),
    [
        ("chromium/156.0.8078.79", "altered-offer", 6, "firefox"),
        ("chromium/156.0.8078.79", "data-channel-with-a-rejected-section", 15, "firefox"),
        ("chromium/156.0.8078.79", "call-in-a-handler-goes-to-the-end", 11, "firefox"),
        ("chromium/156.0.8078.79", "change-while-an-operation-is-outstanding", 7, "firefox"),
        ("chromium/156.0.8078.79", "add-ice-candidate-errors", 27, "firefox"),
        ("firefox/153.7.0esr", "add-track-again-after-its-transceiver-stopped", 13, "chromium"),
        ("firefox/153.7.0esr", "set-configuration-errors", 17, "chromium"),
        ("werift/0.25.2", "a-rejected-section-is-recycled", 8, "chromium"),
        ("werift/0.25.2", "answered-direction-changed-later", 16, "firefox"),
    ],
)
def test_a_page_says_that_another_browser_has_not_the_fault(
    folder: str, name: str, line: int, other: str
) -> None:
    assert shown(other, as_html(subject(folder, name, line))) == "AS SPECIFIED"


@pytest.mark.parametrize(("stack", "told"), [("chromium", "FAIL"), ("firefox", "PASS")])
def test_a_web_platform_test_fails_where_the_fault_is(stack: str, told: str) -> None:
    page = as_wpt(subject("chromium/156.0.8078.79", "altered-offer", 6))
    assert harnessed(stack, page).startswith(told)


@pytest.mark.parametrize(("name", "line"), WERIFT)
def test_a_script_shows_the_fault_in_werift(name: str, line: int, tmp_path: Path) -> None:
    stack = here("werift")
    file = tmp_path / "script.js"
    file.write_text(as_js(subject("werift/0.25.2", name, line)), "utf-8")
    log = run_by(["node", str(file)], NODE_PATH=str(stack.located() / "node_modules"))
    assert verdict(log) == "DEPARTS"


@pytest.mark.parametrize(("name", "line"), WRTC)
def test_a_script_shows_the_fault_in_wrtc(name: str, line: int, tmp_path: Path) -> None:
    python = str(here("wrtc").located())
    file = tmp_path / "script.py"
    file.write_text(as_python(subject("wrtc/0.1.0", name, line)), "utf-8")
    assert verdict(run_by([python, str(file)])) == "DEPARTS"


@pytest.mark.parametrize(("name", "line"), AIORTC)
def test_a_script_shows_the_fault_in_aiortc(name: str, line: int, tmp_path: Path) -> None:
    python = str(here("aiortc").located())
    file = tmp_path / "script.py"
    file.write_text(as_python(subject("aiortc/1.16.0", name, line)), "utf-8")
    assert verdict(run_by([python, str(file)])) == "DEPARTS"


def test_a_test_fails_while_the_fault_is_there(tmp_path: Path) -> None:
    here("wrtc")
    file = tmp_path / "test_fault.py"
    file.write_text(as_pytest(subject("wrtc/0.1.0", "altered-offer", 11)), "utf-8")
    log = run_by([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)])
    assert "1 failed" in log
    assert "setLocalDescription rejects with InvalidModificationError" in log
