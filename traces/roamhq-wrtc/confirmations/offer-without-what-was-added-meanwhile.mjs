// An offer has what was added while createOffer() was outstanding.
//
// #dfn-final-steps-to-create-an-offer, 2: if the connection was changed so that the inspection is out of
// date, it starts over.
export const specified = "1 m-sections";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  const created = pc.createOffer();
  pc.addTransceiver("audio");
  const {sdp} = await created;
  pc.close();
  return `${(sdp.match(/^m=/gm) ?? []).length} m-sections`;
}
