// replaceTrack() of a transceiver that was stopped meanwhile rejects.
//
// #dom-rtcrtpsender-replacetrack, 6.2: if [[Stopping]] is true when its turn has come, reject with an
// InvalidStateError.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  const transceiver = pc.addTransceiver("audio");
  pc.createOffer();
  const replaced = transceiver.sender.replaceTrack(null);
  transceiver.stop();
  const told = await replaced.then(() => "resolves", (error) => error.name);
  pc.close();
  return told;
}
