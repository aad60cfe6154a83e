// In glare, an offerer that takes the other's offer answers it section by section.
//
// setRemoteDescription, 3.1.1: the local offer is rolled back, with its mids. Then each m-section of the
// offer takes a transceiver of its kind (jsep:5.10), and the answer has the offer's m-sections in their
// order (jsep:5.3.1).
export const specified = "offered audio, video; answered audio, video";
export async function seen({RTCPeerConnection, MediaStreamTrack}) {
  const kinds = ({sdp}) => [...sdp.matchAll(/^m=(\w+)/gm)].map(([, kind]) => kind).join(", ");
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  for (const kind of ["audio", "video"]) a.addTrack(new MediaStreamTrack({kind}));
  for (const kind of ["video", "audio"]) b.addTrack(new MediaStreamTrack({kind}));
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setLocalDescription(await b.createOffer());
  await b.setRemoteDescription(offer);
  const answer = await b.createAnswer();
  await Promise.all([a.close(), b.close()]);
  return `offered ${kinds(offer)}; answered ${kinds(answer)}`;
}
