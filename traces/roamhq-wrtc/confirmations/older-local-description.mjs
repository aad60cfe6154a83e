// setLocalDescription takes the description that was created last, and no older one.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.2 and 4.3: a description whose sdp is not
// [[LastCreatedOffer]], or [[LastCreatedAnswer]], is rejected with InvalidModificationError.
export const specified = "offer: InvalidModificationError, answer: InvalidModificationError";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  const older = await a.createOffer();
  const newer = await a.createOffer();
  const differs = older.sdp !== newer.sdp;
  const tell = (promise) => promise.then(() => "resolves", (error) => error.name);
  const offer = await tell(a.setLocalDescription(older));
  await b.setRemoteDescription(older);
  const first = await b.createAnswer();
  const second = await b.createAnswer();
  const differ = differs && first.sdp !== second.sdp;
  const answer = await tell(b.setLocalDescription(first));
  a.close();
  b.close();
  return differ ? `offer: ${offer}, answer: ${answer}` : "the same texts again";
}
