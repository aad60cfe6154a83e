// After close(), an argument that is a TypeError stays one.
//
// #dom-rtcpeerconnection-addicecandidate, 3, and #dom-rtcrtpsender-replacetrack, 5, come before the
// steps that are chained, where a closed connection is refused (#dfn-chain, 2).
export const specified = "addIceCandidate TypeError, replaceTrack TypeError";

const name = (promise) => promise.then(() => "resolved").catch((error) => error.name);

export async function seen() {
  const pc = new RTCPeerConnection();
  const { sender } = pc.addTransceiver("audio");
  const track = document.createElement("canvas").captureStream().getTracks()[0];
  pc.close();
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  return [
    `addIceCandidate ${await name(pc.addIceCandidate({ candidate }))}`,
    `replaceTrack ${await name(sender.replaceTrack(track))}`,
  ].join(", ");
}
