// close() fires no signalingstatechange.
//
// #dfn-close-the-connection, 2: [[SignalingState]] becomes closed. "This does not fire any event."
export const specified = "no event";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  let events = 0;
  pc.onsignalingstatechange = () => (events += 1);
  pc.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return events === 0 ? "no event" : "signalingstatechange";
}
