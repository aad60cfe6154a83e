// setLocalDescription() offers the connection as it is when the offer's last task runs.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.4.2: the offer is created as createOffer does; the
// final steps run in a queued task and use the current state of the connection and its transceivers
// (3). addTransceiver in the task of setLocalDescription is before it.
export const specified = "1 m-section, a mid";

export async function seen() {
  const pc = new RTCPeerConnection();
  const applied = pc.setLocalDescription();
  const transceiver = pc.addTransceiver("audio");
  await applied;
  const sections = (pc.localDescription.sdp.match(/^m=/gm) ?? []).length;
  return `${sections} m-section, ${transceiver.mid === null ? "no mid" : "a mid"}`;
}
