// addTrack() makes a transceiver where the only one of its kind is stopping.
//
// #dom-rtcpeerconnection-addtrack, 6: a stopping transceiver's sender is not reused.
export const specified = "a sender";
export async function seen({RTCPeerConnection, nonstandard}) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio").stop();
  let told = "a sender";
  try {
    pc.addTrack(new nonstandard.RTCAudioSource().createTrack());
  } catch (error) {
    told = error.name;
  }
  pc.close();
  return told;
}
