// Setting a provisional answer waits for its turn.
//
// #dom-peerconnection-setremotedescription chains all that it does (#dfn-chain): nothing is refused
// before the operations in front have settled.
export const specified = "createOffer, setRemoteDescription";

export async function seen() {
  const pc = new RTCPeerConnection();
  const order = [];
  const settled = (promise, name) => {
    const told = () => order.push(name);
    return promise.then(told, told);
  };
  const sdp = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
  await Promise.all([
    settled(pc.createOffer(), "createOffer"),
    settled(pc.setRemoteDescription({ type: "pranswer", sdp }), "setRemoteDescription"),
  ]);
  return order.join(", ");
}
