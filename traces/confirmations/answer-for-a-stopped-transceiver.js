// An m-section whose transceiver is stopped is answered, with port 0.
//
// A remote offer stopped the transceiver and was rolled back; then an offer comes that wants the
// m-section. RFC 9429, generating an answer: an m-section is rejected in the answer when its
// transceiver has been stopped. Nothing makes createAnswer or setLocalDescription fail.
export const specified = "m=audio 0, stable";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  await offerer.setLocalDescription();
  const offer = offerer.localDescription;
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offer);
  await pc.setLocalDescription();
  const sdp = offer.sdp.replace(/m=audio \d+ /, "m=audio 0 ").replace(/a=group:BUNDLE.*\r\n/, "");
  await pc.setRemoteDescription({ type: "offer", sdp });
  await pc.setRemoteDescription({ type: "rollback" });
  await pc.setRemoteDescription(offer);
  try {
    await pc.setLocalDescription();
  } catch (error) {
    return `${error.name}, ${pc.signalingState}`;
  }
  return `${pc.localDescription.sdp.match(/m=audio \d+/)[0]}, ${pc.signalingState}`;
}
