// A call in the same task shows nothing of a setRemoteDescription that is outstanding.
//
// #set-description, 4.6: the description's effects, [[Mid]] among them (4.6.11.2.9), happen in a
// queued task, which also sets the state and fires the events. addTrack in the task of
// setRemoteDescription runs before it: the new transceiver has no mid.
export const specified = "stable, no mid";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  for (let tries = 0; tries < 60; tries += 1) {
    const pc = new RTCPeerConnection();
    const applied = pc.setRemoteDescription(offer);
    pc.addTrack(track);
    const { mid } = pc.getTransceivers()[0];
    const told = `${pc.signalingState}, ${mid === null ? "no mid" : "a mid"}`;
    await applied;
    pc.close();
    if (told !== specified) return told;
  }
  return specified;
}
