// After the rollback of a remote offer, a track that is still not negotiated fires the event again.
//
// #set-description, 4.6.14.3: the flag is cleared and updated when the state is stable again.
export const specified = "negotiationneeded";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  b.addTrack(new MediaStreamTrack({kind: "audio"}));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await b.setRemoteDescription(await a.createOffer());
  let events = 0;
  b.onnegotiationneeded = () => (events += 1);
  await b.setRemoteDescription({type: "rollback"});
  await new Promise((resolve) => setTimeout(resolve, 500));
  await Promise.all([a.close(), b.close()]);
  return events > 0 ? "negotiationneeded" : "no event";
}
