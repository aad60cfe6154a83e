// track events fire in the order of the m-sections.
//
// #set-description, 4.6.11.2: the steps run for each m-section of the description in turn, and
// append to trackEventInits; 4.6.20 fires in that order.
export const specified = "audio, video";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  offerer.addTransceiver("video");
  const offer = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  const canvas = document.createElement("canvas");
  canvas.getContext("2d");
  pc.addTrack(canvas.captureStream(0).getTracks()[0]);
  pc.addTrack(new AudioContext().createMediaStreamDestination().stream.getTracks()[0]);
  const order = [];
  pc.ontrack = ({ track }) => order.push(track.kind);
  await pc.setRemoteDescription(offer);
  return order.join(", ");
}
