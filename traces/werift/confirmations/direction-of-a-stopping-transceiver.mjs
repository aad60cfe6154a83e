// The direction of a transceiver is "stopped" as soon as stop() has returned.
//
// #dom-rtcrtptransceiver-direction: if [[Stopping]] is true, return "stopped".
export const specified = "stopped";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const transceiver = pc.addTransceiver("audio");
  transceiver.stop();
  const read = transceiver.direction;
  await pc.close();
  return read;
}
