"""Recordings written by hand, as somebody would who has only read traces/README.md."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker

Section = tuple[str, str, str]
"""Kind, mid and direction; the direction "rejected" is port 0."""

OFFERED = {"pendingLocal": "offer"}
OFFERED_THERE = {"pendingRemote": "offer"}
ANSWERED_THERE = {"currentLocal": "offer", "currentRemote": "answer"}


def sdp(*sections: Section, user: str = "aaaa", bundle: Sequence[str] | None = None) -> str:
    """A text with these m-sections; all that are not rejected are bundled, if nothing is said."""
    alive = [mid for _, mid, direction in sections if direction != "rejected"]
    mids = alive if bundle is None else bundle
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"]
    lines += [f"a=group:BUNDLE {' '.join(mids)}"] if mids else []
    for kind, mid, direction in sections:
        rejected = direction == "rejected"
        payload, codec = ("111", "opus/48000/2") if kind == "audio" else ("96", "VP8/90000")
        lines += [
            f"m={kind} {0 if rejected else 9} UDP/TLS/RTP/SAVPF {payload}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            f"a=ice-ufrag:{user}",
            f"a=ice-pwd:{user * 6}",
            f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}",
            "a=setup:actpass",
            "a=rtcp-mux",
            f"a={'inactive' if rejected else direction}",
            f"a=rtpmap:{payload} {codec}",
        ]
    return "".join(f"{line}\r\n" for line in lines)


class ByHand:
    """One peer, `A`, and what was seen of it, line by line."""

    def __init__(self) -> None:
        peer = {"stack": {"name": "stranger"}, "recorder": "by hand", "configuration": {}}
        self.lines: list[dict[str, Any]] = [
            {
                "kind": "header",
                "format": "negotiation-trace",
                "version": 1,
                "date": "2026-11-27",
                "peers": {"A": peer},
            }
        ]
        self.state = "stable"
        self.transceivers: dict[str, dict[str, str]] = {}
        self.descriptions: Mapping[str, str] = {}
        self.within: str | None = None
        self._n = self._task = self._calls = 0
        self._texts: dict[str, str] = {}

    def task(self) -> ByHand:
        """What follows is in a new task."""
        self._task += 1
        return self

    def call(
        self,
        method: str,
        *,
        returns: str | None = None,
        then: str | None = None,
        returned: str | None = None,
        throws: str | None = None,
        description: tuple[str, str | None] | None = None,
        **arguments: object,
    ) -> int:
        """A call that returns at once, or `throws`; `then` is the state that it leaves.

        `returns` names the new transceiver, of the kind in the arguments, `returned` one that is
        known.
        """
        if description is not None:
            arguments["description"] = self._description(*description)
        self._calls += 1
        id = self._calls
        self._line("call", read=False, id=id, method=method, args=arguments)
        if returns is not None:
            kind = str(arguments["kind"])
            self.transceivers[returns] = {"kind": kind, "direction": "sendrecv"}
        self.state = then or self.state
        if throws is not None:
            self._line("throw", call=id, error=throws)
        else:
            self._line("return", call=id, value=returns or returned)
        return id

    def resolve(self, call: int, *description: str) -> None:
        told = self._description(*description) if description else None
        self._line("resolve", call=call, description=told)

    def reject(self, call: int, error: str) -> None:
        self._line("reject", call=call, error=error)

    def event(
        self, name: str, transceiver: str | None = None, streams: Sequence[str] | None = None
    ) -> None:
        self._line("event", name=name, transceiver=transceiver, streams=streams)

    def idle(self, *pending: int) -> None:
        self._line("idle", quiet=300, turns=40, canary=True, pending=list(pending))

    def added(self, id: str, kind: str, *, fires: bool = True) -> ByHand:
        """addTransceiver in a task of its own, and its event."""
        self.task().call("addTransceiver", returns=id, kind=kind)
        if fires:
            self.task().event("negotiationneeded")
        return self

    def created(self, type: str, text: str) -> ByHand:
        call = self.task().call(f"create{type.capitalize()}")
        self.task().resolve(call, type, text)
        return self

    def applied(self, state: str, descriptions: Mapping[str, str], **mids: str) -> None:
        """What can be read once a description was applied."""
        self.state, self.descriptions = state, descriptions
        for id, mid in mids.items():
            self.transceivers[id]["mid"] = mid

    def found(self, folder: Path) -> list[tuple[str, str]]:
        """What the checker finds: ids and messages, in the order of the lines."""
        return [(one.id, one.message) for one in self.findings(folder)]

    def findings(self, folder: Path) -> tuple[Finding, ...]:
        """What the checker finds, in the order of the lines."""
        file = folder / "by-hand.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in self.lines))
        verdict = Checker().judge(str(file))
        assert verdict.error is None
        return verdict.findings

    def _description(self, type: str, text: str | None = None) -> dict[str, str]:
        if text is None:
            return {"type": type}
        if text not in self._texts:
            self._texts[text] = f"s{len(self._texts) + 1}"
            self.lines.append({"kind": "sdp", "id": self._texts[text], "text": text})
        return {"type": type, "sdp": self._texts[text]}

    def _line(self, kind: str, *, read: bool = True, **members: object) -> None:
        self._n += 1
        line: dict[str, Any] = {"kind": kind, "n": self._n, "t": self._n, "peer": "A"}
        if self._task and kind != "idle":
            line["task"] = self._task
        if self.within is not None:
            line["within"] = self.within
        if read:
            transceivers = [{"id": id, **one} for id, one in self.transceivers.items()]
            line["state"] = {
                "signalingState": self.state,
                "transceivers": transceivers,
                "descriptions": dict(self.descriptions),
            }
        self.lines.append(line | members)
