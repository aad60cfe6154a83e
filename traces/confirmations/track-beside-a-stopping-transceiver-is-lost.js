// A track that is added beside a stopping transceiver is offered, in an m-section of its own.
//
// The transceiver has only received, so that its sender has no track and was never used to send.
// #dom-rtcpeerconnection-addtrack, 7: it is not used again, as [[Stopping]] is true; 9: a new
// transceiver is made. The next offer rejects the old m-section and has a new one for the track.
export const specified = "addTrack returned; m=audio 0, m=audio 9; a sender has the track";

async function negotiate(offerer, answerer) {
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription);
}

export async function seen() {
  const newTrack = () => new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  remote.addTrack(newTrack());
  await negotiate(remote, pc);
  pc.getTransceivers()[0].stop();
  const track = newTrack();
  let end = "returned";
  try {
    pc.addTrack(track);
  } catch (error) {
    end = error.name;
  }
  await negotiate(pc, remote);
  const sections = pc.localDescription.sdp.match(/m=audio \d+/g).join(", ");
  const has = pc.getSenders().some((sender) => sender.track === track);
  return `addTrack ${end}; ${sections}; ${has ? "a" : "no"} sender has the track`;
}
