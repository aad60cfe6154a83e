// restartIce() before any negotiation fires nothing.
//
// #dom-rtcpeerconnection-restartice, step 2: [[LocalIceCredentialsToReplace]] takes the credentials
// of the current and the pending local description. There is neither, so that it stays empty, and
// #dfn-check-if-negotiation-is-needed finds nothing.
export const specified = "no negotiationneeded";

export async function seen() {
  const pc = new RTCPeerConnection();
  let fired = false;
  pc.onnegotiationneeded = () => (fired = true);
  pc.restartIce();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return fired ? "negotiationneeded" : "no negotiationneeded";
}
