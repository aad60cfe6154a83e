// An m-section that only sends gets a transceiver of its own.
//
// RFC 9429, 5.10: only a section that is sendrecv or recvonly takes a transceiver that addTrack has
// created; for any other one a transceiver is created.
export const specified = "2 transceivers";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio", { direction: "sendonly" });
  const pc = new RTCPeerConnection();
  pc.addTrack(new AudioContext().createMediaStreamDestination().stream.getTracks()[0]);
  await pc.setRemoteDescription(await remote.createOffer());
  return `${pc.getTransceivers().length} transceivers`;
}
