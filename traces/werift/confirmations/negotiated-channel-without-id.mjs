// createDataChannel() refuses `negotiated` without an id with a TypeError.
//
// createDataChannel, 12: throw a TypeError.
export const specified = "TypeError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let told = "a channel";
  try {
    pc.createDataChannel("x", {negotiated: true});
  } catch (error) {
    told = error.name;
  }
  await pc.close();
  return told;
}
