// setLocalDescription takes the offer that was created last, and no older one.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.2: an offer whose sdp is not [[LastCreatedOffer]] is
// rejected with InvalidModificationError.
export const specified = "InvalidModificationError";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  const older = await pc.createOffer();
  await pc.setLocalDescription(older);
  pc.addTransceiver("video");
  await pc.createOffer();
  return pc.setLocalDescription(older).then(
    () => "it resolves",
    (error) => error.name,
  );
}
