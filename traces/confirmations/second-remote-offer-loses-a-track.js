// What was set up on a transceiver before a second remote offer is still there after it.
//
// #set-description, 4.6.11.2.5, finds the transceiver that the m-section is associated with, so that
// its direction and its sender's track are what the application has made them. The answer sends.
export const specified = "the sender has the track, sendrecv";

const newTrack = () => new AudioContext().createMediaStreamDestination().stream.getTracks()[0];

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTrack(newTrack());
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offer);
  const [transceiver] = pc.getTransceivers();
  const track = newTrack();
  transceiver.direction = "sendrecv";
  await transceiver.sender.replaceTrack(track);
  await pc.setRemoteDescription(offer);
  await pc.setLocalDescription();
  const [answering] = pc.getTransceivers();
  const has = answering.sender.track === track;
  return `the sender has ${has ? "the" : "no"} track, ${answering.currentDirection}`;
}
