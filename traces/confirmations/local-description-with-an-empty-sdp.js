// setLocalDescription() creates what it sets where sdp is "", as if it was left out.
//
// WebIDL: "" is the default of RTCLocalSessionDescriptionInit's sdp.
// #dom-rtcpeerconnection-setlocaldescription, 4.4.2: if sdp is the empty string, an offer is created.
export const specified = "have-local-offer";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  try {
    await pc.setLocalDescription({ type: "offer", sdp: "" });
    return pc.signalingState;
  } catch (error) {
    return error.name;
  }
}
