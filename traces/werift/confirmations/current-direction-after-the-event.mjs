// When signalingstatechange fires for a local answer, currentDirection is the answered one.
//
// #set-description, 4.6.11.1.7.4 and 4.6.15: [[CurrentDirection]] is set before the event is fired.
export const specified = "currentDirection is recvonly";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection({iceServers: []}), new RTCPeerConnection({iceServers: []})];
  a.addTransceiver("audio");
  await b.setRemoteDescription(await a.createOffer());
  let read;
  b.onsignalingstatechange = () => {
    read ??= String(b.getTransceivers()[0].currentDirection);
  };
  await b.setLocalDescription(await b.createAnswer());
  await Promise.all([a.close(), b.close()]);
  return `currentDirection is ${read}`;
}
