// A call in the same task shows nothing of the descriptions that are outstanding.
//
// #set-description, 4.6: [[Mid]] and [[CurrentDirection]] change in a queued task. createOffer in
// the task of setLocalDescription and setRemoteDescription runs before either's.
export const specified = "no mid, no currentDirection";

export async function seen() {
  const remote = new RTCPeerConnection();
  const model = new RTCPeerConnection();
  model.addTransceiver("audio");
  await model.setLocalDescription();
  await remote.setRemoteDescription(model.localDescription);
  const answer = await remote.createAnswer();
  for (let tries = 0; tries < 60; tries += 1) {
    const pc = new RTCPeerConnection();
    const transceiver = pc.addTransceiver("audio");
    const ends = [pc.setLocalDescription(), pc.setRemoteDescription(answer), pc.createOffer()];
    const told =
      (transceiver.mid === null ? "no mid, " : "a mid, ") +
      (transceiver.currentDirection ?? "no currentDirection");
    await Promise.allSettled(ends);
    pc.close();
    if (told !== specified) return told;
  }
  return specified;
}
