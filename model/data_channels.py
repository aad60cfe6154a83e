"""Data channels: what refuses them, and which ids can be known to be in use.

Channels are counted, and the ids that the application has chosen are remembered. Ids that the user
agent gives once data was answered, channels that the other end opens, and those that either end
closes, are not seen: a freedom.
"""

from __future__ import annotations

from .enums import SdpType
from .labels import Channel
from .source import effect, guard, value
from .state import Connection, replace
from .transceivers import Transceivers

DATA_CHANNEL = "#dom-rtcpeerconnection-createdatachannel"

LONGEST_LABEL = 65535
LARGEST_ID = 65534


class DataChannels(Transceivers):
    """The rules of data channels."""

    @guard(DATA_CHANNEL, "20")
    def is_first_channel(self, connection: Connection) -> bool:
        """Only the first data channel updates the flag."""
        return connection.channels == 0

    @guard(DATA_CHANNEL, "18, 19")
    def may_channel_fail(self, connection: Connection) -> bool:
        """Once data was answered, ids may be in use, or too large, that nobody tells (a freedom).

        Channels of this end were given ids, the other end may have opened and closed some, and the
        association may have fewer streams.
        """
        return connection.has_answered_data and self.has_freedom("data-channel-ids")

    @value(DATA_CHANNEL, "5, 13, 14, 15, 17, 18")
    def data_channel_error(self, connection: Connection, channel: Channel) -> str | None:
        """The error of the arguments, in the text's order."""
        id = channel.id if channel.negotiated else None
        both = channel.max_packet_life_time is not None and channel.max_retransmits is not None
        if channel.label_bytes > LONGEST_LABEL or (channel.negotiated and id is None) or both:
            return "TypeError"
        if id is not None and id > LARGEST_ID:
            return "TypeError"
        return "OperationError" if id in connection.channel_ids else None

    @effect("#set-description", "4.6.10, 4.6.10.2, 4.6.10.2.1")
    def note_data_channel_ids(self, connection: Connection) -> Connection:
        """Where data is told and an answer has told the DTLS role, channels are given ids."""
        described = [one for one in connection.described() if one is not None]
        answered = any(one.type is not SdpType.OFFER for one in described)
        has_data = any(one.has_data for one in described)
        noted = connection.has_answered_data or (answered and has_data)
        return replace(connection, has_answered_data=noted)
