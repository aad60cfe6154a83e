// setLocalDescription("rollback") in have-remote-offer does nothing, and says nothing.
//
// #set-description, 4.6.12: a rollback leads back to "stable", whichever method sets it.
import {connection, section, text} from "./_plain.mjs";

export const specified = "stable";
export async function seen(library) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("application", "0")]), "offer");
  pc.setLocalDescription("rollback");
  return pc.signalingState();
}
