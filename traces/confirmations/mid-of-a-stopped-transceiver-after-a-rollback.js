// A rollback takes the mid back from every transceiver that had none before the offer.
//
// A remote offer rejects the m-section that addTrack's transceiver is associated with: it gets the
// mid (#set-description, 4.6.11.2.9) and is stopped (4.6.11.2.15). The rollback sets the mid of each
// transceiver that was not associated before to null (4.6.12.3.1), whether it is stopped or not.
export const specified = "offered: a mid, stopped; rolled back: no mid, stopped";

const read = ({ mid, currentDirection }) =>
  `${mid === null ? "no mid" : "a mid"}, ${currentDirection}`;

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  pc.addTrack(track);
  const [transceiver] = pc.getTransceivers();
  const sdp = offer.sdp.replace("m=audio 9 ", "m=audio 0 ").replace(/a=group:BUNDLE.*\r\n/, "");
  await pc.setRemoteDescription({ type: "offer", sdp });
  const offered = read(transceiver);
  await pc.setRemoteDescription({ type: "rollback" });
  return `offered: ${offered}; rolled back: ${read(transceiver)}`;
}
