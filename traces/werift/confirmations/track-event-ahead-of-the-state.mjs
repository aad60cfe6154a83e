// signalingstatechange fires first, then track.
//
// #set-description, 4.6.15 and 4.6.20: the signaling state is changed and its event fired before the
// track events of the same description.
export const specified = "signalingstatechange in have-remote-offer, track in have-remote-offer";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  const order = [];
  b.onsignalingstatechange = () => order.push(`signalingstatechange in ${b.signalingState}`);
  b.ontrack = () => order.push(`track in ${b.signalingState}`);
  await b.setRemoteDescription(await a.createOffer());
  await Promise.all([a.close(), b.close()]);
  return order.slice(0, 2).join(", ");
}
