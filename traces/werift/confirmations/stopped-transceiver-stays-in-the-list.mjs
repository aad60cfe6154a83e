// A transceiver that is stopped by negotiation leaves getTransceivers().
//
// #set-description, 4.6.11.2.15 and 4.6.13.1.1: a rejected m-section of a remote description stops the
// transceiver, and stopped transceivers are removed from the set of an answered connection.
export const specified = "0 transceivers";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  const transceiver = a.addTransceiver("audio");
  for (const round of [1, 2]) {
    const offer = await a.createOffer();
    await a.setLocalDescription(offer);
    await b.setRemoteDescription(offer);
    const answer = await b.createAnswer();
    await b.setLocalDescription(answer);
    await a.setRemoteDescription(answer);
    if (round === 1) transceiver.stop();
  }
  const count = a.getTransceivers().length;
  await Promise.all([a.close(), b.close()]);
  return `${count} transceivers`;
}
