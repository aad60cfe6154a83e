// A rejected m-section of an answer fires no track event.
//
// #set-description, 4.6.11.2.10: the direction of a rejected m-section is inactive.
export const specified = "0 events";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  a.addTransceiver("video");
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  for (const transceiver of b.getTransceivers()) transceiver.direction = "sendrecv";
  const {sdp} = await b.createAnswer();
  let events = 0;
  a.ontrack = ({track}) => (events += track.kind === "video" ? 1 : 0);
  const rejecting = sdp.replace(/m=video \d+/, "m=video 0").replace("BUNDLE 0 1", "BUNDLE 0");
  await a.setRemoteDescription({type: "answer", sdp: rejecting});
  await new Promise((resolve) => setTimeout(resolve, 500));
  [a, b].forEach((pc) => pc.close());
  return `${events} events`;
}
