// A candidate is refused with an InvalidStateError where there is no remote description.
//
// addIceCandidate, 4.2.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  const added = pc.addIceCandidate({candidate, sdpMid: "0"});
  const told = await added.then(() => "resolves", (error) => error.name);
  pc.close();
  return told;
}
