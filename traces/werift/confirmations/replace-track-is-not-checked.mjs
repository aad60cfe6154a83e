// replaceTrack() refuses a track of the other kind.
//
// #dom-rtcrtpsender-replacetrack, 4: reject with a TypeError.
export const specified = "TypeError";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const {sender} = pc.addTransceiver("audio");
  const replaced = sender.replaceTrack(new MediaStreamTrack({kind: "video"}));
  const told = await replaced.then(() => "resolves", (error) => error.name);
  await pc.close();
  return told;
}
