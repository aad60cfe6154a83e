// What waits in the operations chain when the connection is closed never settles.
//
// #dfn-chain, 7.1 and 7.4.1: createAnswer waits for createOffer; close() sets [[IsClosed]], and
// neither is settled.
export const specified = "createOffer never, createAnswer never";

export async function seen() {
  const pc = new RTCPeerConnection();
  const ends = { createOffer: "never", createAnswer: "never" };
  for (const method of ["createOffer", "createAnswer"]) {
    pc[method]().then(
      () => (ends[method] = "resolved"),
      (error) => (ends[method] = error.name),
    );
  }
  pc.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return `createOffer ${ends.createOffer}, createAnswer ${ends.createAnswer}`;
}
