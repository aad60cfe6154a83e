// close() drops the callback of a change that was made before.
//
// #set-description, 4.6: the state changes, and the event is fired, in one task. Here the state
// changes within the call, the callback comes later, and the bindings forget it in close().
import {connection, soon} from "./_plain.mjs";

export const specified = "have-local-offer was read, and told";
export async function seen(library) {
  const pc = connection(library);
  let told = "not told";
  pc.onSignalingStateChange(() => { told = "told"; });
  pc.createDataChannel("one");
  pc.setLocalDescription();
  const read = pc.signalingState();
  pc.close();
  await soon();
  return `${read} was read, and ${told}`;
}
