// A rollback of a local offer: negotiationneeded comes after it, in stable.
//
// #set-description, 4.6.14.3: the flag is updated while setLocalDescription is in the chain, which
// only remembers it (#dfn-update-the-negotiation-needed-flag, step 1); 4.6.15 fires
// signalingstatechange. Only an empty chain updates the flag (#dfn-chain, 7.4.6), and only in
// stable is the event fired (2.3).
export const specified =
  "signalingstatechange in stable, setLocalDescription, negotiationneeded in stable";

export async function seen() {
  const pc = new RTCPeerConnection();
  const told = [];
  pc.addTransceiver("audio");
  await new Promise((resolve) => (pc.onnegotiationneeded = resolve));
  await pc.setLocalDescription();
  pc.onsignalingstatechange = () => told.push(`signalingstatechange in ${pc.signalingState}`);
  pc.onnegotiationneeded = () => told.push(`negotiationneeded in ${pc.signalingState}`);
  await pc.setLocalDescription({ type: "rollback" }).then(() => told.push("setLocalDescription"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return told.join(", ");
}
