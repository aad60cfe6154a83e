// setParameters() returns a promise.
//
// #dom-rtcrtpsender-setparameters: Promise<undefined> setParameters(RTCRtpSendParameters parameters).
export const specified = "a promise";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const {sender} = pc.addTransceiver("audio");
  const value = sender.setParameters(sender.getParameters());
  await pc.close();
  return value instanceof Promise ? "a promise" : String(value);
}
