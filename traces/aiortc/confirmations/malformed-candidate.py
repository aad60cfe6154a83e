"""A candidate that cannot be parsed is refused with OperationError.

#dom-peerconnection-addicecandidate: if candidate could not be successfully added, reject with a
newly created OperationError. An application parses the line with aiortc's own candidate_from_sdp.
"""

from aiortc.sdp import candidate_from_sdp

SPECIFIED = "OperationError"


async def seen() -> str:
    """The error of parsing nonsense."""
    try:
        candidate_from_sdp("nonsense")
    except Exception as error:
        return type(error).__name__
    return "no error"
