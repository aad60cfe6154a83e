// A remote answer that is refused leaves the pending offer.
//
// #set-description, 4.5: a description that cannot be applied is refused before anything is changed.
export const specified = "pendingLocalDescription is offer, in have-local-offer";
export async function seen({RTCPeerConnection}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const transceiver = a.addTransceiver("audio");
  const offer = async () => {
    const made = await a.createOffer();
    await a.setLocalDescription(made);
    return made;
  };
  await b.setRemoteDescription(await offer());
  const answer = await b.createAnswer();
  await a.setRemoteDescription(answer);
  transceiver.stop();
  await offer(); // its m-section is rejected, and the old answer does not reject it
  await a.setRemoteDescription(answer).catch(() => null);
  const pending = a.pendingLocalDescription;
  const state = a.signalingState;
  [a, b].forEach((pc) => pc.close());
  return `pendingLocalDescription is ${pending ? pending.type : pending}, in ${state}`;
}
