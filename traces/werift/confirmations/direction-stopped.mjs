// The direction "stopped" cannot be set.
//
// #dom-rtcrtptransceiver-direction, setter, 5: throw a TypeError.
export const specified = "TypeError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const transceiver = pc.addTransceiver("audio");
  let told = "it is set";
  try {
    transceiver.direction = "stopped";
  } catch (error) {
    told = error.name;
  }
  await pc.close();
  return told;
}
