// An end-of-candidates indication waits for the setRemoteDescription before it.
//
// #dom-rtcpeerconnection-addicecandidate, 4: the steps are chained. #dfn-chain, 6 and 7.4.3: they run
// when setRemoteDescription's promise has settled, and so they resolve after it.
export const specified = "setRemoteDescription, addIceCandidate";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const told = [];
  await Promise.all([
    pc.setRemoteDescription(offer).then(() => told.push("setRemoteDescription")),
    pc.addIceCandidate({ candidate: "", sdpMLineIndex: 0 }).then(
      () => told.push("addIceCandidate"),
      (error) => told.push(error.name),
    ),
  ]);
  return told.join(", ");
}
