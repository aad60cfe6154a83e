// A transceiver that was stopped before it was ever offered asks for negotiation after each one.
//
// #dfn-check-if-negotiation-is-needed, 5.1: it is stopping, and not stopped, since no m-section of its
// own was ever rejected. #set-description, 4.6.14.3: the flag is cleared and updated when the state is
// stable again. (It is so to the letter, and browsers do it.)
export const specified = "negotiationneeded after the answer";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.createDataChannel("dc");
  a.addTransceiver("audio").stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  let events = 0;
  a.onnegotiationneeded = () => (events += 1);
  await a.setRemoteDescription(b.localDescription);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await Promise.all([a.close(), b.close()]);
  return events > 0 ? "negotiationneeded after the answer" : "no event";
}
