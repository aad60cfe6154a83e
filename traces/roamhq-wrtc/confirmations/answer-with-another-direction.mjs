// An answer that sends where the offer does not receive is refused.
//
// #set-description, 4.5: an invalid description (jsep:5.8) is refused with an InvalidAccessError.
export const specified = "rejects";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio", {direction: "recvonly"});
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  const {sdp} = await b.createAnswer();
  const answer = {type: "answer", sdp: sdp.replace(/a=(inactive|sendonly)/, "a=recvonly")};
  const told = await a.setRemoteDescription(answer).then(() => "resolves", () => "rejects");
  [a, b].forEach((pc) => pc.close());
  return told;
}
