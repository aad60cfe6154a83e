// The offer of an earlier negotiation cannot be set again.
//
// #set-description, 4.6.6.2: an answer sets [[LastCreatedOffer]] to "".
// #dom-rtcpeerconnection-setlocaldescription, 4.2: an offer whose sdp is not the last created one is
// rejected with InvalidModificationError.
export const specified = "InvalidModificationError, stable";

export async function seen() {
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  pc.addTransceiver("audio");
  const offer = await pc.createOffer();
  await pc.setLocalDescription(offer);
  await remote.setRemoteDescription(offer);
  await remote.setLocalDescription();
  await pc.setRemoteDescription(remote.localDescription);
  const end = await pc.setLocalDescription(offer).then(
    () => "resolved",
    (error) => error.name,
  );
  return `${end}, ${pc.signalingState}`;
}
