"""An algorithm of the text: its steps, and who follows each."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..source import Rule


class TextStep(msgspec.Struct, frozen=True):
    """One step of an algorithm, in a few words of our own.

    `by` names methods of the specification that follow the step beside the rules that name it:
    rules of another anchor, and methods that put rules in order. `left_out` is why nothing follows
    it; said of a step with sub-steps, it is said of all of these.
    """

    number: str
    says: str
    by: tuple[str, ...] = ()
    left_out: str = ""

    @property
    def parent(self) -> str:
        """The number of the step that this one is a part of; "" for an outermost one."""
        return self.number.rpartition(".")[0]


class Algorithm(msgspec.Struct, frozen=True):
    """An algorithm (or a definition, without steps) at an anchor of the text."""

    anchor: str
    title: str
    steps: tuple[TextStep, ...] = ()

    @property
    def url(self) -> str:
        """Where the text of the algorithm can be read."""
        return Rule("", "value", self.anchor, "").url

    def step(self, number: str) -> TextStep | None:
        """The step with this number, or None."""
        return next((one for one in self.steps if one.number == number), None)

    def parts_of(self, number: str) -> Iterator[TextStep]:
        """All steps below this one, however deep."""
        return (one for one in self.steps if one.number.startswith(f"{number}."))

    def reason(self, step: TextStep) -> str:
        """Why nothing follows the step: its own reason, or that of a step that it is part of."""
        above = self.step(step.parent)
        return step.left_out or (self.reason(above) if above is not None else "")


def step(number: str, says: str, *by: str, left_out: str = "") -> TextStep:
    """A row of a table."""
    return TextStep(number, says, by, left_out)


def algorithm(anchor: str, title: str, *steps: TextStep) -> Algorithm:
    """A table."""
    return Algorithm(anchor, title, steps)
