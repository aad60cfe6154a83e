// Each change queues an update of its own, and a later one may clear the flag.
//
// #dfn-update-the-negotiation-needed-flag, 2: two changes of direction queue two tasks. The first one
// fires negotiationneeded; its handler takes both changes back with createOffer's legacy option,
// which updates nothing. The second task finds createOffer in the chain and remembers (2.2); then the
// check is false, and [[NegotiationNeeded]] is cleared (2.4). The next change fires again.
export const specified = "2 events";

async function negotiate(pc, remote) {
  await pc.setLocalDescription();
  await remote.setRemoteDescription(pc.localDescription);
  await remote.setLocalDescription();
  await pc.setRemoteDescription(remote.localDescription);
}

export async function seen() {
  const pc = new RTCPeerConnection();
  const remote = new RTCPeerConnection();
  const [one, other] = [0, 1].map(() => pc.addTransceiver("audio", { direction: "inactive" }));
  await negotiate(pc, remote);
  await new Promise((resolve) => setTimeout(resolve, 300));
  let events = 0;
  pc.onnegotiationneeded = () => {
    events += 1;
    if (events === 1) pc.createOffer({ offerToReceiveAudio: false });
  };
  one.direction = "recvonly";
  other.direction = "recvonly";
  await new Promise((resolve) => setTimeout(resolve, 300));
  one.direction = "recvonly";
  await new Promise((resolve) => setTimeout(resolve, 300));
  return `${events} event${events === 1 ? "" : "s"}`;
}
