// The direction of a stopping transceiver cannot be set.
//
// #dom-rtcrtptransceiver-direction, setter, 2: if [[Stopping]] is true, throw an InvalidStateError.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const transceiver = pc.addTransceiver("audio");
  transceiver.stop();
  let told = "it is set";
  try {
    transceiver.direction = "recvonly";
  } catch (error) {
    told = error.name;
  }
  await pc.close();
  return told;
}
