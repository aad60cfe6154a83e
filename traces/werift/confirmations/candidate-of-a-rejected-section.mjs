// A candidate for an m-section that the remote offer rejects is ignored.
//
// #set-description, 4.6.11.2.15: the offer stops the transceiver. #dom-peerconnection-addicecandidate, 4.4:
// for a stopped transceiver the promise is resolved; the username fragment is looked for after that (4.5).
export const specified = "resolves";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  a.addTransceiver("video");
  await a.setLocalDescription(await a.createOffer());
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription(await b.createAnswer());
  await a.setRemoteDescription(b.localDescription);
  const mid = b.getTransceivers()[1].mid;
  const offer = await a.createOffer();
  const sdp = offer.sdp.replace(/m=video \d+ /, "m=video 0 ").replace(/(a=group:BUNDLE \S+) .*/, "$1");
  await b.setRemoteDescription({type: "offer", sdp});
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  const told = await b
    .addIceCandidate({candidate, sdpMid: mid, usernameFragment: "nosuchfragment"})
    .then(() => "resolves", (error) => `rejects with ${error.name}`);
  await Promise.all([a.close(), b.close()]);
  return told;
}
