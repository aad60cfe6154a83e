// An operation settles after those that were chained before it.
//
// #dfn-chain: replaceTrack's steps run when createOffer's promise has settled (7.4.3). createOffer's
// reaction was registered at once; it runs before that of replaceTrack.
export const specified = "createOffer, replaceTrack";

export async function seen() {
  const pc = new RTCPeerConnection();
  const transceiver = pc.addTransceiver("audio");
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  const order = [];
  const first = pc.createOffer().then(() => order.push("createOffer"));
  const second = transceiver.sender
    .replaceTrack(track)
    .catch(() => null)
    .then(() => order.push("replaceTrack"));
  transceiver.stop();
  await Promise.all([first, second]);
  return order.join(", ");
}
