// A candidate's sdpMLineIndex is ignored where there is an sdpMid.
//
// addIceCandidate, 4.2 and 4.3: sdpMLineIndex is looked at only if sdpMid is null.
export const specified = "it resolves";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offer);
  const [, sdpMid] = /^a=mid:(\S+)/m.exec(offer.sdp);
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  return pc.addIceCandidate({ candidate, sdpMid, sdpMLineIndex: 7 }).then(
    () => "it resolves",
    (error) => error.name,
  );
}
