// An end-of-candidates indication that is outstanding when the connection is closed never settles.
//
// #dom-rtcpeerconnection-addicecandidate, 4.7.2: a queued task resolves the promise, unless
// [[IsClosed]] is true by then (4.7.2.1); #dfn-chain, 7.1, says the same.
export const specified = "never";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(await remote.createOffer());
  let end = "never";
  pc.addIceCandidate({ candidate: "", sdpMLineIndex: 0 }).then(
    () => (end = "resolved"),
    (error) => (end = error.name),
  );
  pc.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return end;
}
