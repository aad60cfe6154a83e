// addTransceiver() refuses a kind that is neither audio nor video.
//
// #dom-rtcpeerconnection-addtransceiver, 5.1: throw a TypeError.
export const specified = "TypeError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let told = "a transceiver";
  try {
    pc.addTransceiver("depth");
  } catch (error) {
    told = error.name;
  }
  await pc.close();
  return told;
}
