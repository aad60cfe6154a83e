// A replaceTrack that waits in the operations chain when the connection is closed never settles.
//
// #dom-rtcrtpsender-replacetrack, 6: chained, behind createOffer; #dfn-chain, 7.1 and 7.4.1: once
// [[IsClosed]] is true, nothing is settled and nothing more is executed.
export const specified = "createOffer never, replaceTrack never";

export async function seen() {
  const pc = new RTCPeerConnection();
  const { sender } = pc.addTransceiver("audio");
  const ends = ["never", "never"];
  [pc.createOffer(), sender.replaceTrack(null)].forEach((promise, index) => {
    promise.then(
      () => (ends[index] = "resolved"),
      (error) => (ends[index] = error.name),
    );
  });
  pc.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return `createOffer ${ends[0]}, replaceTrack ${ends[1]}`;
}
