// The rollback of a remote offer leaves nothing to negotiate: no negotiationneeded.
//
// #set-description, 4.6.12.3.7: the transceiver that the offer made is stopped and removed.
// #dfn-check-if-negotiation-is-needed: without transceivers and data channels nothing remains to
// be negotiated, so that #dfn-update-the-negotiation-needed-flag ends in 2.4, with no event.
export const specified = "signalingstatechange in stable, setRemoteDescription";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  const told = [];
  await pc.setRemoteDescription(await remote.createOffer());
  pc.onsignalingstatechange = () => told.push(`signalingstatechange in ${pc.signalingState}`);
  pc.onnegotiationneeded = () => told.push(`negotiationneeded in ${pc.signalingState}`);
  await pc.setRemoteDescription({ type: "rollback" }).then(() => told.push("setRemoteDescription"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return told.join(", ");
}
