// A transceiver that a rejected m-section of a remote offer stops gets the mid of that m-section.
//
// #set-description: 4.6.11.2.5 finds the transceiver of addTrack, 4.6.11.2.9 sets its [[Mid]], and
// only then does 4.6.11.2.15 stop it. No step takes the mid away.
export const specified = "stopped, with its mid";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  pc.addTrack(track);
  const sdp = offer.sdp.replace("m=audio 9 ", "m=audio 0 ").replace(/a=group:BUNDLE.*\r\n/, "");
  await pc.setRemoteDescription({ type: "offer", sdp });
  const [{ currentDirection, mid }] = pc.getTransceivers();
  return `${currentDirection}, ${mid === null ? "without a" : "with its"} mid`;
}
