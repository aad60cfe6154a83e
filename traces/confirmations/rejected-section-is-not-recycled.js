// A rejected m-section is recycled for a new transceiver.
//
// RFC 9429, subsequent offers: if a transceiver has been added and there is an m-section with port
// 0 in the current local or remote description, "that "m=" section MUST be recycled", at the same
// index.
export const specified = "m=video 9";

export async function seen() {
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  const negotiate = async () => {
    await pc.setLocalDescription();
    await remote.setRemoteDescription(pc.localDescription);
    await remote.setLocalDescription();
    await pc.setRemoteDescription(remote.localDescription);
  };
  const transceiver = pc.addTransceiver("audio");
  await negotiate();
  transceiver.stop();
  await negotiate();
  pc.addTransceiver("video");
  const { sdp } = await pc.createOffer();
  return sdp.match(/m=\w+ \d+/g).join(", ");
}
