// replaceTrack waits until the description before it is set.
//
// RTCRtpSender.replaceTrack, 6: the steps are chained; #dfn-chain, 6 and 7.4.3: they begin when the
// promise of setRemoteDescription has settled.
export const specified = "setRemoteDescription, then replaceTrack";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const { sender } = pc.addTransceiver("audio");
  const told = [];
  await Promise.all([
    pc.setRemoteDescription(offer).then(() => told.push("setRemoteDescription")),
    sender.replaceTrack(null).then(() => told.push("replaceTrack")),
  ]);
  return told.join(", then ");
}
