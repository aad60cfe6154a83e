// A remote m-section takes over addTrack's transceiver although it is stopping.
//
// RFC 9429, applying a remote description: it takes a transceiver of addTrack that is not
// associated and not stopped. A stopping transceiver is not stopped yet: webrtc-pc,
// RTCRtpTransceiver.stop(), treats it as stopped for the purposes of RFC 9429 only for createOffer.
export const specified = "it is taken over";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  pc.addTrack(track);
  const [stopping] = pc.getTransceivers();
  stopping.stop();
  await pc.setRemoteDescription(offer);
  const many = pc.getTransceivers().length;
  const taken = stopping.mid !== null && many === 1;
  return taken ? "it is taken over" : `there are ${many} transceivers`;
}
