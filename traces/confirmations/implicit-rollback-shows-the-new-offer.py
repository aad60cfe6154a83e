"""The first event of an implicit rollback shows the rollback only.

#dom-rtcpeerconnection-setremotedescription, 3.1: the local offer is rolled back first, and then
the remote offer is set: two runs of #set-description, each with its own task (4.6). When the
first one fires signalingstatechange (4.6.15), the second has not begun.
"""

import webrtc

SPECIFIED = (
    "stable: pendingRemoteDescription null, 1 transceiver; "
    "have-remote-offer: pendingRemoteDescription offer, 2 transceivers"
)


async def seen() -> str:
    """What can be read in both events."""
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    pc = webrtc.RTCPeerConnection()
    told = []
    pc.add_transceiver("audio")
    await pc.set_local_description()

    def read(_: webrtc.Event) -> None:
        count = len(pc.get_transceivers())
        pending = pc.pending_remote_description
        told.append(
            f"{pc.signaling_state.value}: pendingRemoteDescription "
            f"{pending.type.value if pending else 'null'}, "
            f"{count} transceiver{'' if count == 1 else 's'}"
        )

    pc.on("signalingstatechange", read)
    await pc.set_remote_description(await remote.create_offer())
    return "; ".join(told)
