// signalingState is still stable when setLocalDescription() has returned.
//
// #set-description, 4.6.6: the state is set in a queued task, and no task can run before the call
// returns.
export const specified = "stable";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  const offer = await pc.createOffer();
  const set = pc.setLocalDescription(offer);
  const state = pc.signalingState;
  await set;
  pc.close();
  return state;
}
