"""The end of a test: its recording is closed and judged, and the test fails or passes with it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
from types import TracebackType
from typing import Any

import pytest

from ..errors import NegotiationError
from .fixture import Conclusion, Negotiation
from .settings import settings_of

_CONCLUSION = pytest.StashKey[Conclusion]()


class Ending:
    """Around the call of a test. It raises `pytest.fail` where the verdict fails a test that passed.

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
        for file in concluded.files:
            kind = "replay" if ".replay." in file.name else "trace"
            item.user_properties.append((f"negotiation_{kind}", str(file)))
        is_strict = settings_of(item.config).mode == "strict"
        text = _with_files(concluded)
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
    report.negotiation = {**concluded.counted, "passed": concluded.passed, "files": files}
    html = item.config.pluginmanager.getplugin("html")
    if html is not None and files:
        from pytest_html import extras

        output = item.config.getoption("htmlpath", None)
        start = os.path.dirname(os.path.abspath(output)) if output else os.curdir
        links = [extras.url(os.path.relpath(one, start), name=os.path.basename(one)) for one in files]
        report.extras = [*getattr(report, "extras", []), *links]


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


def _with_files(concluded: Conclusion) -> str:
    if not concluded.files:
        return concluded.text
    listed = "\n".join(f"  {one}" for one in concluded.files)
    return f"{concluded.text}\n\nKept:\n{listed}"
