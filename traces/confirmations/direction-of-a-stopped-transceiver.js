// The direction of a stopped transceiver reads "stopped".
//
// #dfn-close-the-connection, step 4, stops each transceiver, which sets [[Stopping]] and
// [[Direction]] (#stop-sending-and-receiving); RTCRtpTransceiver.direction returns "stopped" then.
export const specified = "stopped";

export async function seen() {
  const pc = new RTCPeerConnection();
  const transceiver = pc.addTransceiver("audio");
  pc.close();
  return transceiver.direction;
}
