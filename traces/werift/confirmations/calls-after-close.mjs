// A closed connection refuses new transceivers.
//
// #dom-rtcpeerconnection-addtransceiver: if [[IsClosed]] is true, throw an InvalidStateError.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  await pc.close();
  try {
    pc.addTransceiver("audio");
  } catch (error) {
    return error.name;
  }
  return "a transceiver";
}
