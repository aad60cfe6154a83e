// The event of a change comes before the promise of a setParameters() that was called after it.
//
// The task that fires negotiationneeded is queued by the change; the one that resolves setParameters()
// is queued later, on the same task source.
export const specified = "negotiationneeded, setParameters";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  const order = [];
  pc.onnegotiationneeded = () => order.push("negotiationneeded");
  const {sender} = pc.addTransceiver("audio");
  await sender.setParameters(sender.getParameters()).then(() => order.push("setParameters"));
  await new Promise((resolve) => setTimeout(resolve, 500));
  pc.close();
  return order.join(", ");
}
