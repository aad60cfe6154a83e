// getTransceivers() of a closed connection still has its transceivers.
//
// #dfn-close-the-connection, 4: each is stopped; no step takes one out of the set.
export const specified = "1 transceivers";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  pc.close();
  return `${pc.getTransceivers().length} transceivers`;
}
