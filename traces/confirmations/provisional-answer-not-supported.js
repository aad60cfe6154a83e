// A provisional answer can be set.
//
// #set-description has steps for it: 4.6.5.3 (local) and 4.6.6.3 (remote) set the state to
// have-local-pranswer and have-remote-pranswer. No step refuses the type.
export const specified = "local: have-local-pranswer, remote: have-remote-pranswer";

async function after(pc, description, method) {
  try {
    await pc[method](description);
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
  const { sdp } = await answerer.createAnswer();
  const provisional = { type: "pranswer", sdp };
  const local = await after(answerer, provisional, "setLocalDescription");
  const remote = await after(offerer, provisional, "setRemoteDescription");
  return `local: ${local}, remote: ${remote}`;
}
