// An end-of-candidates indication is chained and checked like every candidate.
//
// #dom-rtcpeerconnection-addicecandidate: the empty candidate is excepted from the TypeError only
// (3). The rest is chained (4): no remote description, InvalidStateError (4.1); a mid or an index
// that is not in the remote description, OperationError (4.2.1, 4.3.1).
export const specified =
  "before: InvalidStateError; mid of no m-section: OperationError; index of none: OperationError";

const name = (promise) => promise.then(() => "resolved").catch((error) => error.name);

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  const told = [`before: ${await name(pc.addIceCandidate({ candidate: "", sdpMid: "0" }))}`];
  await pc.setRemoteDescription(await remote.createOffer());
  const mid = await name(pc.addIceCandidate({ candidate: "", sdpMid: "none" }));
  const index = await name(pc.addIceCandidate({ candidate: "", sdpMLineIndex: 7 }));
  return [...told, `mid of no m-section: ${mid}`, `index of none: ${index}`].join("; ");
}
