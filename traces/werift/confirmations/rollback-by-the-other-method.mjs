// A local offer can be rolled back through setRemoteDescription(), too.
//
// #set-description, 4.6.12.4: a rollback in have-local-offer returns to stable, through whichever method.
// (A matter of reading: the test suite refuses it.)
export const specified = "resolves";
export async function seen({RTCPeerConnection}) {
  const pc = new RTCPeerConnection({iceServers: []});
  pc.addTransceiver("audio");
  await pc.setLocalDescription(await pc.createOffer());
  const rolled = pc.setRemoteDescription({type: "rollback"});
  const told = await rolled.then(() => "resolves", (error) => error.name);
  await pc.close();
  return told;
}
