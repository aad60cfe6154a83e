// The mid that a local offer gave is taken back by its rollback.
//
// #set-description, 4.6.12.3.1: a mid that the rolled back description gave becomes null.
export const specified = "mid is null";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const transceiver = pc.addTransceiver("audio");
  await pc.setLocalDescription(await pc.createOffer());
  await pc.setLocalDescription({type: "rollback"});
  const {mid} = transceiver;
  await pc.close();
  return `mid is ${mid}`;
}
