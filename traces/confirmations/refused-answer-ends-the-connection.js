// After an answer was refused, the local offer can be rolled back, and another one made.
//
// #set-description, 4.5: a description that cannot be applied is rejected, and the steps end there;
// RFC 9429, 5.10: the session is restored to the state it was in. That is have-local-offer, where a
// rollback (#set-description, 4.6.12) leads to stable. The answer bundles what was not bundled.
export const specified = "answer InvalidAccessError, rollback resolved, offer resolved";

const end = (promise) => promise.then(() => "resolved").catch((error) => error.name);

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
  const refused = await end(pc.setRemoteDescription({ type, sdp: accepting }));
  const rolledBack = await end(pc.setLocalDescription({ type: "rollback" }));
  const offered = await end(pc.setLocalDescription());
  return `answer ${refused}, rollback ${rolledBack}, offer ${offered}`;
}
