// A candidate for the m-section of a stopped transceiver is ignored.
//
// #dom-peerconnection-addicecandidate: step 4.4 resolves for a stopped transceiver; step 4.5, which
// looks for the username fragment, comes after it.
export const specified = "it resolves";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  offerer.addTransceiver("video");
  await offerer.setLocalDescription();
  const offer = offerer.localDescription;
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offer);
  await pc.setLocalDescription();
  const mid = pc.getTransceivers()[1].mid;
  const sdp = offer.sdp
    .replace(/m=video \d+ /, "m=video 0 ")
    .replace(/(a=group:BUNDLE) .*/, `$1 ${pc.getTransceivers()[0].mid}`)
    .replace("a=bundle-only\r\n", "");
  await pc.setRemoteDescription({ type: "offer", sdp });
  const stopped = pc.getTransceivers()[1].currentDirection === "stopped";
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  try {
    await pc.addIceCandidate({ candidate, sdpMid: mid, usernameFragment: "nosuchfragment" });
    return stopped ? "it resolves" : "it resolves for a transceiver that is not stopped";
  } catch (error) {
    return error.name;
  }
}
