// A second remote offer keeps the transceivers of the first.
//
// #set-description has no step that rolls back a remote offer when another one is set. The
// m-section is associated with its transceiver already, which is found again (4.6.11.2.5); its
// [[FiredDirection]] is recvonly already, so that no track event fires (#process-remote-tracks, 2).
export const specified = "the same transceiver, no track event";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offer);
  const [first] = pc.getTransceivers();
  let fired = "no track event";
  pc.ontrack = () => (fired = "a track event");
  await pc.setRemoteDescription(offer);
  const [second] = pc.getTransceivers();
  return `${first === second ? "the same" : "another"} transceiver, ${fired}`;
}
