// negotiationneeded does not fire while createOffer() is outstanding.
//
// #dfn-update-the-negotiation-needed-flag, 2.2: the operations chain is not empty, so stop; the flag is
// updated again when it is (#dfn-chain, 7.4.6).
export const specified = "createOffer resolves, negotiationneeded";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  const order = [];
  pc.onnegotiationneeded = () => order.push("negotiationneeded");
  pc.addTransceiver("audio");
  await pc.createOffer().then(() => order.push("createOffer resolves"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  pc.close();
  return order.join(", ");
}
