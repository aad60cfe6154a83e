// A transceiver whose m-section a remote answer rejects goes at once.
//
// #set-description: 4.6.11.2.15 stops it, and 4.6.13.1.1 removes it from the set of transceivers:
// it is stopped, associated, and its m-section is rejected in the current remote description.
export const specified = "no transceivers";

export async function seen() {
  const offerer = new RTCPeerConnection();
  const answerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription);
  const answer = await answerer.createAnswer();
  const sdp = answer.sdp.replace("m=audio 9 ", "m=audio 0 ").replace(/a=group:BUNDLE.*\r\n/, "");
  await offerer.setRemoteDescription({ type: "answer", sdp });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const left = offerer.getTransceivers();
  return left.map((one) => one.currentDirection).join(", ") || "no transceivers";
}
