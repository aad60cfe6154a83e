// A track that was answered leaves nothing to negotiate: no event.
//
// #dfn-update-the-negotiation-needed-flag, 2.4: the check is false, as the current local description has
// the transceiver's direction and streams (#dfn-check-if-negotiation-is-needed, 5.3).
export const specified = "no event after the answer";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  b.addTrack(new MediaStreamTrack({kind: "audio"}));
  let events = 0;
  b.onnegotiationneeded = () => (events += 1);
  await b.setLocalDescription(await b.createAnswer());
  await new Promise((resolve) => setTimeout(resolve, 500));
  await Promise.all([a.close(), b.close()]);
  return events === 0 ? "no event after the answer" : "negotiationneeded after the answer";
}
