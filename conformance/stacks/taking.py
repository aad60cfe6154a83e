"""Taking down what a recorder tells of one program, and refusing what the protocol does not allow.

Nothing is taken that a reader of the trace would refuse: the same ledger admits it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import msgspec

from ..programs.language import Program
from ..traces.format import AnyObservation, Header, Line, Mark, Sdp, Trouble
from ..traces.ledger import Ledger, RefusedError
from ..traces.said import Said
from .translating import Translator
from .wire import Began, Did, Ended, Failed, Hello, Message, ProtocolError, Unsupported

Out = Callable[[Program, Line], None]
"""Is told each line as it comes."""


class Outcome(StrEnum):
    """How a program's recording ended."""

    COMPLETE = "complete"
    UNSUPPORTED = "unsupported"
    HUNG = "hung"
    DIED = "died"
    FAILED = "failed"
    CUT = "cut"
    SKIPPED = "skipped"


_TROUBLES: dict[Outcome, Trouble] = {
    Outcome.HUNG: "hung",
    Outcome.DIED: "died",
    Outcome.FAILED: "failed",
    Outcome.CUT: "cut",
}


class Recording(msgspec.Struct, frozen=True):
    """What was recorded of a program; only a complete recording has seen its end.

    `detail` tells which calls are unsupported, or what happened. Without support there are no
    lines, nor where it was skipped because the time for all programs was over. `FAILED` means that
    the recorder itself is broken, not the stack; `CUT` that something else ended it. `leaked` tells
    that the stack's memory has grown beyond the bound.
    """

    program: Program
    lines: tuple[Line, ...]
    outcome: Outcome = Outcome.COMPLETE
    detail: str = ""
    leaked: str = ""


class Taker:
    """Takes the messages of one program and tells its lines.

    `most` bounds the observations of a program. `outcome` is None until its last message came.
    """

    def __init__(
        self, program: Program, header: Header, out: Out | None = None, most: int = 1_000_000
    ) -> None:
        self._program = program
        self._header = header
        self._out = out
        self._most = most
        self._translator: Translator | None = None
        self._ledger = Ledger(header, since=0.0)
        self._times = dict.fromkeys(header.peers, 0.0)
        self.lines: list[Line] = []
        self.outcome: Outcome | None = None
        self.detail = ""
        self.leaked = ""

    @property
    def name(self) -> str:
        """The program's name."""
        return self._program.name

    def take(self, message: Message) -> None:
        """Takes one message; a ProtocolError tells which rule it breaks."""
        match message:
            case Hello():
                raise ProtocolError("a recorder said hello in the middle of a program", "sequence")
            case Did():
                raise ProtocolError("a step is over that nobody asked for", "sequence")
            case Began(streams=streams):
                self._begin(Translator(streams))
            case Ended():
                self._must_have_begun("ended")
                self.outcome = Outcome.COMPLETE
            case Unsupported(what=what):
                if self._translator is not None:
                    raise ProtocolError("unsupported after began: say it instead", "sequence")
                self.outcome, self.detail = Outcome.UNSUPPORTED, ", ".join(what)
            case Failed(error=error):
                self.end(Outcome.FAILED, error)
            case _:
                self._observe(message)

    def end(self, outcome: Outcome, detail: str, peer: str | None = None) -> None:
        """Ends the recording before its time, with a mark that says why, and of which peer."""
        self.outcome, self.detail = outcome, detail
        if not self.lines:
            self._tell(self._header)
        self._mark(detail, _TROUBLES[outcome], peer)

    def leak(self, told: str, peer: str | None = None) -> None:
        """Ends a whole recording with the mark that the stack's memory has grown."""
        self.leaked = told
        self._mark(told, "leaked", peer)

    def recording(self) -> Recording:
        """What was recorded."""
        outcome = self.outcome or Outcome.FAILED
        return Recording(self._program, tuple(self.lines), outcome, self.detail, self.leaked)

    def _begin(self, translator: Translator) -> None:
        if self._translator is not None:
            raise ProtocolError("a program began twice", "sequence")
        self._translator = translator
        self._tell(self._header)

    def _must_have_begun(self, kind: str) -> Translator:
        if self._translator is None:
            raise ProtocolError(f"{kind} before began", "sequence")
        return self._translator

    def _observe(self, message: AnyObservation) -> None:
        translator = self._must_have_begun(str(message.__struct_config__.tag))
        if isinstance(message, Mark) and message.trouble is not None:
            raise ProtocolError("field `trouble`: it is for whoever writes the trace", "form")
        if self._ledger.n >= self._most:
            raise ProtocolError(f"more than {self._most} observations of one program", "flood")
        for line in translator.lines(message):
            self._admit(line)
            self._tell(line)

    def _admit(self, line: Line) -> None:
        try:
            match line:
                case Header():
                    return
                case Sdp():
                    self._ledger.admit_text(line)
                case _:
                    self._ledger.admit(Said(line), line.n, line.t)
                    self._times[line.peer] = max(line.t, self._times[line.peer])
        except RefusedError as refused:
            about = {"n": "numbers", "t": "times", "peer": "peers"}.get(
                refused.field or "", "calls"
            )
            raise ProtocolError(f"field `{refused.field}`: {refused.message}", about) from refused

    def _mark(self, text: str, trouble: Trouble, peer: str | None = None) -> None:
        peer = peer or self._program.peers[0]
        n, t = self._ledger.n + 1, self._times[peer]
        self._tell(Mark(n=n, t=t, peer=peer, text=text, trouble=trouble))

    def _tell(self, line: Line) -> None:
        self.lines.append(line)
        if self._out is not None:
            self._out(self._program, line)
