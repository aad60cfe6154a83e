// setLocalDescription({type: "pranswer"}) makes the answer itself.
//
// setLocalDescription, 4.5: without an sdp, the last created answer is set, or a new one.
export const specified = "resolves";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  const set = b.setLocalDescription({type: "pranswer"});
  const told = await set.then(() => "resolves", (error) => `rejects: ${error.message ?? error}`);
  [a, b].forEach((pc) => pc.close());
  return told;
}
