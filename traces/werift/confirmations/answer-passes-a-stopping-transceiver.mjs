// An answer is applied to a transceiver that was stopped after the offer: only an m-section that is
// rejected ends it.
//
// #set-description, 4.6.11.2.14.2: [[CurrentDirection]] is set; 4.6.11.2.12: its track is added, and the
// event fires (4.6.20). Neither asks for [[Stopping]]: stop() has to be negotiated.
export const specified = "currentDirection is sendrecv, track fires";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  const transceiver = a.addTransceiver("audio");
  await a.setLocalDescription(await a.createOffer());
  b.addTrack(new MediaStreamTrack({kind: "audio"}));
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  transceiver.stop();
  let tracks = 0;
  a.ontrack = () => (tracks += 1);
  await a.setRemoteDescription(b.localDescription);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const read = transceiver.currentDirection ?? "null";
  await Promise.all([a.close(), b.close()]);
  return `currentDirection is ${read}, ${tracks > 0 ? "track fires" : "no track event"}`;
}
