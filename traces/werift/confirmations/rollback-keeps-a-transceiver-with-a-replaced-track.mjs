// The rollback of a remote offer removes its transceiver, although replaceTrack() gave it a track.
//
// #set-description, 4.6.12.3.7: only addTrack keeps a transceiver that the offer made.
export const specified = "0 transceivers";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  await b.getTransceivers()[0].sender.replaceTrack(new MediaStreamTrack({kind: "audio"}));
  await b.setRemoteDescription({type: "rollback"});
  const count = b.getTransceivers().length;
  await Promise.all([a.close(), b.close()]);
  return `${count} transceivers`;
}
