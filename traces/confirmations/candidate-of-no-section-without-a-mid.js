// addIceCandidate with neither sdpMid nor sdpMLineIndex ends the candidates of all m-sections.
//
// addIceCandidate, 3: only a candidate that is not "" needs one of them.
export const specified = "it resolves";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(await remote.createOffer());
  return pc.addIceCandidate({ candidate: "" }).then(
    () => "it resolves",
    (error) => error.name,
  );
}
