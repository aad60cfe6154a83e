// offerToReceiveVideo adds its transceiver before createOffer looks at the state.
//
// Legacy configuration extensions, 3.3: the transceiver is added when the method is called; then
// the steps of createOffer run (4), which reject in have-remote-offer (create an offer, 1).
export const specified = "InvalidStateError, 2 transceivers";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(await remote.createOffer());
  const end = await pc.createOffer({ offerToReceiveVideo: true }).then(
    () => "resolved",
    (error) => error.name,
  );
  const count = pc.getTransceivers().length;
  return `${end}, ${count} transceiver${count === 1 ? "" : "s"}`;
}
