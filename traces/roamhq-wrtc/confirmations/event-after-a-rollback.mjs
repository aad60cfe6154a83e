// The rollback of a remote offer leaves nothing to negotiate: no event.
//
// #dfn-update-the-negotiation-needed-flag, 2.4: the check is false, as there is no transceiver left.
export const specified = "0 events";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  let events = 0;
  b.onnegotiationneeded = () => (events += 1);
  await b.setRemoteDescription({type: "rollback"});
  await new Promise((resolve) => setTimeout(resolve, 500));
  [a, b].forEach((pc) => pc.close());
  return `${events > 0 ? "some" : "0"} events`;
}
