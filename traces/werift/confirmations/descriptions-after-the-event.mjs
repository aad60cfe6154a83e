// When signalingstatechange fires, pendingLocalDescription is the offer.
//
// #set-description, 4.6.5 and 4.6.15: the descriptions are set before the event is fired, all of it in
// one task.
export const specified = "pendingLocalDescription is offer";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  pc.addTransceiver("audio");
  const read = [];
  pc.onsignalingstatechange = () => read.push(pc.pendingLocalDescription);
  await pc.setLocalDescription(await pc.createOffer());
  await pc.close();
  return `pendingLocalDescription is ${read[0] ? read[0].type : read[0]}`;
}
