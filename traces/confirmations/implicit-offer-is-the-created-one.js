// setLocalDescription() sets the offer that was created last, where it is still accurate.
//
// #dom-rtcpeerconnection-setlocaldescription, 4.4.1: sdp is [[LastCreatedOffer]]; 4.4.2: another one
// is created only if that is "" or no longer represents the state of the connection.
export const specified = "the created offer";

export async function seen() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  const { sdp } = await pc.createOffer();
  await pc.setLocalDescription();
  const of = (text) => /^a=mid:.*/m.exec(text)[0];
  return of(pc.localDescription.sdp) === of(sdp) ? "the created offer" : "an offer with another mid";
}
