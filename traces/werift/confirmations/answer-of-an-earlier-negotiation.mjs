// An answer that was created for an earlier offer cannot be set.
//
// setLocalDescription, 4.4: sdp must be [[LastCreatedAnswer]], else reject with an
// InvalidModificationError; the answer before was forgotten when it was set (#set-description, 4.6.5.2).
export const specified = "InvalidModificationError";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio", {direction: "recvonly"});
  const offer = await a.createOffer();
  await b.setRemoteDescription(offer);
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await b.setRemoteDescription(offer);
  const told = await b.setLocalDescription(answer).then(() => "resolves", (error) => error.name);
  await Promise.all([a.close(), b.close()]);
  return told;
}
