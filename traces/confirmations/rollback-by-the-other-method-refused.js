// setRemoteDescription can roll back a local offer, setLocalDescription a remote one.
//
// #set-description, step 2, refuses a rollback in stable, have-local-pranswer and
// have-remote-pranswer only. RFC 9429, 5.7: "The effect of rollback MUST be the same regardless of
// whether setLocalDescription or setRemoteDescription is called." (web-platform-tests ask for
// InvalidStateError.)
export const specified = "a local offer: stable; a remote offer: stable";

async function after(pc, method) {
  try {
    await pc[method]({ type: "rollback" });
    return pc.signalingState;
  } catch (error) {
    return error.name;
  }
}

export async function seen() {
  const offerer = new RTCPeerConnection();
  const answerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription);
  const local = await after(offerer, "setRemoteDescription");
  const remote = await after(answerer, "setLocalDescription");
  return `a local offer: ${local}; a remote offer: ${remote}`;
}
