// setConfiguration() refuses another bundlePolicy with an InvalidModificationError.
//
// #set-the-configuration, 5: throw an InvalidModificationError.
export const specified = "InvalidModificationError";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  let told = "it is set";
  try {
    pc.setConfiguration({bundlePolicy: "max-bundle"});
  } catch (error) {
    told = error.name;
  }
  await pc.close();
  return told;
}
