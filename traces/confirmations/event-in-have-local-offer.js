// A change in have-local-offer fires negotiationneeded in stable, after the answer.
//
// #dfn-update-the-negotiation-needed-flag, 2.3: unless the signaling state is stable, the steps end;
// the answer updates the flag again (#set-description, 4.6.14.3).
export const specified = "negotiationneeded in stable";

export async function seen() {
  const pc = new RTCPeerConnection();
  const other = new RTCPeerConnection();
  pc.addTransceiver("audio");
  await pc.setLocalDescription(await pc.createOffer());
  await new Promise((resolve) => setTimeout(resolve, 250));
  const states = [];
  pc.onnegotiationneeded = () => states.push(pc.signalingState);
  pc.addTransceiver("video");
  await new Promise((resolve) => setTimeout(resolve, 250));
  await other.setRemoteDescription(pc.localDescription);
  await pc.setRemoteDescription(await other.createAnswer());
  await new Promise((resolve) => setTimeout(resolve, 250));
  return `negotiationneeded in ${states.join(", then ")}`;
}
