// close() leaves the mid as it is.
//
// #dfn-close-the-connection, step 4, stops each transceiver; #stop-the-rtcrtptransceiver sets
// [[Stopped]], [[Receptive]] and [[CurrentDirection]]. No step of either clears [[Mid]].
export const specified = "a mid before close, the same after it";

export async function seen() {
  const pc = new RTCPeerConnection();
  const transceiver = pc.addTransceiver("audio");
  await pc.setLocalDescription();
  const { mid } = transceiver;
  pc.close();
  const after = transceiver.mid === mid ? "the same" : String(transceiver.mid);
  return `${mid === null ? "no mid" : "a mid"} before close, ${after} after it`;
}
