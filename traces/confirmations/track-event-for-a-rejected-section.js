// A remote offer that rejects an m-section fires no track event for it.
//
// #set-description, 4.6.11.2.10: the direction of a rejected m-section is inactive for the remote
// side, so that no remote track is added (#process-remote-tracks, 2) and no event is due (4.6.20).
export const specified = "no track event";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const { sdp } = await remote.createOffer();
  const pc = new RTCPeerConnection();
  pc.addTrack(new AudioContext().createMediaStreamDestination().stream.getTracks()[0]);
  let events = 0;
  pc.ontrack = () => (events += 1);
  await pc.setRemoteDescription({ type: "offer", sdp: sdp.replace(/^m=audio 9/m, "m=audio 0") });
  return events === 0 ? "no track event" : `${events} track event`;
}
