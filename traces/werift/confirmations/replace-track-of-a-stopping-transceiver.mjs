// replaceTrack() of a stopping transceiver is refused.
//
// #dom-rtcrtpsender-replacetrack, 6.2: if [[Stopping]] is true, reject with an InvalidStateError.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const transceiver = pc.addTransceiver("audio");
  transceiver.stop();
  const replaced = transceiver.sender.replaceTrack(new MediaStreamTrack({kind: "audio"}));
  const told = await replaced.then(() => "resolves", (error) => error.name);
  await pc.close();
  return told;
}
