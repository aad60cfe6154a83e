// A second remote offer cannot have fewer m-sections than the first.
//
// #set-description, 4.4: back-to-back offers are validated as if answers were applied in between.
// An offer after an answer has all m-sections that there were (RFC 3264, section 8): the content is
// invalid, InvalidAccessError (4.5.6).
export const specified = "InvalidAccessError";

export async function seen() {
  const offerer = new RTCPeerConnection();
  offerer.addTransceiver("audio");
  const one = await offerer.createOffer();
  offerer.addTransceiver("video");
  const two = await offerer.createOffer();
  const pc = new RTCPeerConnection();
  await pc.setRemoteDescription(two);
  try {
    await pc.setRemoteDescription(one);
    return "it is taken";
  } catch (error) {
    return error.name;
  }
}
