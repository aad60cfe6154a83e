// close() fires no signalingstatechange.
//
// #dfn-close-the-connection, 3: the signaling state is set to closed; no step fires an event.
export const specified = "0 events";

export async function seen() {
  const pc = new RTCPeerConnection();
  let events = 0;
  pc.onsignalingstatechange = () => (events += 1);
  pc.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return `${events} events`;
}
