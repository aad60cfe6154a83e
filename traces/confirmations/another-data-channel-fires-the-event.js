// Only the first data channel updates the negotiation-needed flag.
//
// #dom-peerconnection-createdatachannel, step 20. What needs negotiation here is the transceiver of
// the legacy option offerToReceiveAudio, which must not update the flag (legacy configuration
// extensions, 3.3).
export const specified = "no negotiationneeded";

export async function seen() {
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  pc.createDataChannel("one");
  await new Promise((resolve) => (pc.onnegotiationneeded = resolve));
  await pc.setLocalDescription();
  await remote.setRemoteDescription(pc.localDescription);
  await remote.setLocalDescription();
  await pc.setRemoteDescription(remote.localDescription);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await pc.createOffer({ offerToReceiveAudio: true });
  await new Promise((resolve) => setTimeout(resolve, 200));
  let fired = false;
  pc.onnegotiationneeded = () => (fired = true);
  pc.createDataChannel("two");
  await new Promise((resolve) => setTimeout(resolve, 500));
  return fired ? "negotiationneeded" : "no negotiationneeded";
}
