"""A fixture for tests with Playwright: what their pages negotiate is recorded, and can be judged.

In a `conftest.py` (with pytest-playwright, or any fixture named `context` that gives a
`BrowserContext`):

    pytest_plugins = ["negotiation.conformance.playwright"]

and in a test:

    def test_a_call(page, negotiation_recording):
        page.goto("https://app.example/call")
        ...
        negotiation_recording.check()

Without pytest: `recording = Recording(context, folder)` before any page is opened, then
`recording.check()`; or `RecordingAsync` for the asynchronous API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .checking.findings import Finding
from .checking.judging import Checker, TraceVerdict
from .errors import NegotiationError
from .reports.expectations import known_of_stacks
from .reports.judged import Judged, judge_trace
from .shim.script import ShimOptions, shim

_IS_THERE = "typeof negotiationShim === 'object'"
_HAND_OUT = "async () => { await negotiationShim.settle(); return negotiationShim.traces(); }"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")

try:
    import pytest
except ImportError:  # only the fixture needs it
    pytest = None  # type: ignore[assignment]


class NegotiationFailedError(NegotiationError, AssertionError):
    """A recording shows what should not be: `problems` tell what, and where the trace is."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(NegotiationError(one)) for one in self.problems)


class _Kept:
    """The traces of a test, in a folder."""

    def __init__(self, folder: str | Path, program: str | None = None) -> None:
        self.folder = Path(folder)
        self._program = program
        self.files: list[Path] = []
        """The traces that were written so far."""

    def keep(self, page: int, traces: Iterable[dict[str, str]]) -> list[Path]:
        """Write what a page handed out; a page that hands out again replaces what it had."""
        self.folder.mkdir(parents=True, exist_ok=True)
        written = []
        for trace in traces:
            name = _NOT_IN_NAMES.sub("-", trace["name"])
            file = self.folder / f"page-{page}-{name}.jsonl"
            file.write_text(_of_program(trace["text"], self._program), encoding="utf-8")
            written.append(file)
        self.files += [file for file in written if file not in self.files]
        return written

    def judged(self, expected: Iterable[str], *, undecided: bool) -> list[TraceVerdict]:
        """The verdicts on all that was written; what stacks do in every call is no problem.

        Raises:
            NegotiationFailedError: there is a departure or a fault that was not expected, or
                nothing was recorded, or the evidence is not enough and that is not allowed.
        """
        if not self.files:
            raise NegotiationFailedError(
                "no connection was recorded; was the recording made before the page was opened?"
            )
        checker = Checker()
        judged = [judge_trace(str(file), checker, _is_known) for file in self.files]
        verdicts = [one.verdict for one in judged]
        problems = [told for one in judged for told in _problems(one, set(expected))]
        if not undecided:
            problems += [f"{one.trace}: {why}" for one in verdicts for why in one.undecided]
        if problems:
            raise NegotiationFailedError(*problems)
        return verdicts


def _of_program(text: str, program: str | None) -> str:
    """The trace with its program's name: the page that recorded it does not know it."""
    if program is None:
        return text
    header, _, rest = text.partition("\n")
    named = json.dumps({**json.loads(header), "program": program}, separators=(",", ":"))
    return f"{named}\n{rest}"


def _is_known(judged: Judged, finding: Finding) -> bool:
    """Whether the stack does that in every call."""
    return any(one.expects(judged, finding) for one in known_of_stacks())


def _problems(judged: Judged, expected: set[str]) -> Iterator[str]:
    verdict = judged.verdict
    if verdict.error is not None:
        yield f"{verdict.trace}: {verdict.error}"
    for one in verdict.findings:
        if one.class_ != "note" and one.id not in expected and not _is_known(judged, one):
            yield f"{verdict.trace}:{one.line}: {one.id}: {one.message}"


class Recording:
    """What the pages of a context negotiate; made before any of them is opened.

    `folder` is where traces are written. `options` are the shim's, and `program` is what the traces
    are said to be of. Traces are taken while a page
    is open: close it after `write` or `check`, or its recording is lost.
    """

    def __init__(
        self,
        context: Any,
        folder: str | Path,
        options: ShimOptions | None = None,
        *,
        program: str | None = None,
    ) -> None:
        self._context = context
        self._kept = _Kept(folder, program)
        self._pages: list[Any] = []
        context.add_init_script(shim(options))

    @property
    def files(self) -> list[Path]:
        """The traces that were written so far."""
        return list(self._kept.files)

    def write(self) -> list[Path]:
        """Wait until the open pages are quiet, and write their traces; which files these are."""
        written = []
        for page in self._context.pages:
            number = _number(self._pages, page)
            for frame in page.frames:
                if frame.evaluate(_IS_THERE):
                    name = "" if frame == page.main_frame else f"-frame-{page.frames.index(frame)}"
                    written += self._kept.keep(number, _renamed(frame.evaluate(_HAND_OUT), name))
        return written

    def check(self, *, expected: Iterable[str] = (), undecided: bool = False) -> list[TraceVerdict]:
        """Write the traces and judge them; `expected` are ids of findings that may be there.

        Raises:
            NegotiationFailedError: something else was found, or nothing recorded. `undecided`
                allows evidence that is not enough.
        """
        self.write()
        return self._kept.judged(expected, undecided=undecided)


class RecordingAsync:
    """`Recording` for the asynchronous API; `await recording.begin()` before a page is opened."""

    def __init__(
        self,
        context: Any,
        folder: str | Path,
        options: ShimOptions | None = None,
        *,
        program: str | None = None,
    ) -> None:
        self._context = context
        self._options = options
        self._kept = _Kept(folder, program)
        self._pages: list[Any] = []

    @property
    def files(self) -> list[Path]:
        """The traces that were written so far."""
        return list(self._kept.files)

    async def begin(self) -> None:
        """Put the shim into the pages that will be opened."""
        await self._context.add_init_script(shim(self._options))

    async def write(self) -> list[Path]:
        """As `Recording.write`."""
        written = []
        for page in self._context.pages:
            number = _number(self._pages, page)
            for frame in page.frames:
                if await frame.evaluate(_IS_THERE):
                    name = "" if frame == page.main_frame else f"-frame-{page.frames.index(frame)}"
                    told = await frame.evaluate(_HAND_OUT)
                    written += self._kept.keep(number, _renamed(told, name))
        return written

    async def check(
        self, *, expected: Iterable[str] = (), undecided: bool = False
    ) -> list[TraceVerdict]:
        """As `Recording.check`."""
        await self.write()
        return self._kept.judged(expected, undecided=undecided)


def _number(pages: list[Any], page: Any) -> int:
    if page not in pages:
        pages.append(page)
    return pages.index(page) + 1


def _renamed(traces: list[dict[str, str]], suffix: str) -> list[dict[str, str]]:
    return [{**trace, "name": f"{trace['name']}{suffix}"} for trace in traces]


if pytest is not None:

    @pytest.fixture
    def negotiation_recording(context: Any, tmp_path: Path) -> Iterator[Recording]:
        """The recording of the test's `context`; its traces are in the test's `tmp_path`."""
        recording = Recording(context, tmp_path / "negotiation")
        yield recording
        recording.write()
