// createAnswer waits until the description before it is set.
//
// #dom-rtcpeerconnection-createanswer, 3: the steps are chained; #dfn-chain, 6 and 7.4.3: they begin
// when the promise of setRemoteDescription has settled.
export const specified = "setRemoteDescription, then createAnswer";

export async function seen() {
  const remote = new RTCPeerConnection();
  remote.addTransceiver("audio");
  const offer = await remote.createOffer();
  const pc = new RTCPeerConnection();
  const told = [];
  await Promise.all([
    pc.setRemoteDescription(offer).then(() => told.push("setRemoteDescription")),
    pc.createAnswer().then(() => told.push("createAnswer"), (error) => told.push(error.name)),
  ]);
  return told.join(", then ");
}
