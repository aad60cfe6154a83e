// A rejected m-section of an offer is rejected in its answer.
//
// jsep:5.3.1: if the offered m-section is rejected, so is the answered one.
export const specified = "port 0";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.createDataChannel("x");
  const {type, sdp} = await a.createOffer();
  await b.setRemoteDescription({type, sdp: sdp.replace(/^m=application \d+/m, "m=application 0")});
  b.createDataChannel("y");
  const answer = await b.createAnswer();
  await Promise.all([a.close(), b.close()]);
  return `port ${/^m=application (\d+)/m.exec(answer.sdp)[1]}`;
}
