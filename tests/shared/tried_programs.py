"""Small programs of one or two peers, for what the second pass finds in what they do."""

from __future__ import annotations

from typing import Any

import msgspec

from negotiation.conformance.programs.language import Program

Script = list[dict[str, Any]]

AUDIO: Script = [{"kind": "audio"}]
ADDS: dict[str, Any] = {"call": "addTransceiver", "args": {"kind": "audio"}}
RESTARTS: dict[str, Any] = {"call": "restartIce"}
SETS: dict[str, Any] = {"call": "setLocalDescription", "wait": True}


def program(*scripts: tuple[str, Script] | Script, handlers: Script | None = None) -> Program:
    """Scripts one after the other, each until it is quiet; whose it is may be told, else A's."""
    told = [one if isinstance(one, tuple) else ("A", one) for one in scripts]
    steps = [one for peer, do in told for one in ({"peer": peer, "do": do}, {"settle": True})]
    given = {
        "format": "negotiation-program",
        "version": 1,
        "name": "tried",
        "about": "tried",
        "rule": "#set-description",
        "area": "tried",
        "peers": sorted({peer for peer, _ in told}),
        "steps": steps,
        "handlers": handlers or [],
    }
    return msgspec.convert(given, Program)


def sets(type: str, sections: Script = AUDIO) -> dict[str, Any]:
    """A remote description with these m-sections is set."""
    described = {"type": type, "sections": sections}
    return {"call": "setRemoteDescription", "description": described, "wait": True}


def creates(name: str, method: str = "createOffer") -> Script:
    """A description is created, and set."""
    return [
        {"call": method, "wait": True, "as": name},
        {"call": "setLocalDescription", "description": {"result": name}, "wait": True},
    ]
