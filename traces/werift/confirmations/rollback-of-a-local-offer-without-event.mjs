// After the rollback of a local offer, what it offered is still to be negotiated, and fires the event again.
//
// #set-description, 4.6.14.3: the flag is cleared and updated when the state is stable again.
export const specified = "negotiationneeded";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let events = 0;
  pc.onnegotiationneeded = () => (events += 1);
  pc.addTransceiver("audio");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = events;
  await pc.setLocalDescription(await pc.createOffer());
  await pc.setLocalDescription({type: "rollback"});
  await new Promise((resolve) => setTimeout(resolve, 500));
  await pc.close();
  return before === 1 && events > 1 ? "negotiationneeded" : `no event after the ${before} of the change`;
}
