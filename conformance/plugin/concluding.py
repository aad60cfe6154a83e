"""The end of a test: its recording is closed and judged, and the test fails or passes with it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import pytest

from ..errors import NegotiationError
from .fixture import Conclusion, Negotiation
from .settings import settings_of

_CONCLUSION = pytest.StashKey[Conclusion]()


class Ending:
    """Around the call of a test: it fails a test that would have passed, and has a wrong verdict.

    A test that fails by itself keeps its own failure, and is told the verdict beside it.
    """

    def __init__(self, item: pytest.Item, recording: Negotiation) -> None:
        self._item = item
        self._recording = recording
        self._put_back = _awaiting(item, recording)

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._put_back()
        if kind is not None and not _is_failure(kind):
            self._recording.end()
            return
        try:
            concluded = self._recording.conclude(failed=kind is not None)
        except NegotiationError as wrong:
            if kind is None:
                pytest.fail(str(wrong), pytrace=False)
            return
        if concluded is not None:
            self._tell(concluded, failed=kind is not None)

    def _tell(self, concluded: Conclusion, *, failed: bool) -> None:
        item = self._item
        item.stash[_CONCLUSION] = concluded
        files = [_short(item.config, str(file)) for file in concluded.files]
        for file in files:
            kind = "replay" if ".replay." in file else "trace"
            item.user_properties.append((f"negotiation_{kind}", file))
        is_strict = settings_of(item.config).mode == "strict"
        text = _with_files(_short(item.config, concluded.text), files)
        if failed or concluded.passed or not is_strict:
            item.add_report_section("call", "negotiation", text)
        else:
            pytest.fail(text, pytrace=False)


def attach(item: pytest.Item, report: Any) -> None:
    """Puts what the summary counts, and what pytest-html links, into the report of the call."""
    concluded = item.stash.get(_CONCLUSION, None)
    if concluded is None:
        return
    files = [str(one) for one in concluded.files]
    told = [_short(item.config, one) for one in files]
    report.negotiation = {**concluded.counted, "passed": concluded.passed, "files": told}
    if item.config.pluginmanager.hasplugin("html"):
        report.extras = [*getattr(report, "extras", []), *_links(item.config, files)]


def _links(config: pytest.Config, files: Sequence[str]) -> list[Any]:
    """What pytest-html shows of a test: links that lead from its page to the files."""
    from pytest_html import extras

    page = config.getoption("htmlpath", None)
    start = os.path.dirname(config.invocation_params.dir / page) if page else os.curdir
    named = [(os.path.relpath(one, start), os.path.basename(one)) for one in files]
    return [extras.url(address, name=name) for address, name in named]


def _awaiting(item: pytest.Item, recording: Negotiation) -> Any:
    """Lets an asynchronous test wait, in its own event loop, until what it watches is quiet.

    After it returned there is no loop any more, or nobody to run it. Gives what puts the test back.
    """
    original = getattr(item, "obj", None)
    if not inspect.iscoroutinefunction(original):
        return lambda: None

    @functools.wraps(original)
    async def called(*args: Any, **kwargs: Any) -> Any:
        try:
            result = await original(*args, **kwargs)
        except Exception:
            with contextlib.suppress(Exception):
                await _settled(recording)
            raise
        await _settled(recording)
        return result

    item.obj = called  # type: ignore[attr-defined]

    def put_back() -> None:
        item.obj = original  # type: ignore[attr-defined]

    return put_back


async def _settled(recording: Negotiation) -> None:
    if recording.waits:
        await recording.settled()


def _is_failure(kind: type[BaseException]) -> bool:
    """Whether the test has failed: not where it was skipped, or the run was stopped."""
    return issubclass(kind, Exception | pytest.fail.Exception)


def _short(config: pytest.Config, text: str) -> str:
    """The text with paths from where pytest was started, as pytest's own are."""
    return text.replace(f"{config.invocation_params.dir}{os.sep}", "")


def _with_files(text: str, files: Sequence[str]) -> str:
    if not files:
        return text
    listed = "\n".join(f"  {one}" for one in files)
    return f"{text}\n\nKept:\n{listed}"
