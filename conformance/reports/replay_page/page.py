"""A replay as one HTML page, packed: columns instead of objects, and each text once.

A page holds so many observations that it opens at once; of a longer trace it has the stretch in
which it went wrong first, and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ...checking.findings import FINDINGS
from ..expectations import Expectation
from ..gate import Weighed, weigh_findings
from ..judged import Judged, Observed, Progress
from ..links import around_the_line, url_of
from ..pages.framing import framed
from ..paper import Paper, plain
from ..replaying import WHOLE, Beside, Part, Replay
from ..story import Party, Story, story_of
from ..story_text import tell_story
from .rows import KINDS, rows_of
from .texts import Texts, shortened

MOST_OBSERVATIONS = 250_000
"""Observations of one page."""

MOST_FINDINGS = 1000
"""Findings that are told fully; of the others the page has line, peer, id and message."""

MOST_STORY = 200
"""Paragraphs of the story."""

SCRIPTS = ("trace.js", "drawing.js", "moment.js", "page.js")

_UNBROKEN = 1 << 30


def replay_as_page(
    replay: Replay,
    expectations: Sequence[Expectation] = (),
    part: Part = WHOLE,
    progress: Progress | None = None,
) -> str:
    """The page, whole. What is expected is told as known, and the page does not begin there.

    Observations of the `part` are shown; `progress` is told how many of them are done.
    """
    data = page_data(replay, expectations, part, progress)
    return framed(__package__, "Negotiation replay", data, SCRIPTS)


def page_data(
    replay: Replay,
    expectations: Sequence[Expectation] = (),
    part: Part = WHOLE,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What the script reads: the replay, packed."""
    story = story_of(replay, expectations)
    weighed = list(weigh_findings(Judged(replay.verdict, replay.trace.header), expectations))
    wanted = [each for each in replay.observations if part.has(each[0], each[1].peer)]
    shown = _stretch(wanted, None if story.first is None else story.first.line)
    texts = Texts()
    rows = rows_of(replay, shown, texts, progress)
    findings = _findings(weighed, shown, texts)
    return {
        "trace": plain(replay.trace.file),
        "commands": around_the_line(replay.trace.file),
        "about": _about(replay, story),
        "peers": [_peer(one, texts) for one in story.peers],
        "kinds": KINDS,
        "observations": {"all": len(replay.observations), "shown": len(shown)},
        "columns": rows.columns,
        "time": rows.time,
        "numbers": rows.numbers,
        "besides": [_beside(one, texts) for one in rows.besides],
        "bars": rows.bars,
        "findings": findings,
        "begins": _begins(story, findings),
        "registry": _registry(weighed),
        "strings": list(texts.places),
    }


def _stretch(observations: Sequence[Observed], wanted: int | None) -> Sequence[Observed]:
    """As many as a page holds, with the wanted line in them."""
    if len(observations) <= MOST_OBSERVATIONS:
        return observations
    place = next((at for at, (line, _) in enumerate(observations) if line == wanted), 0)
    start = min(max(0, place - MOST_OBSERVATIONS // 2), len(observations) - MOST_OBSERVATIONS)
    return observations[start : start + MOST_OBSERVATIONS]


def _about(replay: Replay, story: Story) -> dict[str, Any]:
    told = Counter(one.class_ for one in replay.verdict.findings)
    return {
        "verdict": story.verdict,
        "counted": dict(told),
        "known": sum(len(one.incidents) for one in story.known),
        "line": replay.line,
        "story": _story(story),
        "undecided": [shortened(one) for one in story.undecided],
        "error": None if story.error is None else shortened(story.error),
    }


def _story(story: Story) -> list[str]:
    """The story in paragraphs: each is a line of an endless paper, the first names the trace."""
    paper = Paper(_UNBROKEN)
    tell_story(paper, story)
    told = [line for line in paper.text().splitlines() if line]
    return [shortened(one, 2000) for one in told[1:MOST_STORY]]


def _peer(one: Party, texts: Texts) -> dict[str, int]:
    return {"name": texts.place(one.name), "stack": texts.place(one.stack)}


def _beside(one: Beside, texts: Texts) -> list[Any]:
    return [
        one.states,
        texts.each(one.signaling),
        texts.each(one.chain),
        [int(each) for each in one.flag],
        [int(each) for each in one.check],
        texts.each(one.queued),
        texts.each(one.next),
    ]


def _findings(
    weighed: Sequence[Weighed], shown: Sequence[Observed], texts: Texts
) -> list[dict[str, Any]]:
    rows = {line: row for row, (line, _) in enumerate(shown)}
    return [
        _finding(one, rows.get(one.finding.line, -1), texts, is_full=place < MOST_FINDINGS)
        for place, one in enumerate(weighed)
    ]


def _finding(weighed: Weighed, row: int, texts: Texts, *, is_full: bool) -> dict[str, Any]:
    one = weighed.finding
    told: dict[str, Any] = {
        "row": row,
        "line": one.line,
        "peer": texts.place(one.peer),
        "id": one.id,
        "class": one.class_,
        "blame": one.blame,
        "message": texts.place(one.message),
    }
    if weighed.expected_by is not None:
        expectation = weighed.expected_by.row
        told["known"] = texts.place(expectation.reason)
        told["link"] = texts.place(expectation.link)
    if not is_full:
        return told
    return told | {
        "url": texts.place(url_of(one.anchor)),
        "refused_by": texts.place(one.refused_by),
        "states": texts.each(one.states),
        "expected": texts.each(one.expected),
        "alternative": texts.place(one.alternative),
        "rests_on": texts.each(one.rests_on),
        "after": one.after or 0,
    }


def _begins(story: Story, findings: Sequence[dict[str, Any]]) -> int:
    """The finding that went wrong first, which may be in no row of the page; -1: none did."""
    first = story.first
    if first is None:
        return -1
    ours = (
        place
        for place, one in enumerate(findings)
        if (one["line"], one["id"]) == (first.line, first.id)
    )
    return next(ours, -1)


def _registry(weighed: Sequence[Weighed]) -> dict[str, dict[str, str]]:
    used = dict.fromkeys(one.finding.id for one in weighed)
    return {
        id: {"title": FINDINGS[id].title, "means": FINDINGS[id].means, "todo": FINDINGS[id].todo}
        for id in used
    }
