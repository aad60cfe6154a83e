// A remote offer in have-remote-offer is refused.
//
// #set-description, 4.6.6.1, and RFC 9429, figure 2: a remote offer is valid in "have-remote-offer", and
// replaces the one before.
import {connection, ended, section, text} from "./_plain.mjs";

export const specified = "resolved, have-remote-offer";
export async function seen(library) {
  const pc = connection(library);
  const offer = text([section("application", "0")]);
  pc.setRemoteDescription(offer, "offer");
  const end = ended(() => pc.setRemoteDescription(offer, "offer"));
  return `${end}, ${pc.signalingState()}`;
}
