// A candidate that is wrong is refused itself, and not the description that it was added with.
//
// #dfn-chain, 6: the candidate is processed when the description has been applied, and its own promise
// says what became of it (addIceCandidate, 4.5).
export const specified = "setRemoteDescription resolves, addIceCandidate rejects";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  const offer = await a.createOffer();
  const told = (promise) => promise.then(() => "resolves", () => "rejects");
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  const set = told(b.setRemoteDescription(offer));
  const added = told(b.addIceCandidate({candidate, sdpMid: "no such mid"}));
  const both = `setRemoteDescription ${await set}, addIceCandidate ${await added}`;
  await Promise.all([a.close(), b.close()]);
  return both;
}
