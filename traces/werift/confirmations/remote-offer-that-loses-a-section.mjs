// A second remote offer with fewer m-sections than the first is refused.
//
// #set-description, 4.5: an invalid description is refused with an InvalidAccessError (jsep:5.8: an
// offer keeps the m-sections that there are).
export const specified = "rejects";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  const one = await a.createOffer();
  a.addTransceiver("video");
  const two = await a.createOffer();
  await b.setRemoteDescription(two);
  await b.setLocalDescription(await b.createAnswer());
  const told = await b.setRemoteDescription(one).then(() => "resolves", () => "rejects");
  await Promise.all([a.close(), b.close()]);
  return told;
}
