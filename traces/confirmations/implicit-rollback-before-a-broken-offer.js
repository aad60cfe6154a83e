// A remote offer in have-local-offer rolls back the local one, and then may turn out to be broken.
//
// #dom-rtcpeerconnection-setremotedescription, 3.1: an offer that is invalid in this state: the local
// offer is rolled back (3.1.1), and only then the remote one is set (3.1.2), where its syntax is
// looked at (#set-description, 4.5.3).
export const specified = "signalingstatechange to stable, OperationError in stable";

export async function seen() {
  const pc = new RTCPeerConnection();
  const told = [];
  pc.addTransceiver("audio");
  await pc.setLocalDescription();
  pc.onsignalingstatechange = () => told.push(`signalingstatechange to ${pc.signalingState}`);
  await pc.setRemoteDescription({ type: "offer", sdp: "no description" }).then(
    () => told.push("resolved"),
    (error) => told.push(`${error.name} in ${pc.signalingState}`),
  );
  return told.join(", ");
}
