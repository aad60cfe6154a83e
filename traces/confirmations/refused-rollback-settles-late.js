// A rollback in stable is rejected before the next task.
//
// #dfn-chain, 6: with an empty chain the steps run at once; #set-description, 2: a rollback in stable
// rejects its promise at once. What is left are reactions (#dfn-chain, 7): microtasks of this task.
export const specified = "rejected before the task ends";

export async function seen() {
  const pc = new RTCPeerConnection();
  let rejected = false;
  pc.setLocalDescription({ type: "rollback" }).catch(() => (rejected = true));
  // Microtasks only: no other task can run meanwhile.
  for (let turns = 0; turns < 100 && !rejected; turns += 1) await null;
  return rejected ? "rejected before the task ends" : "not rejected when the task ends";
}
