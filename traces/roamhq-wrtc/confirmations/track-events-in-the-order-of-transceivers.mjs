// track events come in the order of the m-sections.
//
// #set-description, 4.6.11 and 4.6.20: m-sections are processed, and events fired, in their order.
export const specified = "video, audio";
export async function seen({RTCPeerConnection, nonstandard}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("video");
  a.addTransceiver("audio");
  b.addTrack(new nonstandard.RTCAudioSource().createTrack());
  b.addTrack(new nonstandard.RTCVideoSource().createTrack());
  const order = [];
  b.ontrack = ({track}) => order.push(track.kind);
  await b.setRemoteDescription(await a.createOffer());
  await new Promise((resolve) => setTimeout(resolve, 500));
  [a, b].forEach((pc) => pc.close());
  return order.join(", ");
}
