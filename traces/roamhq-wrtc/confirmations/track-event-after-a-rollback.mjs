// A track whose addition was rolled back fires its event again when the same offer comes again.
//
// #set-description, 4.6.12.3.6: a rollback takes back what the offer made of remote tracks; so the next
// offer adds them anew (#process-remote-tracks).
export const specified = "2 events";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const transceiver = a.addTransceiver("audio", {direction: "inactive"});
  const first = await a.createOffer();
  await a.setLocalDescription(first);
  await b.setRemoteDescription(first);
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  transceiver.direction = "sendrecv";
  const offer = await a.createOffer();
  let events = 0;
  b.ontrack = () => (events += 1);
  await b.setRemoteDescription(offer);
  await b.setRemoteDescription({type: "rollback"});
  await b.setRemoteDescription(offer);
  await new Promise((resolve) => setTimeout(resolve, 500));
  [a, b].forEach((pc) => pc.close());
  return `${events} events`;
}
