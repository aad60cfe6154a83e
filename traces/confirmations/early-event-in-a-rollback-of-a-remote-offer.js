// A rollback of a remote offer: negotiationneeded comes after it, in stable.
//
// #set-description, 4.6.14.3: the flag is updated while setRemoteDescription is in the chain, which
// only remembers it (#dfn-update-the-negotiation-needed-flag, step 1); 4.6.15 fires
// signalingstatechange. Only an empty chain updates the flag (#dfn-chain, 7.4.6), and only in
// stable is the event fired (2.3). The transceiver that addTrack took stays and needs negotiation.
export const specified =
  "signalingstatechange in stable, setRemoteDescription, negotiationneeded in stable";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  const told = [];
  await pc.setRemoteDescription(await remote.createOffer());
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  pc.addTrack(track);
  pc.onsignalingstatechange = () => told.push(`signalingstatechange in ${pc.signalingState}`);
  pc.onnegotiationneeded = () => told.push(`negotiationneeded in ${pc.signalingState}`);
  await pc.setRemoteDescription({ type: "rollback" }).then(() => told.push("setRemoteDescription"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return told.join(", ");
}
