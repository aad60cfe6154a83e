// restartIce() before any negotiation leaves nothing to negotiate.
//
// restartIce, 2: the credentials of the current and the pending local description are to be replaced;
// there is neither (#dfn-check-if-negotiation-is-needed, 2).
export const specified = "no event";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let events = 0;
  pc.onnegotiationneeded = () => (events += 1);
  pc.restartIce();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await pc.close();
  return events > 0 ? "negotiationneeded" : "no event";
}
