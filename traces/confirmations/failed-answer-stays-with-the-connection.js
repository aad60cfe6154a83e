// An answer that was refused leaves no trace: one that fits is applied after it.
//
// #set-description, 4.5: a description that cannot be applied is rejected, and the steps end there.
// JSEP 5.10: "If an error is returned, the session MUST be restored to the state it was in". The
// first answer accepts and bundles an m-section that was offered rejected; the second rejects it.
export const specified = "InvalidAccessError, resolved, stable";

const name = (promise) => promise.then(() => "resolved").catch((error) => error.name);

export async function seen() {
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  const transceiver = pc.addTransceiver("audio");
  for (const stop of [false, true]) {
    if (stop) transceiver.stop();
    await pc.setLocalDescription();
    await remote.setRemoteDescription(pc.localDescription);
    await remote.setLocalDescription();
    if (!stop) await pc.setRemoteDescription(remote.localDescription);
  }
  const { type, sdp } = remote.localDescription;
  const accepting = sdp
    .replace("m=audio 0 ", "m=audio 9 ")
    .replace("t=0 0\r\n", `t=0 0\r\na=group:BUNDLE ${/a=mid:(\S+)/.exec(sdp)[1]}\r\n`);
  const refused = await name(pc.setRemoteDescription({ type, sdp: accepting }));
  return `${refused}, ${await name(pc.setRemoteDescription({ type, sdp }))}, ${pc.signalingState}`;
}
