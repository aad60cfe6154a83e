// The size of the candidate pool cannot change once setLocalDescription was called.
//
// #set-pc-configuration, step 3.6: iceCandidatePoolSize differs, and setLocalDescription has
// already been called: InvalidModificationError.
export const specified = "InvalidModificationError";

export async function seen() {
  const pc = new RTCPeerConnection({ iceCandidatePoolSize: 1 });
  pc.addTransceiver("audio");
  await pc.setLocalDescription();
  try {
    pc.setConfiguration({ iceCandidatePoolSize: 2 });
    const { iceCandidatePoolSize } = pc.getConfiguration();
    return `it is taken, the size is ${iceCandidatePoolSize}`;
  } catch (error) {
    return error.name;
  }
}
