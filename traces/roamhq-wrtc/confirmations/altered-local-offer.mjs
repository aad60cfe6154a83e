// An offer that was altered cannot be set.
//
// setLocalDescription, 4.3: sdp must be [[LastCreatedOffer]], else reject with an
// InvalidModificationError.
export const specified = "InvalidModificationError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  const {type, sdp} = await pc.createOffer();
  const altered = {type, sdp: sdp.replace("a=sendrecv", "a=recvonly")};
  const told = await pc.setLocalDescription(altered).then(() => "resolves", (error) => error.name);
  pc.close();
  return told;
}
