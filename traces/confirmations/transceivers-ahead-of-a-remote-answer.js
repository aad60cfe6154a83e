// What a remote answer gives shows with its task, not before.
//
// #set-description, 4.6.11: [[CurrentDirection]] is set in a queued task, the one that also sets the
// signaling state (4.6.6) and fires the event. No such task can run before the script ends.
export const specified = "have-local-offer, currentDirection null";

export async function seen() {
  const [track] = new AudioContext().createMediaStreamDestination().stream.getTracks();
  const pc = new RTCPeerConnection();
  const sender = pc.addTrack(track);
  const other = new RTCPeerConnection();
  await pc.setLocalDescription(await pc.createOffer());
  await other.setRemoteDescription(pc.localDescription);
  const answer = await other.createAnswer();
  pc.setRemoteDescription(answer);
  pc.removeTrack(sender);
  const [transceiver] = pc.getTransceivers();
  return `${pc.signalingState}, currentDirection ${transceiver.currentDirection}`;
}
