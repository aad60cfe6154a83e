// createAnswer() without an offer is refused with an InvalidStateError.
//
// createAnswer, 3: if the state is neither have-remote-offer nor have-local-pranswer, reject with one.
export const specified = "InvalidStateError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  const told = await pc.createAnswer().then(() => "an answer", (error) => error.name);
  await pc.close();
  return told;
}
