// A remote m-section does not take over a transceiver that an earlier remote offer created.
//
// addTrack used the transceiver, so that the rollback keeps it (#set-description, 4.6.12.3.7). When
// the same offer comes again, RFC 9429, applying a remote description, considers only transceivers
// "that were added to the PeerConnection by addTrack": this one was not, and another one is
// created. (web-platform-tests ask for the same one again.)
export const specified = "2 transceivers";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(offer);
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  pc.addTrack(track);
  await pc.setRemoteDescription({ type: "rollback" });
  await pc.setRemoteDescription(offer);
  const many = pc.getTransceivers().length;
  return `${many} transceiver${many === 1 ? "" : "s"}`;
}
