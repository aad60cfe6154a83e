// setLocalDescription({type: "answer"}) is refused in stable, also behind another operation.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.5: without a created answer one is created, which
// is an InvalidStateError in stable (#dfn-create-an-answer, 1). The type is the argument's (4.1).
export const specified = "InvalidStateError, stable";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  pc.createAnswer().catch(() => null);
  return pc.setLocalDescription({ type: "answer" }).then(
    () => `it resolves, ${pc.signalingState}`,
    (error) => `${error.name}, ${pc.signalingState}`,
  );
}
