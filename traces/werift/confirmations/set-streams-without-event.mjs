// setStreams() of a negotiated sender needs negotiation.
//
// #dom-rtcrtpsender-setstreams, 5: update the negotiation-needed flag.
export const specified = "negotiationneeded";
export async function seen({RTCPeerConnection, MediaStream, MediaStreamTrack}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  const sender = a.addTrack(new MediaStreamTrack({kind: "audio"}));
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  await new Promise((resolve) => setTimeout(resolve, 100));
  let events = 0;
  a.onnegotiationneeded = () => (events += 1);
  sender.setStreams([new MediaStream()]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await Promise.all([a.close(), b.close()]);
  return events > 0 ? "negotiationneeded" : "no event";
}
