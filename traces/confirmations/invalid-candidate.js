// A candidate that cannot be parsed is refused.
//
// #dom-peerconnection-addicecandidate, 4.7.1: a candidate that could not be added successfully
// makes the promise reject with OperationError. RFC 9429, addIceCandidate: "If any IceCandidate
// fields contain invalid values [...] an error MUST be returned."
export const specified = "OperationError";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  await offerer.setLocalDescription();
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offerer.localDescription);
  const [{ mid }] = pc.getTransceivers();
  try {
    await pc.addIceCandidate({ candidate: "candidate:nonsense", sdpMid: mid });
    return "it is taken";
  } catch (error) {
    return error.name;
  }
}
