// A description is not applied while a setParameters is outstanding.
//
// #set-description, 4.6.3: when the description has been applied in parallel and a promise of a
// setParameters is not settled, the process starts over. setParameters is called before that task
// can run, and so it settles first.
export const specified = "setParameters, setRemoteDescription";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  for (let tries = 0; tries < 30; tries += 1) {
    const pc = new RTCPeerConnection();
    const { sender } = pc.addTransceiver("audio");
    const parameters = sender.getParameters();
    const told = [];
    await Promise.all([
      pc.setRemoteDescription(offer).then(() => told.push("setRemoteDescription")),
      sender.setParameters(parameters).then(() => told.push("setParameters")),
    ]);
    pc.close();
    if (told.join(", ") !== specified) return told.join(", ");
  }
  return specified;
}
