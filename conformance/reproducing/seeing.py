"""From a finding to its witness: which line of a log shows it, and what is allowed there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.frontier import Frontier, Frontiers
from negotiation.conformance.checking.judging import Pass
from negotiation.conformance.checking.matching import is_about, payload_objection
from negotiation.conformance.checking.peers import Moment
from negotiation.conformance.checking.seen import Made, Quiet, Told
from negotiation.conformance.errors import UsageError
from negotiation.conformance.traces import format
from negotiation.model import Connection, Output, Reject, Throw

from .aspects import Read, UnreadableError, aspects_of
from .witnesses import Count, Outcome, Reading, Survival, Witness
from .wording import Line, Wording, position

_OF_OUTCOMES = re.compile(r"(OP|CALL)-(ACCEPTED|REJECTED|ERROR|AFTER-CLOSE)")
_OF_READINGS = {"TRANSCEIVER-STATE", "DESCRIPTION-STATE", "SDP-SHAPE", "STATE-WRONG"}
_MISSING = ("must come before it", "still to come", "should have come before line")
_FIRST = re.compile(
    r"(?:, but |ahead of its turn: )(.+?)(?:, then .*)? (?:must come before it|is still to come)"
)
_EVENTS = frozenset({"negotiationneeded", "signalingstatechange", "track"})
_CHAINED = frozenset(
    {
        "addIceCandidate",
        "createAnswer",
        "createOffer",
        "replaceTrack",
        "setLocalDescription",
        "setRemoteDescription",
    }
)


def witness_of(finding: Finding, pass_: Pass, wording: Wording) -> Witness:
    """How a script can see what the finding says.

    Raises:
        UsageError: it cannot; the message says why.
    """
    if finding.id in ("STACK-DIED", "STACK-HUNG"):
        return Survival()
    moment = next((one for one in pass_.moments if one.line == finding.line), None)
    if moment is None or not isinstance(moment.seen, Made | Told | Quiet):
        raise UsageError(
            f"{finding.trace}:{finding.line}: {finding.id} is not about something that a script "
            "can compare; take the calls before it for a reproduction by hand"
        )
    frontiers = pass_.peers[finding.peer].frontiers
    return _Seer(finding, moment, frontiers, wording).witness()


class _Seer:
    def __init__(
        self, finding: Finding, moment: Moment, frontiers: Frontiers, wording: Wording
    ) -> None:
        self.finding = finding
        self.moment = moment
        self.frontiers = frontiers
        self.wording = wording
        self.closed: Frontier = frontiers.closure(moment.before)
        self.seen = moment.seen
        self.told = moment.observation

    def witness(self) -> Witness:
        if any(words in self.finding.message for words in _MISSING):
            return self._missing()
        if _OF_OUTCOMES.fullmatch(self.finding.id):
            return self._outcome()
        if self.finding.id == "OP-ORDER":
            return self._ahead()
        if isinstance(self.seen, Told) and self.seen.kind == "event" and self._is_too_many():
            return self._too_many()
        if self.finding.id in _OF_READINGS:
            return self._reading()
        raise self._unable("what it is about is not in a script's log")

    def _unable(self, why: str) -> UsageError:
        where = f"{self.finding.trace}:{self.finding.line}"
        return UsageError(
            f"{where}: {self.finding.id} cannot be shown by a script: {why}; "
            f"`negotiation replay {where}` shows it here"
        )

    def _is_too_many(self) -> bool:
        about_reading = self.finding.id in _OF_READINGS and "fires (" not in self.finding.message
        return not about_reading

    # Something came before it should have, or did not come.

    def _missing(self) -> Count:
        if self.finding.after is not None:
            text = self.wording.opening(self.told)
            until = self.finding.after
        else:
            text = self._opening_of(self._first_missing())
            until = self.finding.line
        before = self.wording.count(text, self.finding.peer, until)
        late = self.finding.after is not None
        return Count(text, self.wording.line(until), "least", before + 1, late=late)

    def _first_missing(self) -> str:
        """What should have come first, in the finding's words."""
        found = _FIRST.search(self.finding.message)
        if found is None:
            raise self._unable("what is missing has no line in the log")
        return found[1]

    def _opening_of(self, words: str) -> str:
        """The line of an event, or of a settlement, whichever it is."""
        event, _, transceiver = words.partition(" of ")
        if event in _EVENTS:
            number = re.match(r"t(\d+)", transceiver)
            about = f" of transceiver {number[1]}" if number else ""
            return self.wording.said(self.finding.peer, f"{event}{about}")
        besides = getattr(self.told, "call", None)
        return f"{self.wording.label(self._pending(words.split()[0], besides=besides))} "

    def _pending(self, *methods: str, besides: int | None = None) -> int:
        """The oldest call of these methods that has not settled."""
        found = [
            call.id for call in self._outstanding() if call.method in methods and call.id != besides
        ]
        if not found:
            raise self._unable(f"no call of {', '.join(methods)} is outstanding there")
        return found[0]

    def _outstanding(self) -> list[format.Call]:
        made: dict[int, format.Call] = {}
        for line, one in self.wording.trace.observations:
            if line >= self.finding.line:
                break
            if one.peer == self.finding.peer and isinstance(one, format.Call):
                made[one.id] = one
            elif isinstance(one, format.Throw | format.Resolve | format.Reject):
                made.pop(one.call, None)
        return list(made.values())

    def _ahead(self) -> Count:
        """A settlement before its turn: that of another operation should have come first."""
        assert isinstance(self.told, format.Resolve | format.Reject)
        first = self._pending(*sorted(_CHAINED), besides=self.told.call)
        return Count(
            f"{self.wording.label(first)} ", self.wording.line(self.finding.line), "least", 1
        )

    # Something came that should not have.

    def _too_many(self) -> Count:
        about = re.search(r"it is about t(\d+)", self.finding.message)
        place = position(getattr(self.told, "transceiver", None), self.told.state)
        if about is not None and int(about[1]) == place:
            raise self._unable("it tells the right place, where another transceiver is")
        text = self.wording.opening(self.told)
        before = self.wording.count(text, self.finding.peer, self.finding.line)
        following = next(
            (
                (line, one)
                for line, one in self.wording.trace.observations
                if line > self.finding.line
                and one.peer == self.finding.peer
                and self.wording.text(one) not in (None, self.wording.text(self.told))
            ),
            None,
        )
        if following is None:
            return Count(text, Line("the end"), "most", before)
        line, one = following
        is_call = isinstance(one, format.Call | format.Return)
        return Count(text, self.wording.line(line), "most", before, until_called=is_call)

    # How a call ended.

    def _outcome(self) -> Outcome:
        told = self.told
        if isinstance(told, format.Event):
            call = self._pending(*_applying(told.state))
            line = self._line_of_outcome(call)
            return Outcome(line, self._errors("rejects with") or ("rejects",))
        assert isinstance(told, format.Return | format.Throw | format.Resolve | format.Reject)
        line = self.wording.line(self.finding.line)
        return Outcome(line, self._specified(told))

    def _line_of_outcome(self, call: int) -> Line:
        for line, one in self.wording.trace.observations:
            if isinstance(one, format.Throw | format.Resolve | format.Reject) and one.call == call:
                return self.wording.line(line)
        return Line(f"{self.wording.label(call)} ")

    def _specified(
        self, told: format.Return | format.Throw | format.Resolve | format.Reject
    ) -> tuple[str, ...]:
        kind = self.finding.id.partition("-")[2]
        promised = isinstance(told, format.Resolve | format.Reject)
        if kind == "AFTER-CLOSE":
            return ("does not settle",)
        if kind == "REJECTED":
            return ("resolves",) if promised else ("returns",)
        refuses = "rejects with" if promised else "throws"
        return self._errors(refuses) or (("rejects",) if promised else ("throws",))

    def _errors(self, refuses: str) -> tuple[str, ...]:
        """The refusals that the model has for this call, as far as they are known."""
        told = f"{self.finding.message.partition(', but ')[2]} {' '.join(self._expected())}"
        error = re.search(r"the error is (\w+)", told)
        found = {error[1]: None} if error else {}
        found |= dict.fromkeys(re.findall(rf"\b{self._method()} {refuses} (\w+)", told))
        if isinstance(self.seen, Told) and self.seen.kind != "event":
            about = (label for label, _ in self._states())
            found |= {one.error: None for one in about if isinstance(one, Reject | Throw)}
            found.pop(self.seen.error or "", None)
        return tuple(f"{refuses} {one}" for one in found)

    def _expected(self) -> tuple[str, ...]:
        """What was expected, where it can only be about this call."""
        outstanding = [one for one in self._outstanding() if one.method == self._method()]
        return self.finding.expected if len(outstanding) == 1 else ()

    def _method(self) -> str:
        """The method of the call that the finding is about."""
        words = self.finding.message
        event, colon, rest = words.partition(": ")
        return (rest if colon and event.split()[0] in _EVENTS else words).split()[0]

    # What could be read.

    def _reading(self) -> Reading:
        states = list(self._states())
        if not states:
            raise self._unable("the model has nothing to read there")
        assert isinstance(self.seen, Told | Quiet)
        read = Read.of_told(self.seen)
        try:
            allowed = [Read.in_state(one, label, read) for label, one in states]
            aspects, specified = aspects_of(self.finding.id, read, allowed)
        except UnreadableError as reason:
            raise self._unable(str(reason)) from None
        return Reading(self.finding.peer, self.wording.line(self.finding.line), aspects, specified)

    def _states(self) -> Iterator[tuple[Output | None, Connection]]:
        """Where the model could be when this is seen, whatever was read."""
        if isinstance(self.seen, Quiet):
            resting = [one for one in self.closed if self.frontiers.is_quiescent(one)]
            yield from ((None, one.connection) for one in resting or self.closed)
            return
        assert isinstance(self.seen, Told)
        about = [
            (label, after.connection)
            for position in sorted(self.closed, key=repr)
            for label, after in self.frontiers.shown_steps(position)
            if is_about(label, self.seen)
        ]
        same = [one for one in about if payload_objection(one[0], self.seen) is None]
        yield from same or about


def _applying(state: format.Reading | None) -> tuple[str, ...]:
    """The methods of which one was applied where this could be read."""
    told = (state.signalingState or "") if state is not None else ""
    for part, method in (("-local-", "setLocalDescription"), ("-remote-", "setRemoteDescription")):
        if part in told:
            return (method,)
    return "setLocalDescription", "setRemoteDescription"
