"""A row as one line: marks, its place, the lifelines of the peers, its words, and the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..reports.counts import count
from ..reports.observing import kind_of
from .look import LIFELINE, Look
from .parts import Part, fitted, marked
from .rows import Glance, Rows
from .view import STORY

MOST_LIFELINES = 4
NARROWEST_WITH_TIME = 50
NARROWEST_WITH_STATE = 76
NARROWEST_WITH_CHAIN = 88
MOST_BARS = 4

STATE = 14
CHAIN = 6
FLAG = 5

STYLES = {"departure": "bold red", "fault": "bold yellow", "note": "cyan", "known": ""}
"""How a line with findings is shown, by the worst of them, which comes first here."""


class Columns(NamedTuple):
    """How wide each column is; 0: there is no room for it."""

    line: int
    time: int
    lives: int
    words: int
    state: int
    chain: int
    flag: int


def columns_for(rows: Rows, width: int) -> Columns:
    """The columns that fit into so many cells."""
    line = len(str(rows.lines[-1])) if rows.lines else 1
    last = rows.time(len(rows) - 1) if len(rows) else 0.0
    time = max(len(f"{last:.1f}"), 4) + 1 if width >= NARROWEST_WITH_TIME else 0
    lives = LIFELINE * min(len(rows.peers), MOST_LIFELINES)
    state = STATE if width >= NARROWEST_WITH_STATE else 0
    chain, flag = (CHAIN, FLAG) if width >= NARROWEST_WITH_CHAIN else (0, 0)
    words = width - 3 - max(line, 4) - time - 1 - lives - state - chain - flag
    return Columns(max(line, 4), time, lives, max(words, 0), state, chain, flag)


class RowWriter:
    """Writes the rows of a replay as lines of the same width."""

    def __init__(self, rows: Rows, width: int, look: Look) -> None:
        self.columns = columns_for(rows, width)
        self._rows = rows
        self._width = width
        self._look = look
        self._column = {peer: at for at, peer in enumerate(rows.peers)}

    def heading(self) -> list[Part]:
        """What the columns are."""
        to = self.columns
        named = [("line", to.line), (" ms", to.time)]
        placed = "".join(fitted(name.rjust(width), width, self._look) for name, width in named)
        peers = self._rows.peers[:MOST_LIFELINES]
        lives = "".join(
            fitted(self._look.text(one), LIFELINE - 1, self._look) + " " for one in peers
        )
        rest = [("observed", to.words), ("signaling", to.state), ("chain", to.chain)]
        told = "".join(
            fitted(name, width, self._look) for name, width in [*rest, ("flag", to.flag)]
        )
        return [(fitted(f"   {placed} {lives}{told}", self._width, self._look), "bold dim")]

    def line(self, row: int, *, sought: str = "") -> list[Part]:
        """The line of a row."""
        if row == STORY:
            return [(fitted(f"   {self._story()}", self._width, self._look), "bold")]
        to = self.columns
        one = self._rows.observation(row)
        findings = self._rows.findings(row)
        standings = [self._rows.standing(one) for one in findings]
        style = next((style for kind, style in STYLES.items() if kind in standings), "")
        mark = self._look.signs.finding if findings else " "
        time = fitted(f"{self._rows.time(row):.1f}".rjust(to.time), to.time, self._look)
        indent = "  " * self._rows.depth(row)
        named = (
            f"{one.id} (known)" if standing == "known" else one.id
            for one, standing in zip(findings, standings, strict=True)
        )
        found = f"{', '.join(named)}: " if findings else ""
        whose = "" if self._column[one.peer] < MOST_LIFELINES else f"{one.peer}: "
        told = f"{indent}{found}{self._look.text(whose + self._rows.words(row))}"
        words = fitted(told, to.words - 1, self._look) + " " * min(to.words, 1)
        return [
            (f" {mark} ", style),
            (f"{self._rows.lines[row]:>{to.line}}{time} ", "dim"),
            *self._lives(row),
            *marked(words, self._look.text(sought), style),
            *self._model(self._rows.glance(row)),
        ]

    def _story(self) -> str:
        story = self._rows.story
        return f"THE STORY: {count(len(story.negotiations), 'negotiation')}; {story.verdict}"

    def _lives(self, row: int) -> Iterator[Part]:
        signs, one = self._look.signs, self._rows.observation(row)
        own = self._column[one.peer]
        kind = kind_of(one)
        shown = min(len(self._rows.peers), MOST_LIFELINES)
        lives = list((signs.life + " " * (LIFELINE - 1)) * shown)
        if own < shown:
            at = own * LIFELINE
            if kind in signs.kinds:
                lives[at] = signs.kinds[kind]
            else:
                self._message(lives, at, kind, to_the_right=own + 1 < shown or shown == 1)
        yield "".join(lives), ""

    def _message(self, lives: list[str], at: int, kind: str, *, to_the_right: bool) -> None:
        """An arrow between this lifeline and its neighbour, at the end where it is seen."""
        signs = self._look.signs
        leaves = kind == "send"
        lives[at] = signs.leaves if to_the_right else signs.arrives
        head = signs.to_the_right if to_the_right is leaves else signs.to_the_left
        if to_the_right:
            arrow = [signs.rule, head] if leaves else [head, signs.rule]
            lives[at + 1 : at + 3] = arrow
        else:
            arrow = [head, signs.rule] if leaves else [signs.rule, head]
            lives[at - 2 : at] = arrow

    def _model(self, glance: Glance | None) -> Iterator[Part]:
        to, signs = self.columns, self._look.signs
        if glance is None:
            yield fitted("not followed", to.state, self._look), "dim"
            yield " " * (to.chain + to.flag), ""
            return
        state = "/".join(one.removeprefix("have-") for one in glance.signaling)
        yield fitted(state, to.state - 1, self._look) + " " * min(to.state, 1), ""
        most = glance.chain[-1] if glance.chain else 0
        bars = signs.bar * min(most, MOST_BARS) + ("+" if most > MOST_BARS else "")
        yield fitted(bars + ("?" if len(glance.chain) > 1 else ""), to.chain, self._look), ""
        flag = "?" if len(glance.flag) != 1 else "yes" if glance.flag[0] else "no"
        yield fitted(flag, to.flag, self._look), ""
