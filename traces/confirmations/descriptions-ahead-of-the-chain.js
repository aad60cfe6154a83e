// A remote description shows when it is applied, not when it is set.
//
// #set-description, 4.6.5: [[PendingRemoteDescription]] is set in a queued task, the one that also
// sets the signaling state (4.6.6). No such task can run before the script ends.
export const specified = "stable, no pending remote description";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  pc.setRemoteDescription(offer);
  const state = pc.signalingState;
  const pending = pc.pendingRemoteDescription ? "a" : "no";
  return `${state}, ${pending} pending remote description`;
}
