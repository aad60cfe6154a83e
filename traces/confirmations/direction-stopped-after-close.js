// The direction of a stopped transceiver cannot be set, not even to "stopped".
//
// #dom-rtcrtptransceiver-direction, on setting: [[Stopping]] is looked at in 3 (InvalidStateError),
// the value "stopped" in 6 (TypeError). close() has stopped the transceiver.
export const specified = "InvalidStateError";

export async function seen() {
  const pc = new RTCPeerConnection();
  const transceiver = pc.addTransceiver("audio");
  pc.close();
  try {
    transceiver.direction = "stopped";
    return "returned";
  } catch (error) {
    return error.name;
  }
}
