// A handler that negotiates in stable only is told what a rollback has left to negotiate.
//
// #set-description, 4.6.14.3: the rollback updates the flag, which waits for the empty chain
// (#dfn-chain, 7.4.6), so that negotiationneeded fires in stable (updating the flag, 2.3). What
// fires while the state is have-local-offer is ignored by such a handler.
export const specified = "the handler has negotiated";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  await new Promise((resolve) => (pc.onnegotiationneeded = resolve));
  await pc.setLocalDescription();
  let told = "there was no event";
  pc.onnegotiationneeded = () => {
    const isStable = pc.signalingState === "stable";
    told = isStable ? "the handler has negotiated" : `ignored in ${pc.signalingState}`;
  };
  await pc.setLocalDescription({ type: "rollback" });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return told;
}
