// createOffer() is refused in have-remote-offer.
//
// createOffer, 3: if the state is neither stable nor have-local-offer, reject with an InvalidStateError.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  const told = await b.createOffer().then(() => "an offer", (error) => error.name);
  [a, b].forEach((pc) => pc.close());
  return told;
}
