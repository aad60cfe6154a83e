// setLocalDescription compares an sdp with the created one before it is read as SDP.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.2 and 4.3: an sdp that is not the last created one is
// rejected with InvalidModificationError. Syntax is looked at later (#set-description, 4.5.3).
export const specified = "offer: InvalidModificationError; answer: InvalidModificationError";

async function end(type) {
  const pc = new RTCPeerConnection();
  if (type === "answer") {
    const remote = new RTCPeerConnection();
    remote.addTransceiver("audio");
    await pc.setRemoteDescription(await remote.createOffer());
  }
  return pc.setLocalDescription({ type, sdp: "v=0\r\n" }).then(
    () => "resolved",
    (error) => error.name,
  );
}

export async function seen() {
  return `offer: ${await end("offer")}; answer: ${await end("answer")}`;
}
