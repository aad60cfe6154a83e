// A provisional answer cannot be rolled back.
//
// #set-description, 4.2: a rollback in have-local-pranswer is refused with an InvalidStateError. (A
// matter of reading: JSEP, jsep:4.1.10.2, allows it.)
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  const {sdp} = await b.createAnswer();
  await b.setLocalDescription({type: "pranswer", sdp});
  const rolled = b.setLocalDescription({type: "rollback"});
  const told = await rolled.then(() => "resolves", (error) => error.name);
  await Promise.all([a.close(), b.close()]);
  return told;
}
