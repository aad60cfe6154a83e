"""Words that the parts of a story share: times, and lists."""

from __future__ import annotations

from collections.abc import Sequence

from .evidence import Point
from .story import Incident, Story


def duration(milliseconds: float, resolution: float = 0.0) -> str:
    """A time as one says it: 120 ms, 3.2 s, 2 min 5 s, 1 h 3 min."""
    if resolution >= 1000 and milliseconds < 1000:
        return "less than 1 s"
    if milliseconds < 999.5:
        return f"{_short(milliseconds)} ms"
    seconds = milliseconds / 1000
    if seconds < 59.95:
        return f"{seconds:.0f} s" if resolution >= 1000 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 10 else f"{milliseconds:.1f}".removesuffix(".0")


def at(story: Story, point: Point | Incident) -> str:
    """When it was, counted from the beginning of the recording."""
    return f"at {time(story, point.t)}"


def time(story: Story, t: float) -> str:
    """As `at`, without the word."""
    since = t - story.zero if story.zero > 0 else t
    if since == 0:
        return "0 s"
    return "0 s" if story.resolution >= 1000 > since else duration(since, story.resolution)


def lasting(story: Story, milliseconds: float) -> str:
    """How long something took, as finely as the recording knows."""
    return duration(milliseconds, story.resolution)


def later(story: Story, milliseconds: float) -> str:
    """How much later something was."""
    is_at_once = milliseconds < 0.05 and story.resolution < 1000
    return "at once" if is_at_once else f"{lasting(story, milliseconds)} later"


def times(number: int) -> str:
    """How often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def listed(names: Sequence[str]) -> str:
    """A and B."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
