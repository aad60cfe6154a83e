"""What WebIDL refuses before any step runs: what no member can have, and what must be there.

Its TypeError comes before everything that a method looks at, [[IsClosed]] too.
"""

from __future__ import annotations

from .labels import Channel, Configuration

SHORT = range(0x10000)
"""[EnforceRange] unsigned short."""

OCTET = range(0x100)
"""[EnforceRange] octet."""

BUNDLE_POLICIES = frozenset({"balanced", "max-compat", "max-bundle"})
RTCP_MUX_POLICIES = frozenset({"require"})
TRANSPORT_POLICIES = frozenset({"relay", "all"})


def is_channel_converted(channel: Channel) -> bool:
    """Whether createDataChannel's options are an RTCDataChannelInit."""
    numbers = (channel.id, channel.max_packet_life_time, channel.max_retransmits)
    return all(number is None or number in SHORT for number in numbers)


def is_configuration_converted(configuration: Configuration) -> bool:
    """Whether setConfiguration's argument is an RTCConfiguration."""
    return (
        configuration.bundle_policy in BUNDLE_POLICIES
        and configuration.rtcp_mux_policy in RTCP_MUX_POLICIES
        and configuration.ice_transport_policy in TRANSPORT_POLICIES
        and configuration.ice_candidate_pool_size in OCTET
        and all(server.urls is not None for server in configuration.ice_servers)
    )
