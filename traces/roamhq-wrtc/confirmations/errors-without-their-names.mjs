// addTransceiver() of a closed connection throws an InvalidStateError.
//
// #dom-rtcpeerconnection-addtransceiver: if [[IsClosed]] is true.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection();
  pc.close();
  try {
    pc.addTransceiver("audio");
  } catch (error) {
    return error.name;
  }
  return "a transceiver";
}
