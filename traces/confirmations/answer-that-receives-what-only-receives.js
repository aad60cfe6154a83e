// An answer must not receive where the offer only receives.
//
// RFC 9429, 5.11: a remote answer is checked by the rules of RFC 3264, whose 6.1 says that a stream
// offered recvonly is answered sendonly or inactive. #set-description, 4.5.4: an error otherwise.
export const specified = "it is refused in have-local-offer";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio", { direction: "recvonly" });
  const offer = await pc.createOffer();
  await pc.setLocalDescription(offer);
  const other = new RTCPeerConnection();
  await other.setRemoteDescription(offer);
  const { sdp } = await other.createAnswer();
  const told = sdp.replace(/^a=(sendonly|inactive)/m, "a=recvonly");
  return pc.setRemoteDescription({ type: "answer", sdp: told }).then(
    () => `it is applied: ${pc.signalingState}`,
    () => `it is refused in ${pc.signalingState}`,
  );
}
