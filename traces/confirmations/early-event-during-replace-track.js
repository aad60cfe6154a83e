// negotiationneeded waits for replaceTrack.
//
// #dom-rtcrtpsender-replacetrack, step 6: it is chained, and resolves in a task that another task
// queues. #dfn-update-the-negotiation-needed-flag, 2.2: while the chain is not empty, the task
// that addTransceiver queued only remembers to update the flag later.
export const specified = "replaceTrack, then negotiationneeded";

async function order() {
  const pc = new RTCPeerConnection();
  const told = [];
  const fired = new Promise((resolve) => {
    pc.onnegotiationneeded = () => resolve(told.push("negotiationneeded"));
  });
  const { sender } = pc.addTransceiver("audio");
  const replaced = sender.replaceTrack(null).then(() => told.push("replaceTrack"));
  await Promise.all([replaced, fired]);
  pc.close();
  return told.join(", then ");
}

export async function seen() {
  for (let tries = 0; tries < 60; tries += 1) {
    const told = await order();
    if (told !== specified) return told;
  }
  return specified;
}
