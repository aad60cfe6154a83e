// A remote offer rolls back a local one.
//
// setRemoteDescription, 3.1.1: an offer that is invalid for the state rolls back the local offer first.
export const specified = "resolves in have-remote-offer";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  b.addTransceiver("audio");
  const offer = await a.createOffer();
  await b.setLocalDescription(await b.createOffer());
  const told = await b.setRemoteDescription(offer).then(() => "resolves", () => "rejects");
  const state = b.signalingState;
  [a, b].forEach((pc) => pc.close());
  return `${told} in ${state}`;
}
