"""Where an observation comes from: the row before it that it answers, or whose text it takes."""

from __future__ import annotations

from ...traces import format

_ENDS = (format.Return, format.Throw, format.Resolve, format.Reject)


class Origins:
    """Takes all observations in their order."""

    def __init__(self) -> None:
        self._calls: dict[int, int] = {}
        self._messages: dict[str, int] = {}
        self._texts: dict[str, tuple[str, int]] = {}
        self._carried: dict[str, str] = {}
        self._received: dict[tuple[str, str], int] = {}

    def of(self, row: int, one: format.AnyObservation) -> int | None:
        """The row that it comes from: of its call, of the sending, of the description it is given.

        The latter is the row in which it was received, or else the one in which another peer had
        it, if that was the last to make or set its text.
        """
        match one:
            case format.Call(method="setRemoteDescription"):
                self._calls[one.id] = row
                return self._taken(one)
            case format.Call():
                self._calls[one.id] = row
                self._have(row, one.peer, one.args.description)
            case format.Return() | format.Throw() | format.Reject():
                return self._calls.get(one.call)
            case format.Resolve():
                self._have(row, one.peer, one.description)
                return self._calls.get(one.call)
            case format.Send():
                self._messages[one.message] = row
                self._carry(one.message, one.description)
            case format.Receive():
                self._carry(one.message, one.description)
                self._received[one.peer, self._carried.get(one.message, "")] = row
                return self._messages.get(one.message)
        return None

    def _have(self, row: int, peer: str, description: format.DescriptionRef | None) -> None:
        if description is not None and description.sdp is not None:
            self._texts[description.sdp] = (peer, row)

    def _carry(self, message: str, description: format.DescriptionRef | None) -> None:
        if description is not None and description.sdp is not None:
            self._carried[message] = description.sdp

    def _taken(self, call: format.Call) -> int | None:
        description = call.args.description
        if description is None or description.sdp is None:
            return None
        received = self._received.get((call.peer, description.sdp))
        if received is not None:
            return received
        peer, row = self._texts.get(description.sdp, (call.peer, -1))
        return None if peer == call.peer else row
