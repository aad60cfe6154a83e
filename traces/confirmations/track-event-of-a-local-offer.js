// A local offer fires no track event.
//
// #set-description: remote tracks are processed for a remote description (4.6.11.2.12) and for a
// rollback of one; trackEventInits (4.6.20) stays empty for a local offer, whatever its direction.
export const specified = "inactive: none; stopped: none";

async function events(change) {
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  const stream = new AudioContext().createMediaStreamDestination().stream;
  remote.addTrack(stream.getTracks()[0], stream);
  await remote.setLocalDescription();
  await pc.setRemoteDescription(remote.localDescription);
  await pc.setLocalDescription();
  const told = [];
  change(pc.getTransceivers()[0]);
  pc.ontrack = () => told.push(`track in ${pc.signalingState}`);
  await pc.setLocalDescription();
  await new Promise((resolve) => setTimeout(resolve, 200));
  return told.join(", ") || "none";
}

export async function seen() {
  const inactive = await events((transceiver) => (transceiver.direction = "inactive"));
  const stopped = await events((transceiver) => transceiver.stop());
  return `inactive: ${inactive}; stopped: ${stopped}`;
}
