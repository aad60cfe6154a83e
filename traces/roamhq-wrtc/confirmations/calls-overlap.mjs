// replaceTrack() waits for the setRemoteDescription() before it.
//
// #dfn-chain, 6: an operation runs when those before it in the operations chain have settled.
export const specified = "setRemoteDescription, replaceTrack";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  const {sender} = b.addTransceiver("audio");
  const offer = await a.createOffer();
  const order = [];
  const set = b.setRemoteDescription(offer).then(() => order.push("setRemoteDescription"));
  const replaced = sender.replaceTrack(null).then(() => order.push("replaceTrack"));
  await Promise.all([set, replaced]);
  [a, b].forEach((pc) => pc.close());
  return order.join(", ");
}
