// Whether a local answer is valid in its state shows when its turn in the chain has come.
//
// #dom-rtcpeerconnection-setlocaldescription, 4: all its steps are chained. When they run, the remote
// offer has been applied, and creating the answer is allowed.
export const specified = "setRemoteDescription, setLocalDescription, stable";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const told = [];
  await Promise.all([
    pc.setRemoteDescription(offer).then(() => told.push("setRemoteDescription")),
    pc.setLocalDescription({ type: "answer" }).then(
      () => told.push("setLocalDescription"),
      (error) => told.push(error.name),
    ),
  ]);
  return [...told, pc.signalingState].join(", ");
}
