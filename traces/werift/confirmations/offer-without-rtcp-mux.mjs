// A remote offer without a=rtcp-mux is refused.
//
// #set-description, 4.4: RTCP multiplexing is required, reject with an InvalidAccessError.
export const specified = "InvalidAccessError";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  const {type, sdp} = await a.createOffer();
  const set = b.setRemoteDescription({type, sdp: sdp.replace("a=rtcp-mux\r\n", "")});
  const told = await set.then(() => "resolves", (error) => error.name);
  await Promise.all([a.close(), b.close()]);
  return told;
}
