// addIceCandidate is an InvalidStateError while there is no remote description.
//
// addIceCandidate, 4.1: if remoteDescription is null, the promise is rejected with InvalidStateError.
export const specified = "InvalidStateError";

export async function seen() {
  const pc = new RTCPeerConnection();
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 9 typ host";
  return pc.addIceCandidate({ candidate, sdpMid: "0" }).then(
    () => "it resolves",
    (error) => error.name,
  );
}
