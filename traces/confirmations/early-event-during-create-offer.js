// negotiationneeded waits for createOffer.
//
// #dfn-update-the-negotiation-needed-flag: addTransceiver queues a task (step 2); when it runs,
// createOffer is in the operations chain, so that it only remembers to update the flag once the
// chain is empty (2.2). #dfn-chain, 7.4: that is after createOffer's promise has settled. The
// browser may win the race in one try, so that there are several.
export const specified = "createOffer, then negotiationneeded";

async function order() {
  const pc = new RTCPeerConnection();
  const told = [];
  const fired = new Promise((resolve) => {
    pc.onnegotiationneeded = () => resolve(told.push("negotiationneeded"));
  });
  pc.addTransceiver("audio");
  await Promise.all([pc.createOffer().then(() => told.push("createOffer")), fired]);
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
