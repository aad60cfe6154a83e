// setConfiguration() takes another iceCandidatePoolSize before the first local description.
//
// #set-the-configuration, 8: it is refused only after setLocalDescription was called.
export const specified = "it is set";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let told = "it is set";
  try {
    pc.setConfiguration({iceCandidatePoolSize: 1});
  } catch (error) {
    told = `${error.name}: ${error.message}`;
  }
  await pc.close();
  return told;
}
