"""The replay of a trace in a terminal: `negotiation replay TRACE --interactive`.

What is shown and how one moves through it (`rows`, `view`, `lines`, `details`) knows nothing of
Textual, which draws it (`app` and the screens); it is imported when a replay is opened.
"""

from __future__ import annotations

from ..errors import MissingExtraError
from .opening import Opened, Opening

__all__ = ["Opened", "Opening", "show"]


def show(opening: Opening, *, begin: int | None = None, peer: str | None = None) -> None:
    """Show the replay that `opening` makes until it is left, from the line `begin`, of one peer.

    Raises:
        MissingExtraError: Textual is not installed.
        NegotiationError: what the opening raises.
    """
    try:
        from .app import ReplayApp
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("textual", "rich"):
            raise
        raise MissingExtraError("the replay in a terminal", "terminal") from None
    ReplayApp(opening, begin=begin, peer=peer).show()
