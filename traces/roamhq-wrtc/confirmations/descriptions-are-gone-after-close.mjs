// The descriptions of a closed connection can still be read.
//
// #dfn-close-the-connection has no step that sets [[PendingLocalDescription]], or another, to null.
export const specified = "the pending local description is of type offer";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  await pc.setLocalDescription(await pc.createOffer());
  pc.close();
  const description = pc.pendingLocalDescription;
  return `the pending local description is ${description ? `of type ${description.type}` : "null"}`;
}
