// An application that offers by itself is not told to negotiate once more.
//
// addTransceiver queues a task to update the flag (#dfn-update-the-negotiation-needed-flag, 2). It
// finds createOffer in the operations chain and puts the update off (2.2) until the chain is empty
// (#dfn-chain, 7.4.6); then setLocalDescription is in the chain, and after that the state is
// have-local-offer (2.3). The answer clears the flag. What fires earlier makes a second offer.
export const specified = "0 events for 20 offers";

export async function seen() {
  let events = 0;
  for (let offers = 0; offers < 20; offers += 1) {
    const pc = new RTCPeerConnection();
    pc.onnegotiationneeded = () => (events += 1);
    pc.addTransceiver("audio");
    await pc.setLocalDescription(await pc.createOffer());
    await new Promise((resolve) => setTimeout(resolve, 100));
    pc.close();
  }
  return `${events} events for 20 offers`;
}
