"""The replay as somebody uses it, with keys, without a terminal."""

from __future__ import annotations

import asyncio
import builtins
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

import pytest

from negotiation.conformance.errors import MissingExtraError, UsageError
from negotiation.conformance.reports.falsifying import altered, repeated
from negotiation.conformance.terminal import Opened, Opening, show
from negotiation.conformance.terminal.app import ReplayApp
from negotiation.conformance.terminal.help_pane import HelpPane
from negotiation.conformance.terminal.judging_screen import JudgingScreen
from negotiation.conformance.terminal.replay_screen import ReplayScreen
from negotiation.conformance.terminal.view import STORY, View

if TYPE_CHECKING:
    from tests.conformance.terminal.conftest import Begin
    from textual.pilot import Pilot

TWICE = repeated(kind="event", name="signalingstatechange")
EVIL = "\x1b[2J\x9b31m[bold red]bad[/bold red][@click=app.exit]x[/]\u202e"

Use = Callable[["Replaying"], Awaitable[None]]


class Replaying:
    """A replay that is shown, and its pilot."""

    def __init__(self, app: ReplayApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, mark: str, text: str) -> None:
        await self.press(mark, *text, "enter")

    @property
    def view(self) -> View:
        return cast(ReplayScreen, self.app.screen).view

    @property
    def line(self) -> int | None:
        row = self.view.row
        return None if row == STORY else self.view.rows.lines[row]

    @property
    def screen(self) -> list[str]:
        """What the screen shows, line by line."""
        return [
            "".join(segment.text for segment in strip)
            for strip in self.app.screen._compositor.render_strips()
        ]


def use(opening: Opening, using: Use, size: tuple[int, int] = (80, 24), **given: Any) -> ReplayApp:
    """Show a replay, wait for its judging, and use it."""
    app = ReplayApp(opening, **given)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            while isinstance(app.screen, JudgingScreen) or len(app.screen_stack) == 1:
                await pilot.pause(0.01)
            await pilot.pause()
            await using(Replaying(app, pilot))

    asyncio.run(asyncio.wait_for(run(), 60))
    return app


def test_the_story_then_the_lines(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        shown = replay.screen
        assert "call.jsonl" in shown[0]
        assert shown[0].rstrip().endswith("conforms")
        assert "THE STORY" in shown[2]
        assert any("A and B are both model" in line for line in shown)
        await replay.press("j")
        assert replay.line == 2
        assert "line 2, peer A" in "\n".join(replay.screen)
        assert "line 2, 1 of" in replay.screen[-1]
        await replay.press("G")
        assert replay.line == replay.view.rows.lines[-1]
        await replay.press("k", "home")
        assert replay.view.row == STORY

    use(opening(), using)


MOVES = [
    (["j"] * 3, 3),
    (["down", "down", "up"], 4),
    (["pagedown"], 13),
    (["space", "b"], 13),
    (["g", "ctrl+d"], 4),
    (["ctrl+u"], 0),
    (["percent_sign"], 0),
    (["G", "pageup"], 25 - 9),
    (["end"], 25),
    (["home"], 0),
]
"""Keys, and the position after them; a page has nine lines and one that was seen before."""


def test_moving(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        assert len(replay.view) == 26
        for keys, at in MOVES:
            await replay.press(*keys)
            assert replay.view.at == at, keys
            assert len([line for line in replay.screen if line.startswith("❯")]) == 1

    use(opening(), using)


def test_findings_are_jumped_to_and_told(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("f")
        row = replay.view.row
        (finding, *_) = replay.view.rows.findings(row)
        shown = "\n".join(replay.screen)
        assert finding.id in shown
        assert f"call.jsonl:{finding.line}" in shown
        await replay.press("]", "]", "]", "]")
        assert replay.view.row == replay.view.rows.with_findings[-1]
        assert "no finding after this line" in replay.screen[-1]
        await replay.press("[", "F", "F", "F", "F")
        assert replay.view.row == row
        await replay.press("o")
        assert len(replay.view.shown) == len(replay.view.rows.with_findings)
        assert "only findings" in replay.screen[-1]

    use(opening(edit=TWICE), using, size=(120, 40))


def test_nothing_was_found(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("f")
        assert "nothing was found in this recording" in replay.screen[-1]
        await replay.press("o")
        assert "x shows all again" in replay.screen[-1]
        assert replay.view.row == STORY
        await replay.press("x")
        assert len(replay.view) == len(replay.view.rows) + 1

    use(opening(), using, size=(100, 30))


def test_searching(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("/", *"anx", "backspace")
        assert replay.screen[-1].startswith("/an")
        await replay.press(*"swer", "enter")
        first = replay.line
        assert "answer" in replay.view.rows.words(replay.view.row)
        await replay.press("n")
        assert replay.line is not None
        assert first is not None
        assert replay.line > first
        await replay.press("N")
        assert replay.line == first
        await replay.write("slash", "nowhere")
        assert "no more match for nowhere" in replay.screen[-1]
        assert replay.line == first
        await replay.press("slash", "a", "escape")
        assert replay.view.sought == "nowhere"
        await replay.press("escape")
        assert replay.view.sought == ""
        await replay.press("n")
        assert "nothing was sought yet" in replay.screen[-1]

    use(opening(), using, size=(110, 24))


def test_going_to_a_line(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.write("colon", "12")
        assert replay.line == 12
        await replay.press("1", "4", "enter")
        assert replay.line == 14
        await replay.write("colon", "99999")
        assert replay.line == replay.view.rows.lines[-1]
        assert "the nearest" in replay.screen[-1]
        await replay.write("colon", "x")
        assert "x is no line: give a number" in replay.screen[-1]
        await replay.press("colon", "backspace")
        assert "line" in replay.screen[-1]

    use(opening(), using, size=(120, 24))


def test_filters_of_peer_and_kind(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("p")
        assert replay.view.filter.peer == "A"
        await replay.press("p", "t")
        assert str(replay.view.filter) == "peer B, calls"
        assert "only peer B, calls" in replay.screen[-1]
        await replay.press("p", "t", "t", "t", "t")
        assert str(replay.view.filter) == ""
        await replay.press("t", "escape")
        assert str(replay.view.filter) == ""

    use(opening(), using)


def test_what_belongs_together_is_shown_though_it_was_filtered_away(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("p", "t", "t", "t", "j")
        assert str(replay.view.filter) == "peer A, messages"
        await replay.press("m")
        assert replay.view.rows.observation(replay.view.row).peer == "B"
        assert "all lines are shown again" in replay.screen[-1]

    use(opening(), using, size=(120, 24))


def test_states_the_text_alone_and_its_scrolling(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("j", "s")
        await replay.press("enter")
        assert "The possible states:" in "\n".join(replay.screen)
        assert "observed" not in "\n".join(replay.screen)
        await replay.press("s", "q")
        assert "observed" in replay.screen[1]
        await replay.press("home")
        before = replay.screen
        assert any("more lines: J" in line for line in before)
        await replay.press("J")
        assert replay.screen != before
        assert replay.view.row == STORY
        await replay.press("enter", "j", "j", "k", "k", "space", "b", "escape")
        assert "observed" in replay.screen[1]

    use(opening(edit=TWICE), using)


def test_the_help_tells_all_keys_and_is_left(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("?")
        assert replay.app.screen.query_one(HelpPane).is_open
        told = "\n".join(replay.screen)
        await replay.press("space", "space", "space")
        told += "\n".join(replay.screen)
        assert "the next finding" in told
        assert "a message is sent" in told
        await replay.press("k", "q")
        assert "THE STORY" in replay.screen[2]

    use(opening(), using, size=(60, 20))


def test_one_begins_where_it_was_asked_for(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        assert replay.line == 10
        assert replay.view.filter.peer == "B"

    use(opening(), using, begin=9, peer="B")


def test_resizing_keeps_where_one_is(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("G", "k", "k")
        line = replay.line
        for size in ((200, 50), (60, 20), (30, 8), (12, 4), (80, 24)):
            await replay.pilot.resize_terminal(*size)
            await replay.pilot.pause()
            await replay.pilot.pause()
            assert replay.line == line
            shown = replay.screen
            assert (len(shown[0]), len(shown)) == size
            assert size[1] < 8 or any(one.startswith("❯") for one in shown)

    use(opening(), using)


def test_the_wide_screen_has_the_text_beside_the_list(opening: Begin) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("j")
        assert any("call addT" in one and "line 2, peer A" in one for one in replay.screen[1:6])

    use(opening(), using, size=(160, 30))


def test_hostile_text_is_text(opening: Begin) -> None:
    def hostile(lines: Any) -> Any:
        stack = {"stack": {"name": EVIL, "version": EVIL}, "recorder": EVIL}
        lines = altered({"kind": "throw", "error": EVIL, "message": EVIL}, kind="return")(lines)
        return altered({"peers": {"A": stack, "B": stack}}, kind="header")(lines)

    async def using(replay: Replaying) -> None:
        told = "".join(replay.screen)
        for _ in range(6):
            await replay.press("j")
            told += "".join(replay.screen)
        await replay.write("slash", "[/bold red]")
        told += "".join(replay.screen)
        await replay.press("enter")
        told += "".join(replay.screen)
        assert told.isprintable()
        assert "[bold red]bad[/bold red][@click=app.exit]x[/]" in told

    use(opening(edit=hostile), using, size=(200, 40))


def test_what_the_judging_fails_with_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(progress: object) -> Opened:
        raise UsageError("not so")

    headless(monkeypatch)
    with pytest.raises(UsageError, match="not so"):
        show(Opening("x", fail))


def test_one_can_leave_while_it_judges() -> None:
    forever = threading.Event()

    def judge(progress: Callable[[int, int], None]) -> Opened:
        progress(512, 2048)
        forever.wait(30)
        raise UsageError("nobody waits for this")

    app = ReplayApp(Opening("call.jsonl", judge))

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause(0.2)
            shown = "\n".join(Replaying(app, pilot).screen)
            assert "judging: 512 of 2,048 observations" in shown
            assert "██████████───" in shown
            await pilot.press("q")
            await pilot.pause(0.2)
            assert not app.is_running or not isinstance(app.screen, JudgingScreen)

    try:
        asyncio.run(run())
    finally:
        forever.set()


def test_ctrl_c_is_an_interrupt(opening: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    async def using(replay: Replaying) -> None:
        await replay.press("ctrl+c")

    app = use(opening(), using)
    monkeypatch.setattr(app, "run", lambda **named: None)
    with pytest.raises(KeyboardInterrupt):
        app.show()


def test_without_textual_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *given: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "textual":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *given, **named)

    for name in list(sys.modules):
        if name.startswith(("negotiation.conformance.terminal.", "textual")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'negotiation\[terminal\]'"):
        show(Opening("x", lambda progress: Opened(None, None)))  # type: ignore[arg-type]


def headless(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ReplayApp.run
    monkeypatch.setattr(ReplayApp, "run", lambda self, **named: real(self, headless=True))
    assert os.environ["TERM"]
