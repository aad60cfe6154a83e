// After setStreams has been negotiated, nothing remains to be negotiated.
//
// #dfn-check-if-negotiation-is-needed, 5.3.1: the MSIDs of the m-section in the current local
// description are the sender's associated streams, when the offer has named them. The answer
// clears the flag (#set-description, 4.6.14.3), and nothing sets it again.
export const specified = "events: 1; the offer names the stream; events after the answer: 0";

async function negotiate(pc, remote) {
  await pc.setLocalDescription();
  await remote.setRemoteDescription(pc.localDescription);
  await remote.setLocalDescription();
  await pc.setRemoteDescription(remote.localDescription);
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 300));

export async function seen() {
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  const stream = new AudioContext().createMediaStreamDestination().stream;
  let events = 0;
  const { sender } = pc.addTransceiver(stream.getTracks()[0], { streams: [stream] });
  await negotiate(pc, remote);
  await quiet();
  pc.onnegotiationneeded = () => (events += 1);
  const other = new MediaStream();
  sender.setStreams(other);
  await quiet();
  const before = events;
  await negotiate(pc, remote);
  await quiet();
  const named = pc.currentLocalDescription.sdp.includes(`a=msid:${other.id} `);
  const offer = named ? "the offer names the stream" : "the offer does not name the stream";
  return `events: ${before}; ${offer}; events after the answer: ${events - before}`;
}
