"""From a finding to its witness: which line of a log shows it, and what is allowed there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from negotiation.conformance.checking.diagnosis import Diagnostician
from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.frontier import Frontier, Frontiers
from negotiation.conformance.checking.judging import Pass
from negotiation.conformance.checking.matching import is_about, payload_objection
from negotiation.conformance.checking.peers import Moment
from negotiation.conformance.checking.seen import Made, Quiet, Told
from negotiation.conformance.checking.words import label_in_words
from negotiation.conformance.errors import UsageError
from negotiation.conformance.traces import format
from negotiation.model import Connection, Event, Output

from .aspects import Read, UnreadableError, aspects_of
from .witnesses import Count, Outcome, Reading, Witness
from .wording import Line, Wording

_OF_OUTCOMES = re.compile(r"(OP|CALL)-(ACCEPTED|REJECTED|ERROR|AFTER-CLOSE)")
_OF_READINGS = {"TRANSCEIVER-STATE", "DESCRIPTION-STATE", "SDP-SHAPE", "STATE-WRONG"}
_MISSING = ("must come before it", "still to come", "should have come before line")
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

    def _missing(self) -> Witness:
        line = self.wording.line(self.finding.line)
        if self.finding.after is not None:
            text = self.wording.opening(self.told)
            until = self.wording.line(self.finding.after)
            before = self.wording.count(text, self.finding.peer, self.finding.after)
            return Count(text, until, "least", before + 1)
        label = self._first_missing()
        text = self._opening_of(label)
        before = self.wording.count(text, self.finding.peer, self.finding.line)
        return Count(text, line, "least", before + 1)

    def _first_missing(self) -> Output:
        explained = Diagnostician(self.frontiers, self.closed, self.moment.methods).explain(
            self.seen
        )
        message = self.finding.message.partition(",")[2] or self.finding.message
        told = [(label, label_in_words(label, self.moment.methods)) for label in explained.missing]
        found = [(message.index(words), n) for n, (_, words) in enumerate(told) if words in message]
        if not found:
            raise self._unable("what is missing has no line in the log")
        return told[min(found)[1]][0]

    def _opening_of(self, label: Output) -> str:
        if isinstance(label, Event):
            told = label.name
            if label.transceiver is not None:
                told += f" of transceiver {label.transceiver.removeprefix('t')}"
            return self.wording.said(self.finding.peer, told)
        method = self.moment.methods.get(label.call, "")
        return f"{self.wording.label(self._pending(method))} "

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
            call = self._pending("setLocalDescription", "setRemoteDescription")
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
        """The refusals that the model has for this call, as far as the finding tells them."""
        method = self._method()
        pattern = re.compile(rf"\b{method} ({refuses} \w+)")
        told = " ".join((self.finding.message.partition(", but ")[2], *self.finding.expected))
        found = dict.fromkeys(pattern.findall(told))
        error = re.search(r"the error is (\w+)", self.finding.message)
        return (f"{refuses} {error[1]}",) if error and not found else tuple(found)

    def _method(self) -> str:
        return (
            self.finding.message.partition(": ")[2].split()[0]
            if isinstance(self.told, format.Event)
            else self.finding.message.split()[0]
        )

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
