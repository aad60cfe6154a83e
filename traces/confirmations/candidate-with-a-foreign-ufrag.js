// A candidate's usernameFragment must be in the remote description.
//
// #dom-rtcpeerconnection-addicecandidate, 4.5: a usernameFragment that is in no m-section of an
// applied remote description is rejected with OperationError.
export const specified = "OperationError";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(await remote.createOffer());
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  const init = { candidate, sdpMLineIndex: 0, usernameFragment: "another" };
  return pc.addIceCandidate(init).then(
    () => "resolved",
    (error) => error.name,
  );
}
