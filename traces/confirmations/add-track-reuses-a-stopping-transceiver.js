// addTrack does not reuse the sender of a transceiver that is stopping.
//
// #dom-rtcpeerconnection-addtrack, step 7: a sender is reused only if its transceiver's [[Stopping]]
// is false. stop() has set it to true.
export const specified = "another transceiver";

export async function seen() {
  const pc = new RTCPeerConnection();
  const stopping = pc.addTransceiver("audio");
  stopping.stop();
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  const sender = pc.addTrack(track);
  return sender === stopping.sender ? "the one that is stopping" : "another transceiver";
}
