// A remote offer without rtcp-mux is refused.
//
// RFC 9429, 4.1.1 and 5.10: with the policy require, the only one of webrtc-pc, an m-section without
// a=rtcp-mux is an error.
export const specified = "it is refused";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const { sdp } = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const told = sdp.replace(/^a=rtcp-mux\r\n/gm, "");
  return pc.setRemoteDescription({ type: "offer", sdp: told }).then(
    () => "it is applied",
    () => "it is refused",
  );
}
