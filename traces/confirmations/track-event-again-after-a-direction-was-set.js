// The track of an m-section that was received all along is not announced again.
//
// The answer has set [[FiredDirection]] to recvonly (#set-description, 4.6.11.1.7.4). Setting the
// direction changes [[Direction]] only, so that the same offer, again, fires no track event
// (#process-remote-tracks, 2).
export const specified = "first offer: track; again, after direction = inactive: no event";

export async function seen() {
  const offerer = new RTCPeerConnection();
  const stream = new AudioContext().createMediaStreamDestination().stream;
  offerer.addTrack(stream.getTracks()[0], stream);
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  const told = [];
  for (const when of ["first offer", "again, after direction = inactive"]) {
    let fired = "no event";
    pc.ontrack = () => (fired = "track");
    await pc.setRemoteDescription(offer);
    told.push(`${when}: ${fired}`);
    await pc.setLocalDescription();
    pc.getTransceivers()[0].direction = "inactive";
  }
  return told.join("; ");
}
