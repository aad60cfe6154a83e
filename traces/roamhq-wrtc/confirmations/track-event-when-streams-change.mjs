// A new stream of a track that is received already fires a track event.
//
// #process-remote-tracks: the addition of a track is processed when its msids change, too.
export const specified = "track";
export async function seen({RTCPeerConnection, MediaStream, nonstandard}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const track = new nonstandard.RTCAudioSource().createTrack();
  const {sender} = a.addTransceiver(track, {streams: [new MediaStream()]});
  const offer = async () => {
    const made = await a.createOffer();
    await a.setLocalDescription(made);
    await b.setRemoteDescription(made);
    const answer = await b.createAnswer();
    await b.setLocalDescription(answer);
    await a.setRemoteDescription(answer);
  };
  await offer();
  await new Promise((resolve) => setTimeout(resolve, 100));
  let events = 0;
  b.ontrack = () => (events += 1);
  sender.setStreams(new MediaStream());
  await offer();
  await new Promise((resolve) => setTimeout(resolve, 500));
  [a, b].forEach((pc) => pc.close());
  return events > 0 ? "track" : "no event";
}
