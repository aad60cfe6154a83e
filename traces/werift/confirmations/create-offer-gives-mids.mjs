// createOffer() changes no transceiver: mid is null until the offer is set.
//
// #set-description, 4.6.11.1.1.2: only setting the description gives the transceiver its mid.
export const specified = "mid is null";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const transceiver = pc.addTransceiver("audio");
  await pc.createOffer();
  const {mid} = transceiver;
  await pc.close();
  return `mid is ${mid}`;
}
