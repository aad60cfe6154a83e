// The rollback of an offer that stopped a transceiver fires negotiationneeded.
//
// The offer rejects an m-section: its transceiver is stopped (#set-description, 4.6.11.2.15). The
// rollback does not undo that; it updates the negotiation-needed flag (4.6.14.3). The transceiver
// is stopped, associated, and its m-section is rejected in neither current description: the check
// is true (#dfn-check-if-negotiation-is-needed, 5.4).
export const specified = "stopped, negotiationneeded";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  await offerer.setLocalDescription();
  const offer = offerer.localDescription;
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offer);
  await pc.setLocalDescription();
  await new Promise((resolve) => setTimeout(resolve, 100));
  let fired = "no event";
  pc.onnegotiationneeded = () => (fired = "negotiationneeded");
  const sdp = offer.sdp.replace(/m=audio \d+ /, "m=audio 0 ").replace(/a=group:BUNDLE.*\r\n/, "");
  await pc.setRemoteDescription({ type: "offer", sdp });
  await pc.setRemoteDescription({ type: "rollback" });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return `${pc.getTransceivers()[0]?.currentDirection}, ${fired}`;
}
