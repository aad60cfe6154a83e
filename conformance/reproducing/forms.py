"""The forms of a reproduction: a page, a script, a test."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence

from negotiation.conformance.errors import UsageError
from negotiation.model.source import address_of

from . import javascript_log, python_log
from .javascript import JavaScript
from .languages import Lines
from .node import Node, Roamhq, Werift
from .python import Aiortc, Python, Wrtc
from .subjects import Subject
from .verdicts import is_named
from .witnesses import Reading
from .writing import code_of

WIDTH = 95
SHORTEST = 5
"""Seconds that a script is given to end; more where it waits for quiet often."""

BROWSERS = ("chromium", "firefox", "qtwebengine")
PACKAGES: Mapping[str, type[Node]] = {"roamhq-wrtc": Roamhq, "werift": Werift}
MODULES: Mapping[str, type[Python]] = {"wrtc": Wrtc, "aiortc": Aiortc}


def title_of(subject: Subject) -> str:
    """What the file is called, in a line."""
    return plain(f"{subject.finding.id}: {subject.finding.message}")


def plain(text: str) -> str:
    """The text on one line, with nothing that would end a comment, a docstring or a script."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line.replace("\\", "/").replace('"', "'").replace("</", "< /")


def _in_page(lines: Lines) -> Lines:
    """Code that does not end the script that it is in, whatever its texts say."""
    return [line.replace("</", "<\\/") for line in lines]


def _told(subject: Subject) -> list[str]:
    """What the file is about: the finding, the rule, and where it was seen."""
    stack = subject.stack
    seen = plain(f"Seen in {stack.name} {stack.version}")
    url = address_of(subject.finding.anchor)
    return [
        *textwrap.wrap(title_of(subject), WIDTH),
        url,
        f"{seen} (program {plain(subject.name)}).",
    ]


def _indented(lines: Sequence[str], by: int) -> Lines:
    """Lines further to the right; those inside of a text stay where they are."""
    return [" " * by + line if line else line for line in lines]


def _seconds(subject: Subject) -> int:
    return SHORTEST + 2 * sum(step.settle for step in subject.program.steps)


# JavaScript.


class _Script:
    """The parts that all forms in JavaScript have."""

    def __init__(self, subject: Subject, language: JavaScript, show: str) -> None:
        code = code_of(subject, language)
        body = "\n".join([*code.opening, *code.body])
        read = _read_of(subject, language)
        helpers = javascript_log.helpers(body, subject.witness, read, language.chained)
        self.comment = [f"// {line}" for line in _told(subject)]
        self.before = ["const log = [];", f"const show = {show};", *helpers, *code.opening]
        self.run = ["async function run() {", *_indented(code.body, 2), "}"]
        limit = f"new Promise((resolve) => setTimeout(resolve, {_seconds(subject) * 1000}))"
        self.began = [f"await Promise.race([run(), {limit}]);"]
        self.verdict = javascript_log.verdict(subject.witness, subject.course)


def _read_of(subject: Subject, language: JavaScript | Python) -> str:
    """The connection that a reading is of."""
    if len(subject.program.peers) == 1 or not isinstance(subject.witness, Reading):
        return "pc"
    return language.name(subject.witness.peer.lower())


_SAYS = [
    'show(`specified: ${specified.join(" or ")}`);',
    "show(`seen: ${seen}`);",
    "show(verdict);",
]


def as_html(subject: Subject) -> str:
    """A page to open."""
    parts = _Script(subject, JavaScript(), "(line) => (out.textContent += `${line}\\n`)")
    return _joined(
        [
            "<!doctype html>",
            '<meta charset="utf-8">',
            f"<title>{html.escape(title_of(subject))}</title>",
            '<pre id="out"></pre>',
            '<script type="module">',
            *parts.comment,
            'addEventListener("error", (event) => show(event.message));',
            *_in_page([*parts.before, *parts.run, *parts.began, *parts.verdict]),
            *_SAYS,
            "</script>",
        ]
    )


def as_wpt(subject: Subject) -> str:
    """A web platform test."""
    parts = _Script(subject, JavaScript(), "() => {}")
    before = [line for line in parts.before if "show" not in line]
    long = ['<meta name="timeout" content="long">'] if _seconds(subject) > SHORTEST + 2 else []
    told = '`specified: ${specified.join(" or ")}; seen: ${seen}; log: ${log.join(", ")}`'
    return _joined(
        [
            "<!doctype html>",
            '<meta charset="utf-8">',
            *long,
            f"<title>{html.escape(title_of(subject))}</title>",
            f'<link rel="help" href="{address_of(subject.finding.anchor)}">',
            '<script src="/resources/testharness.js"></script>',
            '<script src="/resources/testharnessreport.js"></script>',
            "<script>",
            *parts.comment,
            *_in_page([*before, *parts.run]),
            "promise_test(async () => {",
            *_in_page(_indented([*parts.began, *parts.verdict], 2)),
            f"  assert_false(departs, {told});",
            f"}}, {json.dumps(title_of(subject))});",
            "</script>",
        ]
    )


def as_js(subject: Subject) -> str:
    """A script for Node."""
    language = PACKAGES[subject.stack.name]()
    parts = _Script(subject, language, "console.log")
    used = "\n".join([*parts.before, *parts.run])
    taken = ", ".join(one for one in language.takes if f"new {one}" in used)
    return _joined(
        [
            *parts.comment,
            f"// npm install {language.package}@{plain(subject.stack.version)}",
            f'const {{ {taken} }} = require("{language.package}");',
            *parts.before,
            *parts.run,
            "async function main() {",
            *_indented(language.warmed, 2),
            *_indented([*parts.began, *parts.verdict, *_SAYS, "process.exit(departs ? 1 : 0);"], 2),
            "}",
            "main();",
        ]
    )


# Python.

_PACKAGES = {"webrtc": "wrtc", "aiortc": "aiortc"}


class _Module:
    """The parts that both forms in Python have."""

    def __init__(self, subject: Subject) -> None:
        language = MODULES[subject.stack.name]()
        code = code_of(subject, language)
        witness = subject.witness
        run = [*code.opening, *code.body]
        helpers = python_log.helpers("\n".join(run), witness, language)
        if isinstance(witness, Reading):
            read = python_log.reading(witness, _read_of(subject, language), language)
            at = next(at for at, line in enumerate(run) if line.endswith(language.connection()))
            at += len(subject.program.peers)
            shared = "global read, names" if is_named(witness) else "global read"
            run = [*run[:at], shared, *read, *run[at:]]
        self.module = language.module
        self.docstring = [
            f'"""{title_of(subject)}',
            "",
            *_told(subject)[len(textwrap.wrap(title_of(subject), WIDTH)) :],
            f"pip install {_PACKAGES[language.module]}=={plain(subject.stack.version)}",
            '"""',
        ]
        self.code = ["log = []", "", "", *helpers, "", "", "async def run():", *_indented(run, 4)]
        self.began = [
            "try:",
            f"    asyncio.run(asyncio.wait_for(run(), {_seconds(subject)}))",
            "except asyncio.TimeoutError:",
            '    print("it did not end in time")',
        ]
        self.verdict = python_log.verdict(witness, language, subject.course)

    def with_imports(self, rest: Lines) -> str:
        """The whole file."""
        code = [*self.code, "", "", *rest]
        used = "\n".join(code)
        standard = ["asyncio", "contextlib", "gc", "re", "sys", "types"]
        imports = [f"import {one}" for one in standard if re.search(rf"\b{one}\.", used)]
        return _joined([*self.docstring, "", *imports, "", f"import {self.module}", "", *code])


def as_python(subject: Subject) -> str:
    """An asyncio script."""
    parts = _Module(subject)
    says = [
        'print("specified:", " or ".join(specified))',
        'print("seen:", seen)',
        "print(verdict)",
        "sys.exit(departs)",
    ]
    return parts.with_imports([*parts.began, *parts.verdict, *says])


def as_pytest(subject: Subject) -> str:
    """A test for pytest, without a plugin."""
    parts = _Module(subject)
    name = re.sub(r"\W+", "_", subject.name.lower()).strip("_")
    told = 'f"specified: {specified}; seen: {seen}; log: {log}"'
    body = ["log.clear()", *parts.began, *parts.verdict, f"assert not departs, {told}"]
    return parts.with_imports([f"def test_{name}():", *_indented(body, 4)])


def _joined(lines: Lines) -> str:
    return "\n".join(lines) + "\n"


FORMS: Mapping[str, Callable[[Subject], str]] = {
    "html": as_html,
    "js": as_js,
    "python": as_python,
    "pytest": as_pytest,
    "wpt": as_wpt,
}


def written(subject: Subject, form: str) -> str:
    """The file.

    Raises:
        UsageError: the stack has no such form, or the program cannot be written.
    """
    there = forms_of(subject.stack.name)
    if form not in there:
        told = f"there are {' and '.join(there)}" if there else f"there is none: {_NATIVE}"
        raise UsageError(f"{subject.stack.name} cannot run --as {form}; {told}")
    return FORMS[form](subject)


_NATIVE = "its API is not the W3C's, and reproduce writes no other"


def forms_of(stack: str) -> tuple[str, ...]:
    """The forms that a stack can run."""
    if stack in PACKAGES:
        return ("js", "html", "wpt")
    if stack in MODULES:
        return ("python", "pytest", "html", "wpt")
    return ("html", "wpt") if stack in (*BROWSERS, "model") else ()
