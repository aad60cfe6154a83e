// close() fires no signalingstatechange.
//
// #dfn-close-the-connection, 2: [[SignalingState]] becomes closed. "This does not fire any event."
export const specified = "no event";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let events = 0;
  pc.onsignalingstatechange = () => (events += 1);
  await pc.close();
  return events === 0 ? "no event" : "signalingstatechange";
}
