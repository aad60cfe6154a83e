// setLocalDescription({type: "pranswer"}) creates an answer and sets it as a provisional one.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.5.2: the description that is set is {type, sdp of the
// answer}, and type is the argument's (4.1). #set-description, 4.6.5.3: have-local-pranswer.
export const specified = "have-local-pranswer, pendingLocalDescription pranswer";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(await remote.createOffer());
  try {
    await pc.setLocalDescription({ type: "pranswer" });
  } catch (error) {
    return `${error.name}, ${pc.signalingState}`;
  }
  const pending = pc.pendingLocalDescription;
  return `${pc.signalingState}, pendingLocalDescription ${pending && pending.type}`;
}
