"""Every program can be written in every form, as code that parses, or it is said why not."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess

import msgspec
import pytest
from reproduced import NOTHING, subject_of

from negotiation.conformance.errors import UsageError
from negotiation.conformance.programs import library
from negotiation.conformance.reproducing import javascript_log
from negotiation.conformance.reproducing.forms import FORMS, as_js, forms_of, written
from negotiation.conformance.reproducing.subjects import Subject
from negotiation.conformance.traces.format import Stack

RUNS = [
    ("chromium", "html"),
    ("chromium", "wpt"),
    ("werift", "js"),
    ("roamhq-wrtc", "js"),
    ("wrtc", "python"),
    ("aiortc", "pytest"),
]
_PARSES = """
const sources = JSON.parse(require("fs").readFileSync(0, "utf-8"));
for (const [name, source] of sources) {
  try {
    new Function(`return (async () => {\\n${source}\\n});`);
  } catch (error) {
    console.log(`${name}: ${error}`);
  }
}
"""


def scripts_in(page: str) -> str:
    return "\n".join(re.findall(r"<script(?: type=\"module\")?>\n(.*?)</script>", page, re.DOTALL))


@pytest.mark.parametrize(("stack", "form"), RUNS)
def test_every_program_of_the_library_is_written(stack: str, form: str) -> None:
    sources = []
    for name in library.names():
        subject = subject_of(library.load(name), stack)
        drops = any(item.drops for step in subject.program.steps for item in step.do)
        if drops and form not in ("html", "wpt"):
            continue  # see below
        text = written(subject, form)
        sources.append((name, scripts_in(text) if form in ("html", "wpt") else text))
    if form in ("python", "pytest"):
        for _, text in sources:
            ast.parse(text)
    else:
        assert not _problems(sources)


def _problems(sources: list[tuple[str, str]]) -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here to parse JavaScript")
    done = subprocess.run(
        [node, "-e", _PARSES],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_stack_of_another_language_names_its_forms() -> None:
    subject = subject_of(library.load("first-change"), "wrtc")
    with pytest.raises(UsageError, match="wrtc cannot run --as js; there are python and pytest"):
        written(subject, "js")


@pytest.mark.parametrize("stack", ["pion", "webrtcbin", "libdatachannel"])
def test_a_stack_whose_api_is_its_own_has_no_form(stack: str) -> None:
    assert not forms_of(stack)
    with pytest.raises(UsageError, match="there is none: its API is not the W3C's"):
        written(subject_of(library.load("first-change"), stack), "html")


@pytest.mark.parametrize(("stack", "form"), [("werift", "js"), ("wrtc", "python")])
def test_what_cannot_be_written_is_named(stack: str, form: str) -> None:
    subject = subject_of(library.load("collect-while-a-description-is-set"), stack)
    with pytest.raises(UsageError, match="cannot write that A's connection is let go"):
        written(subject, form)


def test_every_form_is_some_stacks() -> None:
    there = {form for stack in ("chromium", "werift", "wrtc") for form in forms_of(stack)}
    assert there == set(FORMS)


@pytest.mark.parametrize(("stack", "form"), RUNS)
def test_a_small_case_is_short(stack: str, form: str) -> None:
    text = written(subject_of(library.load("first-change"), stack), form)
    assert text.count("\n") < 60
    assert "https://w3c.github.io/webrtc-pc/#dfn-update-the-negotiation-needed-flag" in text
    assert "negotiation." not in text, "it needs nothing of this tool"


def hostile(stack: str) -> Subject:
    """A recording of somebody's, whose texts would be code if they were taken as they are."""
    subject = subject_of(library.load("first-change"), stack)
    text = 'x\nthrow 1;\u2028"""\nimport os\n</script><script>alert(1)</script>\\'
    finding = msgspec.structs.replace(subject.finding, message=text)
    return msgspec.structs.replace(
        subject, name=text, finding=finding, stack=Stack(stack, f"1\n{text}")
    )


@pytest.mark.parametrize(("stack", "form"), RUNS)
def test_texts_of_a_recording_are_never_code(stack: str, form: str) -> None:
    text = written(hostile(stack), form)
    assert "\nthrow" not in text
    assert "\nimport os" not in text
    if form in ("html", "wpt"):
        assert text.count("</script>") == (1 if form == "html" else 3)
    elif form != "js":
        ast.parse(text)


def test_a_peer_whose_name_is_no_name_is_refused() -> None:
    program = library.load("first-change")
    odd = "A`${alert(1)}"
    steps = tuple(msgspec.structs.replace(step, peer=step.peer and odd) for step in program.steps)
    named = msgspec.structs.replace(program, peers=(odd,), steps=steps)
    with pytest.raises(UsageError, match="cannot write a peer called"):
        written(subject_of(named, "chromium"), "html")


def test_quiet_waits_for_promises_that_are_late_but_not_for_ever() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here to run JavaScript")
    body = 'logged("x", promise); quiet();'
    helpers = "\n".join(javascript_log.helpers(body, NOTHING, "pc", "."))
    script = f"""
const log = [];
const show = () => {{}};
{helpers}
logged("late", new Promise((resolve) => setTimeout(resolve, 700)));
logged("never", new Promise(() => {{}}));
quiet().then(() => console.log(log.join(", ")));
"""
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout == "late resolves, quiet\n"


def test_a_script_for_werift_has_a_certificate_before_it_begins() -> None:
    text = as_js(subject_of(library.load("first-change"), "werift"))
    assert text.index("setLocalDescription();\n") < text.index("Promise.race")
    assert "waits for its certificate" in text
    assert "certificate" not in as_js(subject_of(library.load("first-change"), "roamhq-wrtc"))
