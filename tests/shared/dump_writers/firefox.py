"""Recordings of the model as Firefox's about:webrtc would have told them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from negotiation.conformance.traces.format import (
    AnyObservation,
    Call,
    DescriptionRef,
    Line,
    Observation,
    Reject,
    Resolve,
    Sdp,
    Send,
)

METHODS = ("setLocalDescription", "setRemoteDescription")
BEGUN = 1_700_000_000_000.0


class Set(msgspec.Struct, frozen=True):
    """What Firefox's native part was given; `type` is what it leaves out."""

    time: float
    is_local: bool
    sdp: str
    type: str


def sets_of(lines: Iterable[Line]) -> dict[str, list[Set]]:
    """Of each peer, the descriptions that reached Firefox's native part, implicit rollbacks too."""
    told: dict[str, _Peer] = {}
    texts: dict[str, str] = dict(UNSEEN)
    for line in lines:
        if isinstance(line, Sdp):
            texts[line.id] = line.text
        elif isinstance(line, Observation):
            told.setdefault(line.peer, _Peer(texts)).takes(line)
    return {peer: one.sets for peer, one in told.items()}


SECTION = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
UNSEEN = {"offer": f"{SECTION}a=setup:actpass\r\n", "answer": f"{SECTION}a=setup:active\r\n"}
"""Texts that the model made without anybody seeing them."""


class _Peer:
    """What was set on one connection; settlements come in the order of the operations chain."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.sets: list[Set] = []
        self._texts = texts
        self._calls: dict[int, Call] = {}
        self._state = "stable"

    def takes(self, one: AnyObservation) -> None:
        if isinstance(one, Call) and one.method in METHODS:
            self._calls[one.id] = one
        elif isinstance(one, Resolve | Reject) and one.call in self._calls:
            self._settled(self._calls[one.call], one)
        elif isinstance(one, Send) and one.description and one.description.sdp:
            self._sent(self._texts[one.description.sdp])

    def _sent(self, text: str) -> None:
        """What was sent is what was set last, where nobody has seen that."""
        local = [at for at, each in enumerate(self.sets) if each.is_local and each.sdp]
        if local and self.sets[local[-1]].sdp in UNSEEN.values():
            self.sets[local[-1]] = msgspec.structs.replace(self.sets[local[-1]], sdp=text)

    def _settled(self, call: Call, end: Resolve | Reject) -> None:
        given = call.args.description
        if isinstance(end, Resolve) and call.method == "setLocalDescription":
            given = given or end.description or _unseen(end)
        # What has no text was refused before; Firefox refuses provisional answers, too.
        if given is None or given.type in (None, "pranswer"):
            return
        if given.sdp is None and given.type != "rollback":
            return
        self._set(call, given, isinstance(end, Resolve))

    def _set(self, call: Call, given: DescriptionRef, is_applied: bool) -> None:
        is_local, type = call.method == "setLocalDescription", str(given.type)
        if not is_local and type == "offer" and self._state == "have-local-offer":
            self.sets.append(Set(call.t, True, "", "rollback"))
            self._state = "stable"
        text = self._texts[given.sdp] if given.sdp is not None and type != "rollback" else ""
        self.sets.append(Set(call.t, is_local, text, type))
        if is_applied:
            side = "local" if is_local else "remote"
            self._state = f"have-{side}-offer" if type == "offer" else "stable"


def _unseen(end: Resolve) -> DescriptionRef | None:
    """What an implicit description was, by the attributes that could be read after it."""
    read = end.state.descriptions if end.state is not None else None
    if read is None:
        return None
    type = read.pendingLocal or read.currentLocal
    return None if type is None else DescriptionRef(type, type)


def report(lines: Iterable[Line]) -> bytes:
    """All connections, as WebrtcGlobalInformation tells them, with statistics around."""
    reports = [_report(peer, sets) for peer, sets in sets_of(lines).items()]
    return json.dumps({"reports": reports, "sdpHistories": []}).encode()


def pcid(peer: str) -> str:
    return f"{{{peer}-1}} 1700000000000000 (id=12884901890 url=https://app.example/room)"


def _report(peer: str, sets: list[Set]) -> dict[str, Any]:
    return {
        "codecStats": [{"id": "c", "timestamp": BEGUN, "clockRate": 90000}],
        "iceCandidatePairStats": [],
        "browserId": 9,
        "closed": True,
        "configuration": {"iceServers": [], "peerIdentityProvided": False},
        "offerer": False,
        "pcid": pcid(peer),
        "sdpHistory": [
            {"errors": [], "isLocal": one.is_local, "sdp": one.sdp, "timestamp": BEGUN + at}
            for at, one in enumerate(sets)
        ],
        "timestamp": BEGUN + 60_000,
    }


def page(lines: Iterable[Line]) -> bytes:
    """All connections, as a page that was saved, in a language that nobody knows."""
    told = "".join(_connection(peer, sets) for peer, sets in sets_of(lines).items())
    return f'<div id="content"><div data-l10n-id="about-webrtc-x">Xy</div>{told}</div>'.encode()


def _connection(peer: str, sets: list[Set]) -> str:
    id = html.escape(pcid(peer))
    now = html.escape('{"browser-id":9,"now":"2023-11-14T22:13:59.000Z"}')
    closed = "about-webrtc-connection-closed"
    heading = f'<span data-l10n-id="{closed}" data-l10n-args="{now}">X</span>'
    columns = (
        f'<div><h4 data-l10n-id="about-webrtc-{side}-sdp-heading">X</h4>{_told(mine)}</div>'
        for side, mine in (
            ("local", [(at, one) for at, one in enumerate(sets) if one.is_local]),
            ("remote", [(at, one) for at, one in enumerate(sets) if not one.is_local]),
        )
    )
    return (
        f'<div class="peer-connection"><div id="pc-heading: {id}"><h3>{heading}</h3></div>'
        f'<div class="tab-pane" id="tab_pane_history_{id}"><div></div>'
        f'<div class="sdp-history">{"".join(columns)}</div></div></div>'
    )


def _told(sets: list[tuple[int, Set]]) -> str:
    return "".join(_each_told(sets))


def _each_told(sets: list[tuple[int, Set]]) -> Iterator[str]:
    for at, one in sets:
        arguments = html.escape(json.dumps({"timestamp": BEGUN + at, "relative-timestamp": at}))
        text = html.escape(one.sdp.replace("\r\n", "\n"))
        yield f'<h5 data-l10n-args="{arguments}">X {BEGUN + at:,}</h5><pre>{text}</pre>'
