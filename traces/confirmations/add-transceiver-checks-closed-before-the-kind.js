// addTransceiver looks at the kind before it looks whether the connection is closed.
//
// #dom-rtcpeerconnection-addtransceiver: step 5.1 throws a TypeError for a kind that is neither
// audio nor video, step 7 an InvalidStateError when the connection is closed.
export const specified = "TypeError";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.close();
  try {
    pc.addTransceiver("text");
    return "nothing is thrown";
  } catch (error) {
    return error.name;
  }
}
