// An answer that was never created cannot be set, whatever the state: InvalidModificationError.
//
// setLocalDescription, 4.4: comes before the state is looked at (#set-description, 4.2). (A matter of
// reading: the test suite has an InvalidStateError.)
export const specified = "InvalidModificationError";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  const {sdp} = await b.createAnswer();
  const set = a.setLocalDescription({type: "answer", sdp});
  const told = await set.then(() => "resolves", (error) => error.name);
  [a, b].forEach((pc) => pc.close());
  return told;
}
