"""What an RFC excludes from a text, and deployed stacks take: it may be applied, or refused.

RFC 9429 (jsep:5.8) has each line parsed by its grammar, and one that is not of it MUST be refused.
The grammar of a=ice-ufrag and a=ice-pwd (RFC 8839, section "ice-ufrag and ice-pwd Attributes") has
letters, digits, "+" and "/". Libwebrtc takes "-", "_", "=" and "#" too, until others have upgraded,
and Chromium refuses the rest as content (InvalidAccessError), not as syntax; others do not look.

RFC 5761 (section "Distinguishable RTP and RTCP Packets") says that the payload types from 64 to 95
MUST NOT be used where RTCP is multiplexed. JSEP checks no such thing; but "if any parameters are
out of bounds" when a description is applied (jsep:5.9, jsep:5.10), that is an error. Chromium
refuses them as content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ICE_CHARACTERS = re.compile("[A-Za-z0-9+/]*")
_RTCP_TYPES = range(64, 96)


def has_odd_characters(credentials: Iterable[str]) -> bool:
    """Whether ICE credentials have characters that their grammar has not."""
    return not all(map(_ICE_CHARACTERS.fullmatch, credentials))


def type_of_rtcp(formats: Iterable[str]) -> str | None:
    """The first of the RTP payload types that cannot be told from RTCP's packet types."""
    return next((one for one in formats if int(one) in _RTCP_TYPES), None)
