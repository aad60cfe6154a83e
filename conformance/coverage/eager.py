"""One schedule of a program, and what it covers: all that can happen happens before the next step.

It is the run in which the first option is always taken. Nobody asks for the others, so that steps
of a connection that show nothing can be taken at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from negotiation.model import Connection, Internal, Label
from negotiation.model.specification import Transition

from ..programs.language import Program
from ..programs.naming import is_created
from ..programs.running import Execution, Option
from ..programs.runs import PeerRun, Run
from ..traces import format
from .items import Item, state_item
from .running import READING, Notes
from .watching import Watched


class EagerExecution(Execution):
    """An execution that knows of first options only.

    `shown_in`: the state in which a connection showed what the last option shows; None where it was
    a script that showed something.
    """

    def __init__(self, program: Program, specification: Watched) -> None:
        super().__init__(program, specification)
        self.shown_in: Connection | None = None
        self._watched = specification
        self._at_rest: dict[str, Connection] = {}

    def options(self, run: Run) -> Iterator[Option]:
        """The first option, if there is one."""
        self.shown_in = None
        self._watched.asked = ()
        return super().options(run)

    def successors(self, peer: PeerRun) -> Iterable[Transition]:
        """The first steps as one: up to what is shown, named or handled, or until all is at rest.

        What was asked for them includes the states that they reach.
        """
        before = after = peer.connection
        label: Label | None = None
        asked: list[Item] = []
        while self._at_rest.get(peer.name) is not after:
            step, asked_for_it = self._watched.first(after)
            if step is None:
                self._at_rest[peer.name] = after
                break
            was, (label, after) = after, step
            asked += asked_for_it
            asked.append(state_item(after))
            if not isinstance(label, Internal):
                self.shown_in = was
                break
            if _is_awaited(before, after):
                break
        if label is None:
            return ()
        self._watched.asked = asked
        return ((label, after),)

    def is_quiet(self, run: Run) -> bool:
        """Nothing else was an option, or this would not be asked."""
        return True

    def reading(self, connection: Connection) -> format.Reading:
        """Nobody looks at what is read."""
        return READING


def _is_awaited(before: Connection, after: Connection) -> bool:
    """Whether something is to be done before the next step: a name given, or a handler run."""
    is_handled = after.dispatching is not None and not after.microtasks
    return is_handled or is_created(before, after)


class EagerWatch(Notes):
    """Runs a program step by step, and notes what it covers.

    The program may grow: `execution.steps` can be set while `first` says that it has ended.
    """

    def __init__(self, program: Program, specification: Watched) -> None:
        super().__init__(program)
        self.execution = EagerExecution(program, specification)
        self._watched = specification

    def first(self, run: Run) -> Run | None:
        """The run after its first option, which is noted; None when the program has ended."""
        execution = self.execution
        for option in execution.options(run):
            self.items.update(self._watched.asked)
            if execution.shown_in is not None:
                for emission in option[0]:
                    self.shown(execution.shown_in, emission.observation)
            elif option[0]:
                self.note(run, option)
            return option[1]
        return None
