"""The part of RTCPeerConnection in asyncio that a minimal adapter needs, of no stack at all."""

# ruff: noqa: N802 - the names are the specification's

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


class Description(NamedTuple):
    type: str
    sdp: str


class RTCPeerConnection:
    def __init__(self) -> None:
        self.signalingState = "stable"
        self.localDescription: Description | None = None
        self._listeners: list[Callable[[], None]] = []

    def on(self, event: str, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def remove_all_listeners(self) -> None:
        self._listeners.clear()

    async def _become(self, state: str) -> None:
        await asyncio.sleep(0)
        self.signalingState = state
        for listener in self._listeners:
            listener()

    def addTransceiver(self, kind: str) -> None:
        if kind not in ("audio", "video"):
            raise TypeError(f"{kind} is no kind")

    async def setLocalDescription(self, description: Any = None) -> None:
        is_answer = self.signalingState == "have-remote-offer"
        self.localDescription = Description("answer" if is_answer else "offer", SDP)
        await self._become("stable" if is_answer else "have-local-offer")

    async def setRemoteDescription(self, description: Description) -> None:
        await self._become("have-remote-offer" if description.type == "offer" else "stable")

    async def createOffer(self) -> Description:
        return Description("offer", SDP)

    async def createAnswer(self) -> Description:
        if self.signalingState != "have-remote-offer":
            raise RuntimeError("no offer")
        return Description("answer", SDP)

    def close(self) -> None:
        self.signalingState = "closed"
