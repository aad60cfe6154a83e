// createOffer() of a closed connection rejects.
//
// #dfn-chain, 1: if [[IsClosed]] is true, a promise rejected with an InvalidStateError is returned.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  await pc.close();
  return pc.createOffer().then(() => "an offer", (error) => error.name);
}
