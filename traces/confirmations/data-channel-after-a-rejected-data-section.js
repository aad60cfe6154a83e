// A data channel is offered although an earlier m-section for data was rejected.
//
// RFC 9429, initial offers: "if a data channel has been created, an "m=" section MUST be generated
// for data". Subsequent offers take no exception from this. A section with port 0 is none: it is
// disabled, and nothing can be negotiated in it.
export const specified = "an m-section for data that is not rejected";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  offerer.createDataChannel("of the offerer");
  const offer = await offerer.createOffer();
  const sdp = offer.sdp
    .replace(/m=application \d+ /, "m=application 0 ")
    .replace(/(a=group:BUNDLE \S+) \S+/, "$1")
    .replace("a=bundle-only\r\n", "");
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription({ type: "offer", sdp });
  await pc.setLocalDescription();
  pc.createDataChannel("one");
  const mine = (await pc.createOffer()).sdp;
  const lines = mine.match(/m=application \d+/g) ?? ["no m-section for data"];
  return lines.some((line) => !/ 0$/.test(line) && line.startsWith("m=")) ? specified : lines.join();
}
