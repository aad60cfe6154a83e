// A rollback of the first local offer changes the state, and keeps the offer.
//
// #set-description, 4.6.12: the pending descriptions are set to null. rollbackLocalDescription() puts the
// current description back, and does nothing where there is none.
import {connection} from "./_plain.mjs";

export const specified = "stable, no local description";
export async function seen(library) {
  const pc = connection(library);
  pc.createDataChannel("one");
  pc.setLocalDescription();
  pc.setLocalDescription("rollback");
  const kept = pc.localDescription();
  return `${pc.signalingState()}, ${kept ? `the ${kept.type} is still there` : "no local description"}`;
}
