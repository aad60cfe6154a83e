// The id of a data channel that is not negotiated is ignored.
//
// createDataChannel, 13 and 14: [[DataChannelId]] is the id only if negotiated is true, and only
// then is an id of 65535 a TypeError (16).
export const specified = "a data channel";

export async function seen() {
  const pc = new RTCPeerConnection();
  try {
    return pc.createDataChannel("a", { id: 65535 }) ? "a data channel" : "nothing";
  } catch (error) {
    return error.name;
  }
}
