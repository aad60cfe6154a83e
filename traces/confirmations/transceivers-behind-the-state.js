// The transceivers of a remote offer are there when signalingstatechange fires.
//
// #set-description, 4.6.11.2: they are created in the task that then fires the event (4.6.15).
export const specified = "1 transceiver";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  return new Promise((resolve) => {
    pc.onsignalingstatechange = () => resolve(`${pc.getTransceivers().length} transceiver`);
    pc.setRemoteDescription(offer);
  });
}
