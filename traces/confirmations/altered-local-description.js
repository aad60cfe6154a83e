// A local description must be the one that was created last.
//
// #dom-peerconnection-setlocaldescription, 4.2: an offer whose sdp is not equal to
// [[LastCreatedOffer]] is rejected with InvalidModificationError, before anything parses it.
export const specified = "altered: InvalidModificationError; no SDP: InvalidModificationError";

async function after(change) {
  const pc = new RTCPeerConnection();
  pc.addTransceiver("audio");
  const { sdp } = await pc.createOffer();
  try {
    await pc.setLocalDescription({ type: "offer", sdp: change(sdp) });
    return pc.signalingState;
  } catch (error) {
    return error.name;
  }
}

export async function seen() {
  const altered = await after((sdp) => `${sdp}a=x-altered:1\r\n`);
  const broken = await after(() => "no SDP");
  return `altered: ${altered}; no SDP: ${broken}`;
}
