// createOffer is refused while a remote offer is to be answered.
//
// #dfn-create-an-offer, 1: unless the signaling state is stable or have-local-offer, the promise is
// rejected with InvalidStateError.
export const specified = "InvalidStateError";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(await remote.createOffer());
  return pc.createOffer().then(
    () => "it resolves",
    (error) => error.name,
  );
}
