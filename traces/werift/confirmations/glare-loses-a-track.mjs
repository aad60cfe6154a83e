// In glare of a track and a data channel, the end that gives up its track offers it again.
//
// #set-description, 4.6.12.3.1: the rolled back offer takes its mid back, so that the mid of the data
// section is not that of the transceiver, which gets an m-section of its own (RFC 9429, 5.2.2).
export const specified = "application, audio";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.createDataChannel("chat");
  b.addTrack(new MediaStreamTrack({kind: "audio"}));
  await a.setLocalDescription(await a.createOffer());
  await b.setLocalDescription(await b.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  const offer = await b.createOffer();
  await Promise.all([a.close(), b.close()]);
  return [...offer.sdp.matchAll(/^m=(\w+)/gm)].map((one) => one[1]).join(", ");
}
