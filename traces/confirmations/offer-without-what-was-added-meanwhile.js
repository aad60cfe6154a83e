// createOffer describes the connection as it is when its last task runs.
//
// #dom-rtcpeerconnection-createoffer, final steps to create an offer: they run in a queued task, look
// whether the connection was modified meanwhile (2), and generate the offer from the current state of
// the connection and its transceivers (3). addTransceiver in the task of createOffer is before it.
export const specified = "1 m-section";

export async function seen() {
  const pc = new RTCPeerConnection();
  const offered = pc.createOffer();
  pc.addTransceiver("audio");
  const { sdp } = await offered;
  return `${(sdp.match(/^m=/gm) || []).length} m-section`;
}
