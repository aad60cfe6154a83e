// restartIce() stays needed when an answer keeps the old credentials.
//
// #dfn-check-if-negotiation-is-needed, 2: [[LocalIceCredentialsToReplace]] is not empty. The flag is
// cleared, and updated, with the answer (#set-description, 4.6.14.3).
export const specified = "negotiationneeded after the answer";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  const negotiate = async (from, to) => {
    const offer = await from.createOffer();
    await from.setLocalDescription(offer);
    await to.setRemoteDescription(offer);
    const answer = await to.createAnswer();
    await to.setLocalDescription(answer);
    await from.setRemoteDescription(answer);
  };
  await negotiate(a, b);
  await new Promise((resolve) => setTimeout(resolve, 100));
  a.restartIce();
  await new Promise((resolve) => setTimeout(resolve, 100));
  let events = 0;
  a.onnegotiationneeded = () => (events += 1);
  await negotiate(b, a);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await Promise.all([a.close(), b.close()]);
  return events > 0 ? "negotiationneeded after the answer" : "no event";
}
