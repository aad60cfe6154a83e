// A transceiver that a remote offer made, kept over its rollback by addTrack(), is not associated again.
//
// jsep:5.10: only transceivers that addTrack created. (A matter of reading: test suite and browsers
// associate it.)
export const specified = "2 transceivers";
export async function seen({RTCPeerConnection, nonstandard}) {
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.addTransceiver("audio");
  const offer = await a.createOffer();
  await b.setRemoteDescription(offer);
  b.addTrack(new nonstandard.RTCAudioSource().createTrack());
  await b.setRemoteDescription({type: "rollback"});
  await b.setRemoteDescription(offer);
  const count = b.getTransceivers().length;
  [a, b].forEach((pc) => pc.close());
  return `${count} transceivers`;
}
