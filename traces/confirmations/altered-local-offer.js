// A local offer may not be altered.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.2: an offer whose sdp is not empty and not equal to
// [[LastCreatedOffer]] is rejected with InvalidModificationError.
export const specified = "InvalidModificationError, stable";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  const { type, sdp } = await pc.createOffer();
  const end = await pc.setLocalDescription({ type, sdp: `${sdp}a=x-altered\r\n` }).then(
    () => "resolved",
    (error) => error.name,
  );
  return `${end}, ${pc.signalingState}`;
}
