// A matter of reading: a data channel whose m-section was rejected.
//
// #dfn-check-if-negotiation-is-needed, 4, asks for an m-section that "has been negotiated yet for
// data", and does not say whether a rejected one counts; JSEP 5.2.2 lets transceivers recycle a
// rejected m-section, and does not speak of data. To the letter: no event, and a new m-section.
export const specified = "no negotiationneeded; m-sections: audio, application, application";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  remote.createDataChannel("theirs");
  const { type, sdp } = await remote.createOffer();
  const pc = new RTCPeerConnection();
  let fired = false;
  const rejecting = sdp.replace("m=application 9", "m=application 0");
  const [, bundled] = /a=group:BUNDLE (\S+)/.exec(sdp);
  await pc.setRemoteDescription({
    type,
    sdp: rejecting.replace(/a=group:BUNDLE.*/, `a=group:BUNDLE ${bundled}`),
  });
  pc.createDataChannel("ours");
  pc.onnegotiationneeded = () => (fired = true);
  await pc.setLocalDescription();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await pc.setLocalDescription();
  const kinds = [...pc.localDescription.sdp.matchAll(/^m=(\w+)/gm)].map(([, kind]) => kind);
  return `${fired ? "" : "no "}negotiationneeded; m-sections: ${kinds.join(", ")}`;
}
