"""The end of a test: its recording is closed and judged, and the test fails or passes with it."""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
from collections.abc import Sequence
from typing import Any

import pytest

from ..errors import NegotiationError
from .fixture import Conclusion, Negotiation
from .settings import settings_of

_CONCLUSION = pytest.StashKey[Conclusion]()
_ORIGINAL = pytest.StashKey[Any]()

_FAILURES = (Exception, pytest.fail.Exception)
"""What a failed test raises; one that is skipped, or stopped with its run, raises others."""


def prepare(item: pytest.Item, recording: Negotiation) -> None:
    """Lets an asynchronous test wait, in its own event loop, until what it watches is quiet.

    After it returned there is no loop any more, or nobody to run it.
    """
    original = getattr(item, "obj", None)
    if not inspect.iscoroutinefunction(original):
        return

    @functools.wraps(original)
    async def called(*args: Any, **kwargs: Any) -> Any:
        try:
            result = await original(*args, **kwargs)
        except _FAILURES:
            with contextlib.suppress(Exception):
                await _settled(recording)
            raise
        await _settled(recording)
        return result

    item.stash[_ORIGINAL] = original
    item.obj = called  # type: ignore[attr-defined]


async def _settled(recording: Negotiation) -> None:
    if recording.waits:
        await recording.settled()


def conclude(item: pytest.Item, recording: Negotiation, error: BaseException | None) -> None:
    """Closes and judges the recording: a test that would have passed fails if that is wrong.

    A test that fails by itself keeps its own failure, and is told the verdict beside it.
    """
    if _ORIGINAL in item.stash:
        item.obj = item.stash[_ORIGINAL]  # type: ignore[attr-defined]
        del item.stash[_ORIGINAL]
    if _CONCLUSION in item.stash:  # of an earlier try of this test
        del item.stash[_CONCLUSION]
    if error is not None and not isinstance(error, _FAILURES):
        recording.end()
        return
    failed = error is not None
    try:
        concluded = recording.conclude(failed=failed)
    except (NegotiationError, OSError) as wrong:
        _tell(item, str(wrong), fails=not failed)
        return
    if concluded is not None:
        _keep(item, concluded, failed=failed)


def _keep(item: pytest.Item, concluded: Conclusion, *, failed: bool) -> None:
    item.stash[_CONCLUSION] = concluded
    files = [_short(item.config, str(file)) for file in concluded.files]
    for file in files:
        kind = "replay" if ".replay." in file else "trace"
        item.user_properties.append((f"negotiation_{kind}", file))
    is_strict = settings_of(item.config).mode == "strict"
    text = _with_files(_short(item.config, concluded.text), files)
    _tell(item, text, fails=is_strict and not failed and not concluded.passed)


def _tell(item: pytest.Item, text: str, *, fails: bool) -> None:
    if fails:
        raise pytest.fail.Exception(text, pytrace=False) from None
    item.add_report_section("call", "negotiation", text)


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


def _short(config: pytest.Config, text: str) -> str:
    """The text with paths from where pytest was started, as pytest's own are."""
    return text.replace(f"{config.invocation_params.dir}{os.sep}", "")


def _with_files(text: str, files: Sequence[str]) -> str:
    if not files:
        return text
    listed = "\n".join(f"  {one}" for one in files)
    return f"{text}\n\nKept:\n{listed}"
