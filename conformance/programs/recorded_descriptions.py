"""Where the descriptions of a recording came from: calls of its peers, or from elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from msgspec.structs import replace

from negotiation.conformance.traces import format

from .language import DescriptionSource

_CREATED = {"createOffer": "lastOffer", "createAnswer": "lastAnswer"}


class Found(msgspec.Struct, frozen=True):
    """The source of a description; None: no description.

    `call` is the one that resolved with it, `producer` the script that has to be over before. A
    `note` says in what it may be another one.
    """

    source: DescriptionSource | None = None
    call: int | None = None
    producer: Any = None
    note: str = ""


class _Known(msgspec.Struct, frozen=True):
    """A text that a peer made: what its call resolved with, or its localDescription then."""

    peer: str
    call: int
    method: str
    type: str | None
    session: str


class Descriptions:
    """The descriptions of a recording, by their texts; of peers seen `whole`, none is untold."""

    def __init__(self, sdps: dict[str, format.Sdp], whole: Collection[str]) -> None:
        self._sdps = sdps
        self._whole = whole
        self._made: dict[str, _Known] = {}
        self._local: dict[str, _Known] = {}
        self._last: dict[str, _Known] = {}
        self._messages: dict[str, tuple[format.DescriptionRef | None, Any]] = {}
        self._arrived: dict[str, list[str]] = {}

    def resolved(self, peer: str, call: int, method: str, reference: format.DescriptionRef) -> None:
        """A call resolved with the description, or left it as the localDescription."""
        session = "" if reference.sdp is None else self._session(reference.sdp)
        known = _Known(peer, call, method, reference.type, session)
        if method in _CREATED:
            self._last[peer] = known
            if reference.sdp is not None:
                self._made.setdefault(reference.sdp, known)
        elif method == "setLocalDescription":
            self._local[peer] = known

    def sent(self, message: str, reference: format.DescriptionRef | None, script: Any) -> None:
        """A message was sent, by that script."""
        self._messages[message] = (reference, script)

    def sender(self, message: str) -> Any:
        """The script that sent the message."""
        return self._messages[message][1]

    def received(self, peer: str, message: str) -> bool:
        """A message arrived; False: nobody sent it."""
        self._arrived.setdefault(peer, []).append(message)
        return message in self._messages

    def find(self, peer: str, method: str, reference: format.DescriptionRef) -> Found | None:
        """The source of the description that a call is given; None: there is no telling."""
        if reference.sdp is None:
            return self._without_text(peer, method, reference)
        found = self._created(peer, method, reference) if method != "send" else None
        return (
            found
            or self._of_message(peer, method, reference)
            or self._made_by(reference)
            or self._local_of(peer, method, reference)
            or self._written_out(reference)
        )

    def _created(self, peer: str, method: str, reference: format.DescriptionRef) -> Found | None:
        known = self._made.get(reference.sdp or "")
        if known is None or method != "setLocalDescription" or known.peer != peer:
            return None
        return self._result(known, reference)

    def _made_by(self, reference: format.DescriptionRef) -> Found | None:
        known = self._made.get(reference.sdp or "")
        return None if known is None else self._result(known, reference)

    def _result(self, known: _Known, reference: format.DescriptionRef) -> Found:
        type: Any = None if reference.type == known.type else reference.type
        source = DescriptionSource(type=type, result=f"call-{known.call}")
        return Found(source, call=known.call)

    def _of_message(self, peer: str, method: str, reference: format.DescriptionRef) -> Found | None:
        if method != "setRemoteDescription":
            return None
        for message in reversed(self._arrived.get(peer, [])):
            sent, script = self._messages.get(message, (None, None))
            if sent is not None and sent.sdp == reference.sdp:
                type: Any = None if reference.type == sent.type else reference.type
                return Found(DescriptionSource(type=type, message=message), producer=script)
        return None

    def _local_of(self, peer: str, method: str, reference: format.DescriptionRef) -> Found | None:
        """A peer's localDescription of this moment; candidates may have been added to its text."""
        session = self._session(reference.sdp or "")
        for other, known in self._local.items():
            is_own = other == peer
            fits = bool(session) and known.session == session
            fits = fits or (is_own and not known.session and known.type in (None, reference.type))
            if fits and is_own == (method in ("send", "setLocalDescription")):
                type: Any = None if reference.type == known.type else reference.type
                source = DescriptionSource(type=type, of=(other, "localDescription"))
                return Found(source, call=known.call)
        return None

    def _written_out(self, reference: format.DescriptionRef) -> Found:
        type: Any = reference.type
        return Found(DescriptionSource(type=type, sdp=self._sdps[reference.sdp or ""].text))

    def _without_text(
        self, peer: str, method: str, reference: format.DescriptionRef
    ) -> Found | None:
        type: Any = reference.type
        if type == "rollback" or type is None:
            return Found(DescriptionSource(type=type))
        note = "the recording has no text; what was created last is taken for it"
        if method != "setRemoteDescription":
            known = self._last.get(peer)
            if known is not None and known.type == type:
                return replace(self._result(known, reference), note=note)
            return Found(DescriptionSource(type=type))
        if peer in self._whole:
            return Found(DescriptionSource(type=type))
        for other, known in self._local.items():
            if other != peer and known.type == type:
                source = DescriptionSource(of=(other, "localDescription"))
                return Found(source, call=known.call, note=note)
        return None

    def _session(self, id: str) -> str:
        """The o= line of a text: which session it describes, and in which version."""
        sdp = self._sdps.get(id)
        lines = [] if sdp is None else sdp.text.splitlines()
        return next((line for line in lines if line.startswith("o=")), "")
