"""A double of a stack that dies of one call, and hangs of another one."""

from __future__ import annotations

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.fuzzing.playing import OnModel, Played
from negotiation.conformance.programs.language import Program
from negotiation.conformance.stacks.taking import Outcome
from negotiation.conformance.traces.format import Mark


class Dying:
    """Like the model, but for programs with these calls; that every so often, as it is played."""

    def __init__(self, dies_of: str, hangs_of: str, *, every: int = 1) -> None:
        self._troubles = (
            (dies_of, Outcome.DIED, "died"),
            (hangs_of, Outcome.HUNG, "hung"),
        )
        self._model = OnModel(Checker())
        self._every = every
        self.played = 0

    def play(self, program: Program) -> Played:
        played = self._model.play(program)
        self.played += 1
        calls = [item.call for step in program.steps for item in step.do]
        for call, outcome, trouble in self._troubles:
            if call in calls and played.lines and self.played % self._every == 0:
                peer = program.peers[0]
                mark = Mark(n=2, t=1, peer=peer, text="it is gone", trouble=trouble)  # type: ignore[arg-type]
                lines = (played.lines[0], mark)
                verdict = Checker().judge_lines("died", lines)
                return Played(program, lines, verdict, outcome, "it is gone")
        return played
