// replaceTrack with a track of another kind is a TypeError, at once.
//
// RTCRtpSender.replaceTrack, 5: the kind is compared before the steps are chained (6), so that it
// waits for no operation in the chain.
export const specified = "replaceTrack TypeError, then createOffer";

export async function seen() {
  const pc = new RTCPeerConnection();
  const { sender } = pc.addTransceiver("video");
  const [track] = new AudioContext().createMediaStreamDestination().stream.getTracks();
  const told = [];
  await Promise.all([
    pc.createOffer().then(() => told.push("createOffer")),
    sender.replaceTrack(track).catch((error) => told.push(`replaceTrack ${error.name}`)),
  ]);
  return told.join(", then ");
}
