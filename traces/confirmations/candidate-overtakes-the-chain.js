// addIceCandidate waits until the description before it is set.
//
// addIceCandidate, 4: the steps are chained; #dfn-chain, 6 and 7.4.3: they begin when the promise of
// setRemoteDescription has settled.
export const specified = "setRemoteDescription, then addIceCandidate";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const told = [];
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 9 typ host";
  const added = () => told.push("addIceCandidate");
  await Promise.all([
    pc.setRemoteDescription(offer).then(() => told.push("setRemoteDescription")),
    pc.addIceCandidate({ candidate, sdpMLineIndex: 0 }).then(added, added),
  ]);
  return told.join(", then ");
}
