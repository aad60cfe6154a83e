// Changes before any negotiation fire negotiationneeded once.
//
// #dfn-update-the-negotiation-needed-flag, 2.5: when [[NegotiationNeeded]] is true already, the
// steps end.
export const specified = "1 event";

export async function seen() {
  const pc = new RTCPeerConnection();
  let events = 0;
  pc.onnegotiationneeded = () => (events += 1);
  pc.addTransceiver("audio");
  await new Promise((resolve) => setTimeout(resolve, 250));
  pc.addTransceiver("video");
  await new Promise((resolve) => setTimeout(resolve, 250));
  return `${events} event`;
}
