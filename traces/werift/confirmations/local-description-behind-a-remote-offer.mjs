// In glare, setLocalDescription() right behind setRemoteDescription(offer) sets the answer to that offer.
//
// #dfn-chain, 6: it runs when the call before it has settled, and infers the type from the state that it
// finds then (setLocalDescription, 4.1): have-remote-offer.
export const specified = "resolves in stable";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  const offer = await a.createOffer();
  b.addTransceiver("audio");
  await b.setLocalDescription();
  const first = b.setRemoteDescription(offer);
  const second = b.setLocalDescription();
  await first;
  const told = await second.then(() => "resolves", (error) => `rejects with ${error.name}`);
  const read = `${told} in ${b.signalingState}`;
  await Promise.all([a.close(), b.close()]);
  return read;
}
