"""The plugin for pytest: a test's peer connections are recorded, and judged when it ends.

    def test_a_call(page, negotiation):
        negotiation.watch_page(page)
        page.goto("https://app.example/call")

    async def test_a_call(negotiation):
        caller = negotiation.watch(RTCPeerConnection(), "caller")

`docs/pytest.md` tells all of it. pytest imports this module in every run, of every project that
has this package: so it imports nothing else, and does nothing in a test without the fixture.

The verdict is a part of the test's call, not of its teardown: a finding makes the test *fail*, as
an assertion would, so that `xfail`, `--lf`, `--maxfail` and reruns mean what they always mean. In
teardown it would be an error beside a test that has passed, and the event loop and the page, which
have to be quiet before anything that is missing can be told, would be gone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .fixture import Negotiation

FIXTURE = "negotiation"

_OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "--negotiation",
        {
            "dest": "negotiation_mode",
            "choices": ("off", "report", "strict"),
            "help": "off: record nothing; report: record, tell, and fail nothing; strict (default)",
        },
    ),
    (
        "--negotiation-output",
        {"metavar": "DIR", "help": "where traces and replays are kept (negotiation-results)"},
    ),
    (
        "--negotiation-keep",
        {"choices": ("failed", "all"), "help": "of which tests they are kept (failed)"},
    ),
    (
        "--negotiation-expectations",
        {
            "metavar": "FILE",
            "action": "append",
            "help": "what is expected (instead of the expectations.json beside the traces and "
            "above); repeatable",
        },
    ),
    (
        "--negotiation-allow-undecided",
        {"action": "store_true", "default": None, "help": "undecided traces do not fail a test"},
    ),
)

_INI: tuple[tuple[str, str, Any, Any], ...] = (
    ("negotiation_mode", "off, report or strict", "string", "strict"),
    ("negotiation_output", "where traces and replays are kept", "string", "negotiation-results"),
    ("negotiation_keep", "failed or all", "string", "failed"),
    ("negotiation_expectations", "files that tell what is expected", "paths", []),
    ("negotiation_allow_undecided", "undecided traces do not fail a test", "bool", False),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and ini values; each begins with `negotiation`."""
    group = parser.getgroup("negotiation", "negotiation: WebRTC connections recorded and judged")
    for name, told in _OPTIONS:
        group.addoption(name, **told)
    for ini, help_, kind, default in _INI:
        parser.addini(ini, help_, type=kind, default=default)


_RECORDING = pytest.StashKey["Negotiation"]()
"""Where a test has its recording: a fixture of the same name that is somebody else's has none."""


@pytest.fixture(name=FIXTURE)
def _negotiation(request: pytest.FixtureRequest) -> Iterator[Negotiation]:
    """Records the peer connections of this test, which fails if what is recorded is wrong."""
    from .fixture import Negotiation
    from .settings import settings_of

    recording = Negotiation(settings_of(request.config), request.node.nodeid)
    request.node.stash[_RECORDING] = recording
    yield recording
    recording.end()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """The verdict, at the end of the test's own call; nothing for tests without the fixture."""
    recording = item.stash.get(_RECORDING, None)
    if recording is not None:
        from .concluding import prepare

        prepare(item, recording)
    try:
        result = yield
    except BaseException as error:
        _conclude(item, error)
        raise
    _conclude(item, None)
    return result


def _conclude(item: pytest.Item, error: BaseException | None) -> None:
    """Ends the recording, which the test may have asked for only while it ran."""
    recording = item.stash.get(_RECORDING, None)
    if recording is not None:
        from .concluding import conclude

        conclude(item, recording, error)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Numbers for the summary, which travel with the report; and files for pytest-html."""
    report = yield
    if report.when == "call" and _RECORDING in item.stash:
        from .concluding import attach

        attach(item, report)
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A line on what was recorded, if something was."""
    reports = [one for told in terminalreporter.stats.values() for one in told]
    told = [one.negotiation for one in reports if hasattr(one, "negotiation")]
    if told:
        from .summary import tell

        tell(terminalreporter, told)
