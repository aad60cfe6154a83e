// The rollback of an offer that removed a remote track fires its track event again.
//
// #set-description, 4.6.12.3.6.2: a rollback processes the remote track that the current description
// has (#process-remote-tracks, 2), and the event fires (4.6.20).
export const specified = "a track event";

export async function seen() {
  const remote = new RTCPeerConnection();
  const transceiver = remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  await remote.setLocalDescription(await remote.createOffer());
  await pc.setRemoteDescription(remote.localDescription);
  await pc.setLocalDescription(await pc.createAnswer());
  await remote.setRemoteDescription(pc.localDescription);
  transceiver.direction = "recvonly";
  await pc.setRemoteDescription(await remote.createOffer());
  let events = 0;
  pc.ontrack = () => (events += 1);
  await pc.setRemoteDescription({ type: "rollback" });
  return events === 1 ? "a track event" : `${events} track events`;
}
