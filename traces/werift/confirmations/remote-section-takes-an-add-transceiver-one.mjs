// An m-section of a remote offer makes a transceiver beside one that addTransceiver made.
//
// jsep:5.10: only a transceiver that was created by addTrack may be associated.
export const specified = "2 transceivers";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  b.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  const count = b.getTransceivers().length;
  await Promise.all([a.close(), b.close()]);
  return `${count} transceivers`;
}
