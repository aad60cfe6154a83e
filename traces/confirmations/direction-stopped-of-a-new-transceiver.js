// A matter of an incomplete text: a transceiver that is added with the direction "stopped".
//
// #dom-rtcpeerconnection-addtransceiver: no step refuses or changes init.direction, which has the
// value "stopped" too; #create-an-rtcrtptransceiver sets [[Direction]] to it. To the letter, the
// attribute returns it.
export const specified = "stopped";

export async function seen() {
  const pc = new RTCPeerConnection();
  try {
    return pc.addTransceiver("audio", { direction: "stopped" }).direction;
  } catch (error) {
    return error.name;
  }
}
