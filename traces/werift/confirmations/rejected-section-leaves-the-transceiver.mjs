// A remote offer that rejects an m-section stops its transceiver, before any answer.
//
// #set-description, 4.6.11.2.15: if the media description is rejected, stop the transceiver. This is a
// step for any remote description; that it leaves the set only with an answer is another one (4.6.13.1.1).
export const specified = "direction is stopped in have-remote-offer";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  a.addTransceiver("video");
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  await a.setRemoteDescription(b.localDescription);
  const offer = await a.createOffer();
  const sdp = offer.sdp.replace(/m=video \d+ /, "m=video 0 ").replace(/(a=group:BUNDLE \S+) .*/, "$1");
  await b.setRemoteDescription({type: "offer", sdp});
  const read = `direction is ${b.getTransceivers()[1].direction} in ${b.signalingState}`;
  await Promise.all([a.close(), b.close()]);
  return read;
}
