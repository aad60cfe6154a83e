// The first event of an implicit rollback shows the rollback only.
//
// #dom-rtcpeerconnection-setremotedescription, 3.1: the local offer is rolled back first, and then
// the remote offer is set: two runs of #set-description, each with its own task (4.6). When the
// first one fires signalingstatechange (4.6.15), the second has not begun.
export const specified =
  "stable: pendingRemoteDescription null, 1 transceiver; " +
  "have-remote-offer: pendingRemoteDescription offer, 2 transceivers";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  const told = [];
  pc.addTransceiver("audio");
  await pc.setLocalDescription();
  pc.onsignalingstatechange = () => {
    const count = pc.getTransceivers().length;
    told.push(
      `${pc.signalingState}: pendingRemoteDescription ` +
        `${pc.pendingRemoteDescription?.type ?? null}, ` +
        `${count} transceiver${count === 1 ? "" : "s"}`,
    );
  };
  await pc.setRemoteDescription(await remote.createOffer());
  return told.join("; ");
}
