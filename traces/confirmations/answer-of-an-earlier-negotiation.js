// The answer of an earlier negotiation cannot be set again.
//
// #set-description, 4.6.5.2: an answer sets [[LastCreatedAnswer]] to "".
// #dom-rtcpeerconnection-setlocaldescription, 4.3: an answer whose sdp is not the last created one is
// rejected with InvalidModificationError.
export const specified = "InvalidModificationError, have-remote-offer";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  const offer = await remote.createOffer();
  await pc.setRemoteDescription(offer);
  const answer = await pc.createAnswer();
  await pc.setLocalDescription(answer);
  await pc.setRemoteDescription(offer);
  const end = await pc.setLocalDescription(answer).then(
    () => "resolved",
    (error) => error.name,
  );
  return `${end}, ${pc.signalingState}`;
}
