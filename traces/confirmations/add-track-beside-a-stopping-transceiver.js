// addTrack passes over the sender of a stopping transceiver.
//
// #dom-rtcpeerconnection-addtrack, step 7: a sender is used again only if its transceiver's
// [[Stopping]] is false; with no such sender, a new one is made (9). No step throws for it.
export const specified = "returned, 2 transceivers";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio").stop();
  const track = new AudioContext().createMediaStreamDestination().stream.getTracks()[0];
  let end = "returned";
  try {
    pc.addTrack(track);
  } catch (error) {
    end = error.name;
  }
  const count = pc.getTransceivers().length;
  return `${end}, ${count} transceiver${count === 1 ? "" : "s"}`;
}
