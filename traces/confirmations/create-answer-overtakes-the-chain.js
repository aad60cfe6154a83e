// createAnswer in the wrong state is rejected when its turn in the chain has come.
//
// #dom-rtcpeerconnection-createanswer, 3: creating an answer, with its look at the state, is chained;
// #dfn-chain, 6 and 7.4.3: it begins when createOffer's promise has settled.
export const specified = "createOffer, createAnswer InvalidStateError";

export async function seen() {
  const pc = new RTCPeerConnection();
  const told = [];
  await Promise.all([
    pc.createOffer().then(() => told.push("createOffer")),
    pc.createAnswer().catch((error) => told.push(`createAnswer ${error.name}`)),
  ]);
  return told.join(", ");
}
