// addTrack() takes the first transceiver that fits.
//
// #dom-rtcpeerconnection-addtrack, 6: "if any RTCRtpSender object in senders" fits; senders are in the
// order of the transceivers. Direction is no condition.
export const specified = "the first";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const first = pc.addTransceiver("audio", {direction: "recvonly"});
  pc.addTransceiver("audio");
  const sender = pc.addTrack(new MediaStreamTrack({kind: "audio"}));
  await pc.close();
  return sender === first.sender ? "the first" : "another";
}
