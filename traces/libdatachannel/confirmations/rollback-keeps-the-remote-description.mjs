// A rollback of a remote offer changes the state, and keeps the offer.
//
// #set-description, 4.6.12: the pending descriptions are set to null. addIceCandidate() is refused then,
// as there is no remote description (addIceCandidate, 4.1).
import {connection, ended, section, text} from "./_plain.mjs";

export const specified = "stable, no remote description; a candidate is refused";
export async function seen(library) {
  const pc = connection(library);
  pc.setRemoteDescription(text([section("application", "0")]), "offer");
  pc.setRemoteDescription("", "rollback");
  const kept = pc.remoteDescription() ? `the ${pc.remoteDescription().type} is still there` : "no remote description";
  const candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host";
  const end = ended(() => pc.addRemoteCandidate(candidate, "0"));
  return `${pc.signalingState()}, ${kept}; a candidate is ${end}`;
}
