// currentDirection is null for a transceiver that was stopped before any negotiation.
//
// #stop-the-rtcrtptransceiver: [[CurrentDirection]] becomes null.
export const specified = "null";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const transceiver = pc.addTransceiver("audio");
  transceiver.stop();
  const read = String(transceiver.currentDirection);
  await pc.close();
  return read;
}
