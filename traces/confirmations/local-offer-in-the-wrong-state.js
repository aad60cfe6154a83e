// setLocalDescription of the created offer is an InvalidStateError in have-remote-offer.
//
// #set-description, 4.5.2: when a description cannot be applied and its type is wrong for the
// signaling state, the promise is rejected with InvalidStateError.
export const specified = "InvalidStateError";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  const offer = await pc.createOffer();
  await pc.setRemoteDescription(await remote.createOffer());
  return pc.setLocalDescription(offer).then(
    () => "it resolves",
    (error) => error.name,
  );
}
