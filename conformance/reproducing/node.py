"""Packages for Node: where their API is not the W3C's."""

# ruff: noqa: D102 - languages.py tells what each method is for

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from .javascript import JavaScript


class Node(JavaScript):
    """A package for Node with the W3C's API."""

    package = ""
    lets_go = False
    target = ""
    chained = "?."  # a method may return no promise
    takes: Sequence[str] = ("RTCPeerConnection", "MediaStream")
    warmed: Sequence[str] = ()  # what a process does once, and takes long for


class Roamhq(Node):
    """libwebrtc for Node."""

    package = "@roamhq/wrtc"
    takes = ("RTCPeerConnection", "MediaStream", "nonstandard")

    def track(self, kind: str) -> str:
        return f"new nonstandard.RTC{kind.capitalize()}Source().createTrack()"


class Werift(Node):
    """werift: its own events come first, and setStreams takes a list."""

    package = "werift"
    takes = ("RTCPeerConnection", "MediaStream", "MediaStreamTrack")
    warmed = (
        "// The first connection of a process waits for its certificate: that is not shown here.",
        "await new RTCPeerConnection({ iceServers: [] }).setLocalDescription();",
    )
    _own: ClassVar[Mapping[str, str]] = {
        "signalingstatechange": "signalingStateChange",
        "negotiationneeded": "onNegotiationneeded",
    }

    def connection(self) -> str:
        return "new RTCPeerConnection({ iceServers: [] })"

    def track(self, kind: str) -> str:
        return f'new MediaStreamTrack({{ kind: "{kind}" }})'

    def set_streams(self, sender: str, streams: Sequence[str]) -> str:
        return f"{sender}.setStreams([{', '.join(streams)}])"

    def observe(self, connection: str, event: str, listener: str) -> str:
        own = self._own.get(event)
        if own is None:
            return super().observe(connection, event, listener)
        return f"{connection}.{own}.subscribe({listener});"
