// The promise of a call that was outstanding when the connection was closed stays pending.
//
// #dfn-chain, 7.1: if [[IsClosed]] is true, abort these steps.
export const specified = "pending";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  let settled = "pending";
  pc.createOffer().then(() => (settled = "resolved"), () => (settled = "rejected"));
  pc.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return settled;
}
