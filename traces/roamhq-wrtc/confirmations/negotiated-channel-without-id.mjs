// createDataChannel() refuses `negotiated` without an id with a TypeError.
//
// createDataChannel, 12.
export const specified = "TypeError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  let told = "a channel";
  try {
    pc.createDataChannel("x", {negotiated: true});
  } catch (error) {
    told = error.name;
  }
  pc.close();
  return told;
}
