// createOffer() waits for the setLocalDescription() before it.
//
// #dfn-chain, 6: an operation runs when those before it in the operations chain have settled.
export const specified = "setLocalDescription resolves, createOffer resolves";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  pc.addTransceiver("audio");
  const offer = await pc.createOffer();
  const order = [];
  const follow = (name, promise) =>
    promise.then(() => order.push(`${name} resolves`), () => order.push(`${name} rejects`));
  const set = follow("setLocalDescription", pc.setLocalDescription(offer));
  const created = follow("createOffer", pc.createOffer());
  await Promise.all([set, created]);
  await pc.close();
  return order.join(", ");
}
