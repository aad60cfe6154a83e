// replaceTrack looks at the transceiver when its turn in the chain has come.
//
// #dom-rtcrtpsender-replacetrack, 6: chained behind createOffer; 6.1: a stopping transceiver is
// refused with InvalidStateError, and stop() was called before that turn.
export const specified = "createOffer, replaceTrack InvalidStateError";

export async function seen() {
  const pc = new RTCPeerConnection();
  const transceiver = pc.addTransceiver("audio");
  const told = [];
  const created = pc.createOffer().then(() => told.push("createOffer"));
  const replaced = transceiver.sender.replaceTrack(null).then(
    () => told.push("replaceTrack"),
    (error) => told.push(`replaceTrack ${error.name}`),
  );
  transceiver.stop();
  await Promise.all([created, replaced]);
  return told.join(", ");
}
