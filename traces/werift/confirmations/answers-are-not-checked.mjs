// An answer with an m-section more than the offer is refused.
//
// #set-description, 4.5: an invalid description (jsep:5.8) is refused with an InvalidAccessError.
export const specified = "rejects in have-local-offer";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  for (const kind of ["audio", "video"]) b.addTransceiver(kind);
  const {sdp} = await b.createOffer();
  a.addTransceiver("audio");
  await a.setLocalDescription(await a.createOffer());
  const answer = {type: "answer", sdp: sdp.replaceAll("a=setup:actpass", "a=setup:active")};
  const told = await a.setRemoteDescription(answer).then(() => "resolves", () => "rejects");
  const state = a.signalingState;
  await Promise.all([a.close(), b.close()]);
  return `${told} in ${state}`;
}
