"""The replay: the list of lines, what is told of one, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen

from .asking import Asking
from .help_pane import HelpPane
from .keys import ACTIONS
from .look import Look
from .panes import ListPane, TextPane, Told
from .parts import Part, fitted
from .view import KINDS, STORY, Filter, View

WIDE = 140
"""Columns from which on the text stands beside the list, not below it."""


class ReplayScreen(Screen[None]):
    """Shows a view, and moves in it."""

    CSS = """
    #title, #status { height: 1; }
    #both { height: 1fr; layout: vertical; }
    #list, #text { height: 1fr; }
    ReplayScreen.wide #both { layout: horizontal; }
    ReplayScreen.wide #list { width: 3fr; height: 1fr; }
    ReplayScreen.wide #text { width: 2fr; height: 1fr; }
    ReplayScreen.helped #title, ReplayScreen.helped #both { display: none; }
    ReplayScreen.helped #status { display: none; }
    ReplayScreen.zoomed #list { display: none; }
    """

    def __init__(self, view: View, look: Look) -> None:
        super().__init__()
        self.view = view
        self._look = look
        self._message = ""

    def compose(self) -> ComposeResult:
        """A title, the list and the text, and a line at the bottom."""
        yield Told(self._look, id="title")
        with Container(id="both"):
            yield ListPane(self.view, self._look, id="list")
            yield TextPane(self.view, self._look, id="text")
        yield Told(self._look, id="status")
        yield HelpPane(self._look, self._help_is_closed)
        yield Asking(self._look, self._answered)

    async def on_key(self, event: events.Key) -> None:
        """Do what the key is for.

        All keys come through here, and none through bindings, which are run elsewhere: so what is
        typed ahead, or comes late over a network, is taken in its order.
        """
        asking, help = self.query_one(Asking), self.query_one(HelpPane)
        if help.is_open:
            help.take(event.key)
        elif asking.is_open:
            asking.take(event)
        elif event.key in ACTIONS:
            event.stop()
            await self.run_action(ACTIONS[event.key])

    def on_paste(self, event: events.Paste) -> None:
        """Take what was pasted, where text is asked for."""
        asking = self.query_one(Asking)
        if asking.is_open:
            asking.take_pasted(event.text)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange what fits."""
        self._text.is_beside = event.size.width >= WIDE
        self.set_class(self._text.is_beside, "wide")
        self.call_after_refresh(self.show)

    # Moving.

    def action_step(self, by: int) -> None:
        """A line on or back; on a zoomed text: scroll it."""
        if self.has_class("zoomed"):
            self.action_scroll(by)
            return
        self.view.move(by)
        self.show()

    def action_page(self, pages: float) -> None:
        """So many pages on or back."""
        if self.has_class("zoomed"):
            self.action_scroll(int(pages * (self._text.height - 1)))
            return
        self.view.move(int(pages * max(self._list.height - 1, 1)))
        self.show()

    def action_first(self) -> None:
        """To the story."""
        self.view.go(0)
        self.show()

    def action_last(self) -> None:
        """To the last line."""
        self.view.go(len(self.view) - 1)
        self.show()

    def action_partner(self) -> None:
        """To the next row of the same call or message."""
        row = None if self.view.row == STORY else self.view.rows.partner(self.view.row)
        if row is None:
            self.show("nothing in the recording belongs to this line")
            return
        hidden = row not in self.view.shown
        if hidden:
            self.view.restrict(Filter())
        self.view.go_to_row(row)
        self.show("all lines are shown again" if hidden else "")

    def action_finding(self, forwards: bool) -> None:
        """To the next finding, or the one before."""
        if self.view.finding(forwards):
            self.show()
        elif not self.view.rows.with_findings:
            self.show("nothing was found in this recording")
        else:
            self.show(f"no finding {'after' if forwards else 'before'} this line")

    # Searching, and going to a line.

    def action_ask_text(self) -> None:
        """Ask what is sought."""
        self._ask("/", "")

    def action_ask_line(self, begun: str = "") -> None:
        """Ask which line is wanted."""
        self._ask(":", begun)

    def _answered(self, mark: str, text: str | None) -> None:
        self.query_one("#status").display = True
        if text is None:
            self.show()
        elif mark == ":":
            self._go_to_line(text)
        else:
            self.view.sought = text or self.view.sought
            self.action_again(True)

    def action_again(self, forwards: bool) -> None:
        """To the next match, or the one before."""
        sought = self.view.sought
        if not sought:
            self.show("nothing was sought yet: / asks")
        elif self.view.search(forwards):
            self.show()
        else:
            self.show(f"no {'more' if forwards else 'earlier'} match for {self._look.text(sought)}")

    def _go_to_line(self, given: str) -> None:
        lines = self.view.rows.lines
        if not given.strip().isdecimal() or not lines:
            self.show(f"{self._look.text(given)} is no line: give a number" if given else "")
            return
        wanted = int(given)
        row = self.view.rows.nearest(wanted)
        self.view.go_to_row(row)
        at = lines[self.view.row] if self.view.row != STORY else None
        self.show("" if at == wanted else f"line {wanted} is not among these: the nearest")

    def _ask(self, mark: str, begun: str) -> None:
        self.query_one("#status").display = False
        self.query_one(Asking).ask(mark, begun)

    # Showing.

    def action_only_findings(self) -> None:
        """Only lines with findings, or all."""
        self._restrict(only_findings=not self.view.filter.only_findings)

    def action_next_peer(self) -> None:
        """Only one peer, then the next one, then all."""
        self._restrict(peer=_next(self.view.filter.peer, self.view.rows.peers))

    def action_next_kind(self) -> None:
        """Only one kind of observations, then the next one, then all."""
        self._restrict(kind=_next(self.view.filter.kind, list(KINDS)))

    def action_everything(self) -> None:
        """All lines."""
        self.view.restrict(Filter())
        self.show()

    def action_states(self) -> None:
        """Tell the possible states, or do not."""
        self._text.with_states = not self._text.with_states
        self.show()

    def action_scroll(self, by: int) -> None:
        """Scroll the text."""
        self._text.scroll(by)

    def action_zoom(self) -> None:
        """The text on the whole screen, or not."""
        self.toggle_class("zoomed")
        self.call_after_refresh(self.show)

    def action_help(self) -> None:
        """The keys."""
        self.add_class("helped")
        self.query_one(HelpPane).open()

    def _help_is_closed(self) -> None:
        self.remove_class("helped")
        self.call_after_refresh(self.show)

    def action_back(self) -> None:
        """Back from a zoomed text, else from a search, else from filters."""
        if self.has_class("zoomed"):
            self.action_zoom()
        elif self.view.sought:
            self.view.sought = ""
            self.show()
        else:
            self.action_everything()

    def action_leave(self) -> None:
        """Back from a zoomed text; else quit."""
        if self.has_class("zoomed"):
            self.action_zoom()
        else:
            self.app.exit()

    def _restrict(self, **changed: object) -> None:
        self.view.restrict(msgspec.structs.replace(self.view.filter, **changed))
        none = not self.view.shown
        self.show("no line is like this: x shows all again" if none else "")

    # What is on the screen.

    @property
    def _list(self) -> ListPane:
        return self.query_one(ListPane)

    @property
    def _text(self) -> TextPane:
        return self.query_one(TextPane)

    def show(self, message: str = "") -> None:
        """Show where one is, with a message."""
        self._list.follow()
        self._text.follow()
        width = self.size.width
        self.query_one("#title", Told).tell([(self._title(width), "reverse")])
        self.query_one("#status", Told).tell(self._status(message, width))

    def _title(self, width: int) -> str:
        story, look = self.view.rows.story, self._look
        verdict = f"  {story.verdict} "
        between = f" {look.signs.separates} "
        who = between.join(f"{one.name}: {one.stack}" for one in story.peers)
        room = width - len(verdict)
        file = look.text(story.trace)
        if len(file) > room // 2:
            file = look.signs.cut + file[-max(room // 2, 8) :]
        return fitted(look.text(f" {file}  {who}"), room, look) + verdict

    def _status(self, message: str, width: int) -> list[Part]:
        view, look = self.view, self._look
        place = "the story" if view.row == STORY else f"line {view.rows.lines[view.row]}"
        share = 100 * view.at // max(len(view) - 1, 1)
        told = f" {place}, {view.at} of {len(view.shown)} ({share}%)"
        only = f"only {look.text(str(view.filter))}" if str(view.filter) else ""
        sought = f"/{look.text(view.sought)}" if view.sought else ""
        shown = "   ".join(one for one in (told, only, sought, message) if one)
        hints = "  / search  f finding  ? keys  q quit "
        hints = hints if len(shown) + len(hints) <= width else "  ? keys "
        return [
            (fitted(shown, width - len(hints), look), "bold" if message else ""),
            (hints, "dim"),
        ]


def _next(now: str | None, values: Sequence[str]) -> str | None:
    """The value after this one; None stands before the first and after the last."""
    after = values[values.index(now) + 1 :] if now is not None else values
    return after[0] if after else None
