// setParameters resolves with what getParameters returned, also while a description is set.
//
// RTCRtpSender.setParameters, 6 and 7: parameters that are unchanged are no error.
export const specified = "it resolves";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const [track] = new AudioContext().createMediaStreamDestination().stream.getTracks();
  const sender = pc.addTrack(track);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const set = pc.setRemoteDescription(offer);
  const outcome = await sender.setParameters(sender.getParameters()).then(
    () => "it resolves",
    (error) => error.name,
  );
  await set;
  return outcome;
}
