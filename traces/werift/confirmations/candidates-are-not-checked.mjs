// A candidate without sdpMid and sdpMLineIndex is refused.
//
// addIceCandidate, 3: if both are null, reject with a TypeError.
export const specified = "TypeError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  const added = pc.addIceCandidate({candidate, sdpMid: null, sdpMLineIndex: null});
  const told = await added.then(() => "resolves", (error) => error.name);
  await pc.close();
  return told;
}
