// An m-section that only sends gets a transceiver of its own.
//
// RFC 9429, 5.10: only a section that is sendrecv or recvonly takes a transceiver that addTrack has
// created; for any other one a transceiver is created. The one of addTrack is then still to be offered.
export const specified = "2 transceivers, then negotiationneeded";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio", {direction: "sendonly"});
  b.addTrack(new MediaStreamTrack({kind: "audio"}));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  const made = `${b.getTransceivers().length} transceivers`;
  let events = 0;
  b.onnegotiationneeded = () => (events += 1);
  await b.setLocalDescription(await b.createAnswer());
  await new Promise((resolve) => setTimeout(resolve, 500));
  await Promise.all([a.close(), b.close()]);
  return `${made}, then ${events > 0 ? "negotiationneeded" : "no event"}`;
}
