// setStreams() of a closed connection throws an InvalidStateError.
//
// #dom-rtcrtpsender-setstreams, 3.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection, MediaStream}) {
  const pc = new RTCPeerConnection();
  const {sender} = pc.addTransceiver("audio");
  pc.close();
  try {
    sender.setStreams(new MediaStream());
  } catch (error) {
    return error.name;
  }
  return "it returns";
}
