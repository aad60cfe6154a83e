"""The shim's text, with options of its own where they are asked for."""

from __future__ import annotations

from importlib.resources import files

import msgspec

OPTIONS = "negotiationShimOptions"
"""The page's global variable that the shim reads its options from."""


class ShimOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the shim records, and how much of it.

    `observations` bounds a page's recording, `characters` its session descriptions: then it is cut.
    `transceivers` and `descriptions` tell whether these are read with each observation. `socket`
    is the address of a WebSocket that is sent each line.
    """

    observations: int = 20_000
    characters: int = 16 * 1024 * 1024
    transceivers: bool = True
    descriptions: bool = True
    socket: str | None = None


def shim(options: ShimOptions | None = None) -> str:
    """The script, to be run in a page before any script of the page's own."""
    text = files(__package__).joinpath("negotiation-shim.js").read_text(encoding="utf-8")
    told = b"{}" if options is None else msgspec.json.encode(options)
    if told == b"{}":
        return text
    # The text may stand in an HTML page: no address ends the script element.
    written = told.decode().replace("<", "\\u003c")
    return f"window.{OPTIONS} = Object.assign({written}, window.{OPTIONS});\n{text}"
