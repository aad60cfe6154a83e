// createOffer with offerToReceiveAudio adds a transceiver when it is called.
//
// Legacy configuration extensions, 3.3: without a transceiver of the kind one is added, before the
// steps of createOffer.
export const specified = "1 transceiver";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.createOffer({ offerToReceiveAudio: true });
  return `${pc.getTransceivers().length} transceiver`;
}
