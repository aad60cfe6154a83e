// A track that a local answer declined is announced again when it is offered again.
//
// A local answer that says inactive sets [[FiredDirection]] to inactive (#set-description,
// 4.6.11.1.7.4). The next remote offer that sends: [[FiredDirection]] is neither sendrecv nor
// recvonly, so that a track event fires (#process-remote-tracks, step 2).
export const specified = "first offer: track; again, after inactive: track";

export async function seen() {
  const offerer = new RTCPeerConnection();
  const stream = new AudioContext().createMediaStreamDestination().stream;
  offerer.addTrack(stream.getTracks()[0], stream);
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  const told = [];
  for (const when of ["first offer", "again, after inactive"]) {
    let fired = "no event";
    pc.ontrack = () => (fired = "track");
    await pc.setRemoteDescription(offer);
    told.push(`${when}: ${fired}`);
    pc.getTransceivers()[0].direction = "inactive";
    await pc.setLocalDescription();
  }
  return told.join("; ");
}
