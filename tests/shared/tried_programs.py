"""Small programs that tests make up, and parts of them."""

from __future__ import annotations

from typing import Any

import msgspec

from negotiation.conformance.programs.language import Program

Script = list[dict[str, Any]]

AUDIO: Script = [{"kind": "audio"}]
ADDS: dict[str, Any] = {"call": "addTransceiver", "args": {"kind": "audio"}}
RESTARTS: dict[str, Any] = {"call": "restartIce"}
SETS: dict[str, Any] = {"call": "setLocalDescription", "wait": True}


def with_steps(*steps: dict[str, Any], **more: Any) -> Program:
    """A program with these steps; `more` are other fields of it."""
    plain = {"format": "negotiation-program", "version": 1, "name": "p", "about": "tried"}
    plain |= {"rule": "#set-description", "area": "tried"}
    return msgspec.convert({**plain, "steps": steps, **more}, Program)


def program(*scripts: tuple[str, Script] | Script, handlers: Script | None = None) -> Program:
    """Scripts one after the other, each until it is quiet; whose it is may be told, else A's."""
    told = [one if isinstance(one, tuple) else ("A", one) for one in scripts]
    steps = [one for peer, do in told for one in ({"peer": peer, "do": do}, {"settle": True})]
    return with_steps(*steps, peers=sorted({peer for peer, _ in told}), handlers=handlers or [])


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
